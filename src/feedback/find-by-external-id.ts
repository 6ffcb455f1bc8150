import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import type { FeedbackRequest } from '../intake/request.ts';
import { maskedFields, readDocument } from '../triage/document.ts';
import { getFeedback } from './get.ts';
import { safeName } from './safe-name.ts';
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
    .where('source', '=', safeName(context.vault, request.source))
    .where('external_id', '=', safeName(context.vault, request.external_id ?? ''))
    .executeTakeFirst();
  if (row === undefined)
    throw new AppError('conflict', 'The item was removed while it was being sent again. Try again.', { retryAfter: 1 });
  const { decisions: _, ...item } = await getFeedback(context, row.id);
  // Read as a whole, as when it was stored: what is masked in the text may depend on the subject.
  if (item.text !== maskedFields(readDocument(context.segmenter, request)).text) {
    throw new AppError('conflict', 'This source has sent another text under this external_id before.', {
      errors: [
        { pointer: '/external_id', message: 'belongs to an item with another text; send a new id, or the same text' },
      ],
    });
  }
  return item;
}
