import type { Transaction } from 'kysely';
import type { Tables } from '../db/tables.ts';
import { type AuditFacts, auditEntry, FIRST_HASH } from './audit-entry.ts';

/** Adds to the chain of a subject. The caller holds the subject's row, so that no other entry comes in between. */
export async function appendAudit(tx: Transaction<Tables>, facts: AuditFacts): Promise<void> {
  const last = await tx
    .selectFrom('audit')
    .select('hash')
    .where('subject_kind', '=', facts.subjectKind)
    .where('subject_id', '=', facts.subjectId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  await tx
    .insertInto('audit')
    .values(auditEntry(facts, last?.hash ?? FIRST_HASH))
    .execute();
}
