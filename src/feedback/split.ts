import type { Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';
import { feedbackRequestSchema, MAX_TEXT } from '../intake/request.ts';
import { visibleText } from '../text/storable.ts';
import { redact } from '../triage/redact.ts';
import { applyChange, type ChangeOptions, checkVersion } from './change-item.ts';
import { classify } from './classify.ts';
import { type FeedbackRow, getRow, lockRow } from './find-item.ts';
import { insertLink } from './links.ts';
import { refuseMerged } from './merged.ts';
import { openOriginal } from './open-original.ts';
import { prepareItem } from './prepare-item.ts';
import { person, remark } from './request-fields.ts';
import { toView } from './rows.ts';
import { safeName } from './safe-name.ts';
import { storeItem } from './store-item.ts';
import type { FeedbackView } from './view.ts';

export const splitRequestSchema = z
  .strictObject({
    text: visibleText(MAX_TEXT).describe('The part, word for word as `text` of the item shows it.'),
    reason: remark.describe('Why, for the history. Personal data is masked.'),
    by: person.optional(),
  })
  .meta({ id: 'SplitRequest' });
export type SplitRequest = z.infer<typeof splitRequestSchema>;

export interface Split {
  readonly item: FeedbackRow;
  /** The new item. */
  readonly part: FeedbackView;
}

/**
 * Makes an item of its own of a part of another: decided and stored as a submission of the same customer over the same
 * channel, with a link to where it comes from. The text of the other stays as it is.
 *
 * @throws AppError `not_found`, `precondition_failed`, `invalid_input` for what is no part of the text, `conflict` (merged, or
 *   split off already), and those of the encoder
 */
export async function splitFeedback(
  context: Context,
  id: string,
  { text, reason, by }: SplitRequest,
  { actor, ifVersion }: ChangeOptions,
  signal?: AbortSignal,
): Promise<Split> {
  const { database, now, vault } = context;
  const row = await getRow(database.kysely, id);
  checkPart(row.body, text);
  const email = (await openOriginal(database.kysely, vault, row.id))?.customer.email;
  const request = feedbackRequestSchema.parse({
    text,
    channel: row.channel,
    source: row.source ?? undefined,
    happened_at: (row.happened_at ?? row.received_at).toISOString(),
    customer: { ...row.customer_facts, email },
  });
  const classified = await classify(context, request, { signal });
  const part = prepareItem(context, request, classified, { id: uuidv7(), actor });
  const why = { reason: redact(reason).masked.text, by: by === undefined ? null : safeName(vault, by) };
  return await database.kysely.transaction().execute(async (tx) => {
    const item = await lockRow(tx, id);
    await refuseMerged(tx, item);
    checkVersion(item.version, ifVersion);
    await refuseTwice(tx, item.id, part.feedback.body);
    const at = now();
    await storeItem(tx, part);
    const link = { from: part.feedback.id, to: item.id, kind: 'split_from', at, actor, person: why.by } as const;
    await insertLink(tx, link);
    const told = { action: 'feedback.split', change: { part: link.from, ...why }, set: {} };
    const kept = await applyChange(tx, item, told, { actor, at });
    const born = { action: 'feedback.split_from', change: { item: item.id, ...why }, set: {} };
    const made = await applyChange(tx, await lockRow(tx, link.from), born, { actor, at });
    return { item: kept, part: toView(made) };
  });
}

/** @throws AppError `invalid_input` */
function checkPart(whole: string, part: string): void {
  const isWhole = part.trim() === whole.trim();
  if (whole.includes(part) && !isWhole) return;
  const message = isWhole
    ? 'must be a part of the item’s text, not all of it'
    : 'must be a part of the item’s text, word for word as `text` shows it, personal data masked';
  throw new AppError('invalid_input', `The text ${message}.`, { errors: [{ pointer: '/text', message }] });
}

/** @throws AppError `conflict` naming the item that was made of this part before */
async function refuseTwice(tx: Transaction<Tables>, id: string, body: string): Promise<void> {
  const made = await tx
    .selectFrom('feedback_link')
    .innerJoin('feedback', 'feedback.id', 'from_id')
    .select('feedback.id')
    .where('to_id', '=', id)
    .where('kind', '=', 'split_from')
    .where('body', '=', body)
    .executeTakeFirst();
  if (made === undefined) return;
  throw new AppError('conflict', `This part was split off before: it is ${made.id}.`, {
    errors: [{ pointer: '/text', message: `must be a part that no item was made of yet; this one is ${made.id}` }],
  });
}
