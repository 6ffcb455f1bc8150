import type { Selectable, Transaction } from 'kysely';
import type { ReplyTable } from '../db/reply-tables.ts';
import type { Tables } from '../db/tables.ts';
import { recordChange } from '../feedback/record-change.ts';
import type { Occasion } from './send.ts';

/** Why a reply was given up, where no connector refused it. The item's history says each of them in words. */
export type GivenUp = 'answered meanwhile' | 'not sent in time' | 'process ended';

/**
 * Gives up a reply that waits to be sent, and tells it with the item; nothing happens where it waits no longer.
 *
 * @param reason why, in codes and never in the words of a server
 */
export async function markFailed(
  tx: Transaction<Tables>,
  { id, feedback_id, draft_id, delivery, attempts }: Selectable<ReplyTable>,
  reason: string,
  { actor, at }: Occasion,
): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('reply')
    .set({ state: 'failed' })
    .where('id', '=', id)
    .where('state', '=', 'queued')
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  const change = { reply_id: id, draft_id, delivery, attempts, reason };
  await recordChange(tx, {
    ...{ at, actor, action: 'feedback.reply_failed', change },
    ...{ subjectKind: 'feedback', subjectId: feedback_id },
  });
}
