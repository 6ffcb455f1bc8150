import type { Insertable, Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { MessageTable } from '../db/conversation-tables.ts';
import type { Tables } from '../db/tables.ts';
import type { IdempotencyKey, KeptAnswer } from '../intake/idempotency.ts';
import { withKey } from '../intake/with-key.ts';
import { sealText } from '../sealed-text.ts';
import { isContent } from '../triage/answer-tone.ts';
import { CHANNELS, customerSchema } from '../triage/facts.ts';
import { deriveMove, isOpen } from '../triage/lifecycle.ts';
import { redact } from '../triage/redact.ts';
import type { Sla } from '../triage/sla.ts';
import { applyChange, type ChangeOptions, checkVersion } from './change-item.ts';
import { type Classified, classify } from './classify.ts';
import { slaOf } from './deadline-columns.ts';
import { type FeedbackRow, getRow, lockRow } from './find-item.ts';
import { refuseMerged } from './merged.ts';
import { type MessageAnswer, type MessageRequest, messageSchema } from './messages.ts';
import { raiseItem, urgencyOf } from './raise-item.ts';
import { toView } from './rows.ts';
import { safeName } from './safe-name.ts';
import { toStep } from './transition.ts';

export interface MessageOptions extends ChangeOptions {
  readonly idempotency?: IdempotencyKey | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A message with what is read from it. */
interface Read {
  readonly row: Omit<Insertable<MessageTable>, 'at' | 'feedback_id' | 'actor' | 'person'> & {
    readonly person: string | null;
  };
  readonly direction: MessageRequest['direction'];
  readonly classified: Classified | undefined;
  readonly isContent: boolean;
}

/**
 * Adds a message to an item that is there already, and moves the item by it: what the customer was sent answers it;
 * what the customer writes puts it back to work, unless it says no more than that all is well, and makes it more
 * urgent where it tells of a danger. All of it is one transaction, with the answer of the idempotency key.
 *
 * @throws AppError `not_found`, `conflict` for a merged item, `precondition_failed`, and those of the encoder
 */
export async function addMessage(
  context: Context,
  id: string,
  request: MessageRequest,
  options: MessageOptions,
): Promise<KeptAnswer> {
  return await withKey(context, options.idempotency, async (keep) => {
    const db = context.database.kysely;
    const seen = await getRow(db, id);
    await refuseMerged(db, seen);
    const read = await readMessage(context, seen, request, options.signal);
    return await db.transaction().execute(async (tx) => {
      const row = await lockRow(tx, id);
      await refuseMerged(tx, row);
      checkVersion(row.version, options.ifVersion);
      const answer = { status: 201, body: JSON.stringify(await storeMessage(tx, context, row, read, options)) };
      await keep(tx, answer);
      return answer;
    });
  });
}

/** What the customer was sent, as far as it is known without reading it. */
export interface Outbound {
  readonly text: string;
  readonly channel: string;
  readonly person: string | null;
}

/**
 * Keeps what the customer was sent in the transaction that holds the item’s row: the first message ends the wait for a
 * first response, and work on the item becomes `replied`.
 *
 * @returns the item as it is afterwards, and the message
 */
export async function addOutbound(
  tx: Transaction<Tables>,
  context: Context,
  item: FeedbackRow,
  { text, channel, person }: Outbound,
  occasion: { readonly actor: ChangeOptions['actor']; readonly at: Date },
): Promise<MessageAnswer> {
  const { masked, redactions } = redact(text);
  const id = uuidv7();
  const sealed = sealText(context.vault, id, text, redactions.length > 0);
  const row = { id, direction: 'outbound' as const, channel, body: masked.text, person, ...sealed };
  const read: Read = { row, direction: 'outbound', classified: undefined, isContent: false };
  return await storeMessage(tx, context, item, read, occasion);
}

async function readMessage(
  context: Context,
  item: FeedbackRow,
  { direction, text, by, ...request }: MessageRequest,
  signal: AbortSignal | undefined,
): Promise<Read> {
  const channel = request.channel ?? z.enum(CHANNELS).parse(item.channel);
  const customer = customerSchema.parse(item.customer_facts);
  const isInbound = direction === 'inbound';
  const classified = isInbound ? await classify(context, { text, channel, customer }, { signal }) : undefined;
  const { masked, redactions } = classified?.document ?? redact(text);
  const id = uuidv7();
  const sealed = sealText(context.vault, id, text, redactions.length > 0);
  const person = by === undefined ? null : safeName(context.vault, by);
  return {
    direction,
    classified,
    isContent:
      classified !== undefined && isContent(classified.document, classified.decision, channel, context.policy.ruleBook),
    row: { id, direction, channel, body: masked.text, person, ...sealed },
  };
}

async function storeMessage(
  tx: Transaction<Tables>,
  context: Context,
  item: FeedbackRow,
  read: Read,
  { actor }: ChangeOptions,
): Promise<MessageAnswer> {
  const occasion = { actor, at: context.now() };
  const { direction, classified } = read;
  const stored = { ...read.row, feedback_id: item.id, at: occasion.at };
  await tx
    .insertInto('message')
    .values({ ...stored, actor: JSON.stringify(actor) })
    .execute();
  const told = await applyChange(tx, item, toReceipt(item, read, occasion.at), occasion);
  const moved = await move(tx, await slaOf(context, tx, told.sla_version), told, read, occasion);
  const raise = classified && !read.isContent ? urgencyOf('message', stored.id, classified.decision) : undefined;
  const raised = raise === undefined ? moved : await raiseItem(tx, context, moved, raise, occasion);
  return {
    message: messageSchema.parse({
      ...stored,
      at: occasion.at.toISOString(),
      actor,
      by: stored.person,
      text: stored.body,
    }),
    item: toView(raised),
    decision: classified
      ? {
          type: classified.decision.type.key,
          priority: classified.decision.priority,
          risk_flags: classified.decision.risk_flags,
        }
      : null,
    satisfied: read.isContent,
    reopened: !isOpen(item.status) && isOpen(raised.status),
    raised: raised.version > moved.version,
    suggested_transition:
      read.isContent &&
      direction === 'inbound' &&
      (raised.status === 'replied' || raised.status === 'waiting_for_customer')
        ? { to: 'resolved', resolution: 'solved' }
        : null,
  };
}

/** What the message is told as; the first one to the customer ends the wait for a first response. */
function toReceipt(item: FeedbackRow, { row, direction, classified, isContent: isFine }: Read, at: Date) {
  if (direction === 'outbound')
    return {
      action: 'feedback.message_sent',
      change: { message_id: row.id, channel: row.channel, by: row.person },
      set: { first_responded_at: item.first_responded_at ?? at },
    };
  const decision = classified && { type: classified.decision.type.key, priority: classified.decision.priority };
  return {
    action: isFine ? 'feedback.customer_satisfied' : 'feedback.message_received',
    change: { message_id: row.id, channel: row.channel, by: row.person, ...decision },
    set: {},
  };
}

async function move(
  tx: Transaction<Tables>,
  sla: Sla,
  item: FeedbackRow,
  { row, direction, isContent: isFine }: Read,
  occasion: Pick<ChangeOptions, 'actor'> & { readonly at: Date },
): Promise<FeedbackRow> {
  const to = isFine ? undefined : deriveMove(item.status, direction);
  if (to === undefined) return item;
  const mover = direction === 'inbound' ? 'customer' : 'person';
  const step = { to, mover, reason: null, person: row.person, because: { message_id: row.id } } as const;
  return await applyChange(tx, item, toStep(sla, item, step, occasion), occasion);
}
