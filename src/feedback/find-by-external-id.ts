import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import type { FeedbackRequest } from '../intake/request.ts';
import { redact } from '../triage/redact.ts';
import { getFeedback } from './get.ts';
import type { Submitted } from './view.ts';

/**
 * The item that the same source has sent before.
 *
 * @throws AppError `conflict` when it said something else then
 */
export async function findByExternalId(context: Context, request: FeedbackRequest): Promise<Submitted> {
  const row = await context.database.kysely
    .selectFrom('feedback')
    .select('id')
    .where('source', '=', request.source)
    .where('external_id', '=', request.external_id ?? '')
    .executeTakeFirst();
  if (row === undefined)
    throw new AppError('conflict', 'The item was removed while it was being sent again. Try again.', { retryAfter: 1 });
  const { decisions: _, ...item } = await getFeedback(context, row.id);
  if (item.text !== redact(request.text).masked.text) {
    throw new AppError('conflict', 'This source has sent another text under this external_id before.', {
      errors: [
        { pointer: '/external_id', message: 'belongs to an item with another text; send a new id, or the same text' },
      ],
    });
  }
  return item;
}
