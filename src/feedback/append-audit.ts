import { sql, type Transaction } from 'kysely';
import type { Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';
import { type AuditFacts, auditEntry, FIRST_HASH, firstHead } from './audit-entry.ts';

/**
 * Adds to the chain of a subject, and moves its head in the same statement. Of two at once the second waits for the
 * first.
 *
 * @throws AppError `conflict` when two begin the same chain at once
 */
export async function appendAudit(tx: Transaction<Tables>, facts: AuditFacts): Promise<void> {
  const last = await tx
    .selectFrom('audit_head')
    .select('hash')
    .where('subject_kind', '=', facts.subjectKind)
    .where('subject_id', '=', facts.subjectId)
    .forUpdate()
    .executeTakeFirst();
  const prevHash = last?.hash ?? FIRST_HASH;
  const entry = auditEntry(facts, prevHash);
  const moved = await tx
    .with('entry', (cte) => cte.insertInto('audit').values(entry))
    .insertInto('audit_head')
    .values(firstHead(entry))
    .onConflict((conflict) =>
      conflict
        .columns(['subject_kind', 'subject_id'])
        .doUpdateSet((row) => ({
          hash: row.ref('excluded.hash'),
          at: row.ref('excluded.at'),
          count: sql<number>`audit_head.count + 1`,
        }))
        .where('audit_head.hash', '=', prevHash),
    )
    .returning('count')
    .executeTakeFirst();
  if (moved === undefined)
    throw new AppError('conflict', 'Others are changing this at the same time. Look at it again.', { retryAfter: 1 });
}
