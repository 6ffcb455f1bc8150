import { z } from 'zod';
import type { Context } from '../context.ts';
import { asVector } from '../db/vector.ts';
import type { Encoder } from '../embedding/encoder.ts';
import { embedPatiently, isBusy } from '../embedding/patient.ts';

const BATCH = 100;
/** What one run does at most, so that a stop or a crash costs little and other jobs get their turn. */
const RUN_ITEMS = 1_000;
const RUN_MS = 60_000;

/** The id of the last item that an earlier run has done; without it the run begins at the oldest. */
export const reembedPayload = z.strictObject({ after: z.uuid().optional() });
export type ReembedPayload = z.infer<typeof reembedPayload>;

/** True when vectors are stored that another encoder made. */
export async function hasForeignVectors({ database, encoder }: Context): Promise<boolean> {
  const row = await database.kysely
    .selectFrom('feedback_vector')
    .select('feedback_id')
    .where('model_hash', '<>', encoder.info.hash)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Embeds anew what another encoder has embedded, oldest first, as much as one run may. What is done stays done: a run
 * that is cut off, or repeated, leaves out what already has its vector. Oldest first, so that what a replica with the
 * former encoder still stores comes at the end.
 *
 * @returns where the next run goes on; undefined when nothing is left
 * @throws the signal's reason; AppError of the database, or `encoder_unavailable`
 */
export async function reembed(
  context: Context,
  { after }: ReembedPayload,
  signal: AbortSignal,
  limit = { items: RUN_ITEMS, ms: RUN_MS },
): Promise<ReembedPayload | undefined> {
  const { encoder, logger } = context;
  const until = performance.now() + limit.ms;
  let last = after;
  let done = 0;
  try {
    while (done < limit.items && performance.now() < until) {
      const rows = await listForeign(context, last, Math.min(BATCH, limit.items - done));
      if (rows.length === 0) return undefined;
      for (const { id, subject, body } of rows) {
        const text = subject ? `${subject}\n${body}` : body;
        const vector = await embedUntil(encoder, text, { signal, until });
        if (vector === undefined) return { after: last };
        await replaceVector(context, id, vector);
        last = id;
        done++;
      }
    }
    return { after: last };
  } finally {
    logger.info({ done }, 'vectors embedded anew for the configured encoder');
  }
}

/** The next items after this one whose vectors another encoder made. */
async function listForeign({ database, encoder }: Context, after: string | undefined, count: number) {
  let query = database.kysely
    .selectFrom('feedback_vector')
    .innerJoin('feedback', 'feedback.id', 'feedback_vector.feedback_id')
    .select(['feedback.id', 'feedback.subject', 'feedback.body'])
    .where('feedback_vector.model_hash', '<>', encoder.info.hash);
  if (after !== undefined) query = query.where('feedback_vector.feedback_id', '>', after);
  return await query.orderBy('feedback_vector.feedback_id').limit(count).execute();
}

/** Undefined when the encoder is still busy at the end of the run. */
async function embedUntil(
  encoder: Encoder,
  text: string,
  options: { signal: AbortSignal; until: number },
): Promise<Float32Array | undefined> {
  try {
    return (await embedPatiently(encoder, text, options)).vector;
  } catch (error) {
    if (isBusy(error)) return undefined;
    throw error;
  }
}

async function replaceVector({ database, encoder, now }: Context, id: string, vector: Float32Array): Promise<void> {
  const { hash } = encoder.info;
  await database.kysely
    .updateTable('feedback_vector')
    .set({ model_hash: hash, embedding: asVector(vector), created_at: now() })
    .where('feedback_id', '=', id)
    .where('model_hash', '<>', hash)
    .execute();
}
