import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import { findSetting, findSettings, keepSetting } from '../db/settings.ts';
import type { Tables } from '../db/tables.ts';
import { type Actor, actorSchema } from '../feedback/actor.ts';
import { POLICY_KINDS, type PolicyKind } from './kinds.ts';

export type Db = Kysely<Tables> | Transaction<Tables>;

/** A version as people see it: everything but its document. */
export const policyVersionSchema = z.object({
  version: z.string().describe('Hash of its content.'),
  created_at: z.iso.datetime(),
  in_force: z.boolean().describe('Whether decisions are taken by it.'),
  shipped: z.boolean().describe('Whether it came with a release of the service.'),
  actor: actorSchema.describe('Who brought it.'),
  parent: z.string().nullable().describe('The version that it was made from; null for a shipped one.'),
  note: z.string().nullable(),
});
export type PolicyVersion = z.infer<typeof policyVersionSchema>;

export interface NewPolicyVersion {
  readonly kind: PolicyKind;
  readonly version: string;
  readonly document: unknown;
  readonly at: Date;
  readonly actor: Actor;
  readonly parent: string | null;
  readonly note: string | null;
}

const COLUMNS = ['version', 'created_at', 'actor', 'parent', 'note'] as const;
/** Settings: the version in force, and whether a person chose it. */
const activeName = (kind: PolicyKind) => `active_${kind}`;
const pinnedName = (kind: PolicyKind) => `active_${kind}_pinned`;

/** All versions of a kind, newest first. */
export async function listPolicyVersions(db: Db, kind: PolicyKind): Promise<PolicyVersion[]> {
  const active = await findSetting(db, activeName(kind));
  const rows = await db
    .selectFrom('policy_version')
    .select(COLUMNS)
    .where('kind', '=', kind)
    .orderBy('created_at', 'desc')
    .orderBy('version')
    .execute();
  return rows.map((row) =>
    policyVersionSchema.parse({
      ...row,
      created_at: row.created_at.toISOString(),
      in_force: row.version === active,
      shipped: row.parent === null,
    }),
  );
}

/** The document of a version, as it was written. */
export async function findDocument(db: Db, kind: PolicyKind, version: string): Promise<unknown> {
  const row = await db
    .selectFrom('policy_version')
    .select('document')
    .where('kind', '=', kind)
    .where('version', '=', version)
    .executeTakeFirst();
  return row?.document;
}

/** Keeps a version; one of the same content that is there already stays as it is. True when it is new. */
export async function savePolicyVersion(db: Db, made: NewPolicyVersion): Promise<boolean> {
  const { at, document, actor, ...row } = made;
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('policy_version')
    .values({ ...row, created_at: at, actor: JSON.stringify(actor), document: JSON.stringify(document) })
    .onConflict((conflict) => conflict.columns(['kind', 'version']).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** The version of each kind that the database names. */
export async function findInForce(db: Db): Promise<Partial<Record<PolicyKind, string>>> {
  const settings = await findSettings(db, POLICY_KINDS.map(activeName));
  return Object.fromEntries(POLICY_KINDS.map((kind) => [kind, settings.get(activeName(kind))]));
}

/** The same of one kind, held until the transaction ends, so that two publications come after one another. */
export async function lockInForce(tx: Transaction<Tables>, kind: PolicyKind): Promise<string | undefined> {
  const row = await tx
    .selectFrom('setting')
    .select('value')
    .where('name', '=', activeName(kind))
    .forUpdate()
    .executeTakeFirst();
  return row?.value;
}

/** Whether a person chose the version in force: no other that is shipped takes its place. */
export async function isPolicyPinned(db: Db, kind: PolicyKind): Promise<boolean> {
  return (await findSetting(db, pinnedName(kind))) === 'true';
}

/** Names the version in force. The caller has seen that it is there. `pinned`: a person chose it, and it stays. */
export async function setInForce(
  db: Db,
  kind: PolicyKind,
  version: string,
  { at, pinned }: { readonly at: Date; readonly pinned: boolean },
): Promise<void> {
  await keepSetting(db, activeName(kind), version, at);
  await keepSetting(db, pinnedName(kind), String(pinned), at);
}
