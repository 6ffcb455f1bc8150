import { AppError } from '../errors.js';
import { maskedFields, readDocument } from '../triage/document.js';
import { getFeedback } from './get.js';
import { safeName } from './safe-name.js';
/**
 * The item that the same source has sent before.
 *
 * @throws AppError `conflict` when it said something else then
 */
export async function findByExternalId(context, request) {
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
//# sourceMappingURL=find-by-external-id.js.map