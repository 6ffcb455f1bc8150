import { asVector } from '../db/vector.js';
const BATCH = 100;
/** True when vectors are stored that another encoder made. */
export async function hasForeignVectors({ database, encoder }) {
    const row = await database.kysely
        .selectFrom('feedback_vector')
        .select('feedback_id')
        .where('model_hash', '<>', encoder.info.hash)
        .limit(1)
        .executeTakeFirst();
    return row !== undefined;
}
/** Embeds anew what another encoder has embedded, in batches; a run that is cut off is continued by the next. */
export async function reembed(context, signal) {
    const { database, encoder, logger, now } = context;
    const { hash } = encoder.info;
    let done = 0;
    for (;;) {
        signal.throwIfAborted();
        const rows = await database.kysely
            .selectFrom('feedback_vector')
            .innerJoin('feedback', 'feedback.id', 'feedback_vector.feedback_id')
            .select(['feedback.id', 'feedback.subject', 'feedback.body'])
            .where('feedback_vector.model_hash', '<>', hash)
            .orderBy('feedback.id', 'desc')
            .limit(BATCH)
            .execute();
        if (rows.length === 0)
            break;
        for (const { id, subject, body } of rows) {
            const { vector } = await encoder.embed(subject ? `${subject}\n${body}` : body, { signal });
            await database.kysely
                .updateTable('feedback_vector')
                .set({ model_hash: hash, embedding: asVector(vector), created_at: now() })
                .where('feedback_id', '=', id)
                .execute();
        }
        done += rows.length;
        logger.info({ done }, 'vectors embedded anew for the configured encoder');
    }
}
//# sourceMappingURL=reembed.js.map