import { createHash } from 'node:crypto';
import type { Insertable } from 'kysely';
import type { AuditHeadTable } from '../db/conversation-tables.ts';
import type { AuditTable } from '../db/tables.ts';
import type { Actor } from './actor.ts';

/** What the chain of an item begins with. */
export const FIRST_HASH = '0'.repeat(64);

export type AuditEntry = Insertable<AuditTable>;

export interface AuditFacts {
  readonly at: Date;
  readonly actor: Actor;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly change: Readonly<Record<string, unknown>>;
}

/**
 * An entry whose hash covers its content and the entry before it on the same subject. One chain per subject, so that
 * writers of different items never wait for one another; the subject's `version` counts its entries.
 */
export function auditEntry(facts: AuditFacts, prevHash: string): AuditEntry {
  const { at, actor, action, subjectKind, subjectId, change } = facts;
  return {
    at,
    actor: JSON.stringify(actor),
    action,
    subject_kind: subjectKind,
    subject_id: subjectId,
    change: JSON.stringify(change),
    prev_hash: prevHash,
    hash: hashEntry(facts, prevHash),
  };
}

/** The head of a chain that begins with this entry. */
export function firstHead({ subject_kind, subject_id, hash, at }: AuditEntry): Insertable<AuditHeadTable> {
  return { subject_kind, subject_id, hash, at, count: 1 };
}

/** SHA-256 over the entry before and this one's content, keys sorted: the database keeps them in an order of its own. */
export function hashEntry(
  { at, actor, action, subjectKind, subjectId, change }: Omit<AuditFacts, 'actor'> & { readonly actor: object },
  prevHash: string,
): string {
  const content = canonical([at.toISOString(), actor, action, subjectKind, subjectId, change]);
  return createHash('sha256').update(prevHash).update(content).digest('hex');
}

/** JSON with the keys of every object in order, as in RFC 8785. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)))
      : inner,
  );
}
