import type { Transaction } from 'kysely';
import type { Context } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import { AppError, type FieldError } from '../errors.ts';
import type { Actor } from '../feedback/actor.ts';
import { recordChange } from '../feedback/record-change.ts';
import { redact } from '../triage/redact.ts';
import { adoptPolicies } from './adopt.ts';
import { contentVersion } from './content-version.ts';
import { getPolicyVersion } from './get.ts';
import type { PolicyKind } from './kinds.ts';
import { readPolicy } from './validate.ts';
import { lockInForce, type PolicyVersion, savePolicyVersion, setInForce } from './versions.ts';

export interface Publication {
  readonly kind: PolicyKind;
  readonly document: unknown;
  /** The version that it was made from. */
  readonly parent: string;
  readonly note?: string | undefined;
}

export interface Published {
  readonly version: PolicyVersion;
  /** False when a version of this content was kept already. */
  readonly created: boolean;
}

/**
 * Keeps a document and puts it in force: here at once, on other replicas within seconds. It stays, also after an
 * upgrade, until a person publishes or activates another.
 *
 * @throws AppError `invalid_input` with all problems, or `conflict` when another version than `parent` is in force
 */
export async function publishPolicy(context: Context, publication: Publication, actor: Actor): Promise<Published> {
  const { database, policy, now } = context;
  const { kind, document, parent } = publication;
  const { parts, problems } = readPolicy(context, kind, document);
  if (parts === undefined) throw refusal(problems);
  const version = contentVersion(document);
  const note = publication.note === undefined ? null : redact(publication.note).masked.text;
  const at = now();
  const created = await database.kysely.transaction().execute(async (tx) => {
    const before = await lockInForce(tx, kind);
    if (before !== parent) throw outdated(before);
    const isNew = await savePolicyVersion(tx, { kind, version, document, at, actor, parent, note });
    await setInForce(tx, kind, version, { at, pinned: true });
    await tell(tx, { kind, what: 'published', version, before, note, at, actor });
    return isNew;
  });
  policy.remember(kind, { version, document, parts });
  await adoptPolicies(context);
  return { version: await getPolicyVersion(context, kind, version), created };
}

/** The error for a document that cannot be used. `prefix`: where it stands in what was sent. */
export function refusal(problems: readonly FieldError[], prefix = '/document'): AppError {
  const errors = problems.map(({ pointer, message }) => ({ pointer: prefix + pointer, message }));
  const count = errors.length === 1 ? 'a problem' : `${errors.length} problems`;
  return new AppError('invalid_input', `The document has ${count}.`, { errors });
}

function outdated(inForce: string | undefined): AppError {
  return new AppError(
    'conflict',
    `Version ${inForce ?? 'none'} is in force by now, and this was made from another. Look at what differs, then send it with that parent.`,
  );
}

interface Change {
  readonly kind: PolicyKind;
  readonly what: 'published' | 'activated';
  readonly version: string;
  readonly before: string | undefined;
  readonly note: string | null;
  readonly at: Date;
  readonly actor: Actor;
}

/** Audit entry and event of a change; the caller holds the setting, so that they come in the order of the changes. */
export async function tell(tx: Transaction<Tables>, { kind, what, at, actor, ...said }: Change): Promise<void> {
  const change = { version: said.version, before: said.before ?? null, note: said.note };
  const facts = { at, actor, action: `${kind}.${what}`, subjectKind: 'policy', subjectId: kind, change };
  await recordChange(tx, { ...facts, event: { kind }, eventSubject: said.version });
}
