import type { Logger } from 'pino';
import type { Database } from '../db/connect.ts';
import type { Policy } from '../policy.ts';
import { KINDS, POLICY_KINDS, type PolicyKind } from './kinds.ts';
import { type PolicyInForce, type ReadyVersion, withVersion } from './policy-in-force.ts';
import { findDocument, findInForce, isPolicyPinned, savePolicyVersion, setInForce } from './versions.ts';

export interface PolicyOptions {
  readonly database: Database;
  readonly policy: PolicyInForce;
  readonly logger: Logger;
  now(): Date;
}

/** Where versions are kept; inside a transaction its own connection. */
export interface KeptPolicies extends Pick<PolicyOptions, 'policy'> {
  readonly database: Pick<Database, 'kysely'>;
}

/**
 * Keeps the shipped documents beside the published ones, so that one can always go back to them. Where no person chose
 * another version they are the ones in force, those of a new release in place of those before.
 */
export async function registerShippedPolicies({ database, policy, now }: PolicyOptions): Promise<void> {
  const db = database.kysely;
  const { versions, documents } = policy.shipped;
  const inForce = await findInForce(db);
  for (const kind of POLICY_KINDS) {
    const version = versions[kind];
    if (inForce[kind] === version) continue;
    const at = now();
    const actor = { kind: 'local' } as const;
    await savePolicyVersion(db, { kind, version, document: documents[kind], at, actor, parent: null, note: null });
    if (inForce[kind] === undefined || !(await isPolicyPinned(db, kind)))
      await setInForce(db, kind, version, { at, pinned: false });
  }
}

/**
 * Puts the versions in force that the database names. One that this program cannot use, because it was made for another
 * taxonomy or by a newer release, is left, said so once, and the present one goes on.
 */
export async function adoptPolicies(options: PolicyOptions): Promise<void> {
  const { policy, logger } = options;
  const inForce = await findInForce(options.database.kysely);
  for (const kind of POLICY_KINDS) {
    const version = inForce[kind];
    if (version === undefined || version === policy.versions[kind] || policy.isUnfit(kind, version)) continue;
    const ready = await loadVersion(options, kind, version);
    if (ready !== undefined) {
      policy.replace(kind, ready);
      continue;
    }
    policy.markUnfit(kind, version);
    logger.warn({ kind, version, used: policy.versions[kind] }, 'the policy version in force cannot be used here');
  }
}

/** A kept version, ready to decide by; undefined when it is not there or this program cannot use it. */
export async function loadVersion(
  { database, policy }: KeptPolicies,
  kind: PolicyKind,
  version: string,
): Promise<ReadyVersion | undefined> {
  const known = policy.find(kind, version);
  if (known !== undefined) return known;
  const document = await findDocument(database.kysely, kind, version);
  if (document === undefined) return undefined;
  const { parts } = KINDS[kind](document, policy.taxonomy);
  if (parts === undefined) return undefined;
  const ready = { version, document, parts };
  policy.remember(kind, ready);
  return ready;
}

/** The policy of an earlier time, as far as its versions are still kept; the present one for the rest. */
export async function policyOf(
  options: KeptPolicies,
  versions: Readonly<Record<PolicyKind, string | null>>,
): Promise<Policy> {
  let policy = options.policy.current;
  for (const kind of POLICY_KINDS) {
    const version = versions[kind];
    if (version === null || version === policy.versions[kind]) continue;
    const ready = await loadVersion(options, kind, version);
    if (ready !== undefined) policy = withVersion(policy, kind, ready);
  }
  return policy;
}
