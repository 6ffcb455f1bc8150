import type { Transaction } from 'kysely';
import type { Tables } from '../db/tables.ts';
import { appendAudit } from './append-audit.ts';
import type { AuditFacts } from './audit-entry.ts';

export interface RecordedChange extends AuditFacts {
  /** What the event tells beside the change. */
  readonly event?: Readonly<Record<string, unknown>>;
  /** Whom the event is about, where that is another than the subject of the audit: a version, for instance. */
  readonly eventSubject?: string;
  /** What an index of `outbox` lets be told only once: where it has been told, nothing is written. */
  readonly once?: boolean;
}

/**
 * What happened, for the audit and for those who listen, in the transaction in which it happens.
 *
 * @returns false when it may be told only once, and has been
 */
export async function recordChange(
  tx: Transaction<Tables>,
  { event, eventSubject, once = false, ...facts }: RecordedChange,
): Promise<boolean> {
  const payload = JSON.stringify({ ...facts.change, ...event });
  const { at, action, subjectId } = facts;
  const told = await tx
    .insertInto('outbox')
    .values({ at, event: action, subject_id: eventSubject ?? subjectId, payload })
    .$if(once, (insert) => insert.onConflict((conflict) => conflict.doNothing()))
    .returning('seq')
    .executeTakeFirst();
  if (told === undefined) return false;
  await appendAudit(tx, facts);
  return true;
}
