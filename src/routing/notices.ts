import { sql, type Transaction } from 'kysely';
import type { Tables } from '../db/tables.ts';
import type { FeedbackRow } from '../feedback/find-item.ts';
import type { WhyNobody } from '../triage/assignment.ts';

/** Between two notices about one item. */
const HOUR_MS = 3_600_000;

/**
 * Tells listeners that nobody is there for an item, at most once an hour and item, whoever asks how often. A notice from
 * the future was written before the clock was set back, and keeps nobody silent.
 */
export async function tellNobodyAvailable(
  tx: Transaction<Tables>,
  { id, queue, priority, language }: FeedbackRow,
  why: WhyNobody,
  at: Date,
): Promise<void> {
  const told = await tx
    .insertInto('routing_notice')
    .values({ feedback_id: id, told_at: at })
    .onConflict((conflict) =>
      conflict
        .column('feedback_id')
        .doUpdateSet({ told_at: at })
        .where(
          sql<boolean>`routing_notice.told_at <= ${new Date(at.getTime() - HOUR_MS)} or routing_notice.told_at > ${at}`,
        ),
    )
    .returning('feedback_id')
    .executeTakeFirst();
  if (told === undefined) return;
  const payload = JSON.stringify({ queue, priority, language, why });
  await tx.insertInto('outbox').values({ at, event: 'routing.nobody_available', subject_id: id, payload }).execute();
}
