import { z } from 'zod';
import type { Context } from '../context.ts';
import { decodeCursor, toPage } from '../db/paginate.ts';
import { MAX_TEXT } from '../intake/request.ts';
import { visibleText } from '../text/storable.ts';
import { CHANNELS } from '../triage/facts.ts';
import { RESOLUTIONS, STATUSES } from '../triage/lifecycle.ts';
import { PRIORITIES } from '../triage/rules.ts';
import { getRow } from './find-item.ts';
import { listFamily } from './merged.ts';
import type { PageQuery } from './page-query.ts';
import { person } from './request-fields.ts';
import { feedbackSchema } from './view.ts';

export const DIRECTIONS = ['inbound', 'outbound'] as const;

/** The body of `POST /v1/feedback/{id}/messages`. */
export const messageRequestSchema = z
  .strictObject({
    direction: z.enum(DIRECTIONS).describe('`inbound`: from the customer; `outbound`: what the customer was sent.'),
    text: visibleText(MAX_TEXT).describe('Personal data is masked; the original is sealed.'),
    channel: z.enum(CHANNELS).optional().describe('That of the item unless given.'),
    by: person.optional(),
  })
  .meta({ id: 'MessageRequest' });
export type MessageRequest = z.infer<typeof messageRequestSchema>;

export const messageSchema = z
  .object({
    id: z.uuid(),
    feedback_id: z.uuid().describe('The item that it belongs to: another one where that was merged into this.'),
    direction: z.enum(DIRECTIONS),
    at: z.iso.datetime(),
    channel: z.enum(CHANNELS),
    text: z.string().describe('Personal data masked.'),
    actor: z.record(z.string(), z.unknown()),
    by: z.string().nullable(),
  })
  .meta({ id: 'Message' });
export type StoredMessage = z.infer<typeof messageSchema>;

/** What a message did to its item. */
export const messageAnswerSchema = z
  .object({
    message: messageSchema,
    item: feedbackSchema.describe('As it is now.'),
    decision: z
      .object({ type: z.string(), priority: z.enum(PRIORITIES), risk_flags: z.array(z.string()) })
      .nullable()
      .describe('What is decided about the message by itself; null for what the customer was sent.'),
    satisfied: z.boolean().describe('The customer says no more than that all is well: it opens nothing again.'),
    reopened: z.boolean(),
    raised: z.boolean().describe('It made the item more urgent.'),
    suggested_transition: z
      .object({ to: z.enum(STATUSES), resolution: z.enum(RESOLUTIONS) })
      .nullable()
      .describe('What a person may do now; nothing of it is done by itself.'),
  })
  .meta({ id: 'MessageAnswer' });
export type MessageAnswer = z.infer<typeof messageAnswerSchema>;

/** Messages of an item and of those that were merged into it, oldest first. @throws AppError `not_found` */
export async function listMessages(
  { database }: Pick<Context, 'database'>,
  id: string,
  { limit, cursor }: PageQuery,
): Promise<{ items: StoredMessage[]; next_cursor: string | null }> {
  const db = database.kysely;
  const row = await getRow(db, id);
  let messages = db
    .selectFrom('message')
    .select(['id', 'feedback_id', 'direction', 'at', 'channel', 'body', 'actor', 'person'])
    .where('feedback_id', 'in', await listFamily(db, row.id));
  if (cursor !== undefined) messages = messages.where('id', '>', decodeCursor('uuid', cursor));
  const found = await messages
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  const page = toPage(found, limit, 'uuid', (message) => message.id);
  const items = page.items.map(({ at, body, person: by, ...message }) =>
    messageSchema.parse({ ...message, at: at.toISOString(), text: body, by }),
  );
  return { items, next_cursor: page.nextCursor };
}
