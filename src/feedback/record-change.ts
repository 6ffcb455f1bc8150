import type { Transaction } from 'kysely';
import type { Tables } from '../db/tables.ts';
import { appendAudit } from './append-audit.ts';
import type { AuditFacts } from './audit-entry.ts';

export interface RecordedChange extends AuditFacts {
  /** What the event tells beside the change. */
  readonly event?: Readonly<Record<string, unknown>>;
}

/** What happened, for the audit and for those who listen, in the transaction in which it happens. */
export async function recordChange(tx: Transaction<Tables>, { event, ...facts }: RecordedChange): Promise<void> {
  await appendAudit(tx, facts);
  const payload = JSON.stringify({ ...facts.change, ...event });
  const { at, action, subjectId } = facts;
  await tx.insertInto('outbox').values({ at, event: action, subject_id: subjectId, payload }).execute();
}
