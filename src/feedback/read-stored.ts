import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { FeedbackTable } from '../db/tables.ts';
import { parseVector } from '../db/vector.ts';
import { readDocument } from '../triage/document.ts';
import { CHANNELS, customerSchema } from '../triage/facts.ts';
import type { Message } from './decide.ts';
import { openOriginal } from './open-original.ts';

/**
 * A stored item as the message that it was: the sealed original where there is one, so that offsets are those of what
 * was sent, and its vector, which is made anew when another encoder made it.
 *
 * @throws AppError of the encoder, or `bad_configuration` when the original cannot be opened
 */
export async function readStored(
  context: Context,
  row: Selectable<FeedbackTable>,
  input: { readonly tokens: number; readonly truncated: boolean; readonly reports: number },
): Promise<Message> {
  const { database, segmenter, encoder, vault } = context;
  const [original, kept] = await Promise.all([
    openOriginal(database.kysely, vault, row.id),
    database.kysely
      .selectFrom('feedback_vector')
      .select(['embedding', 'model_hash'])
      .where('feedback_id', '=', row.id)
      .executeTakeFirst(),
  ]);
  const { text, subject } = original ?? { text: row.body, subject: row.subject ?? undefined };
  const document = readDocument(segmenter, { text, subject, language: row.language });
  const isOwn = kept?.model_hash === encoder.info.hash;
  const vector = isOwn ? parseVector(kept.embedding) : (await encoder.embed(document.masked.text)).vector;
  return {
    document,
    embedding: { vector, tokens: input.tokens, truncated: input.truncated },
    channel: z.enum(CHANNELS).parse(row.channel),
    customer: customerSchema.parse(row.customer_facts),
    receivedAt: row.received_at,
    reports: input.reports,
  };
}
