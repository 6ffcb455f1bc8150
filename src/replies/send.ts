import type { Selectable, Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import type { ReplyTable } from '../db/reply-tables.ts';
import type { Tables } from '../db/tables.ts';
import type { Actor } from '../feedback/actor.ts';
import { addOutbound } from '../feedback/add-message.ts';
import { applyChange } from '../feedback/change-item.ts';
import type { FeedbackRow } from '../feedback/find-item.ts';
import { sealText } from '../sealed-text.ts';
import { redact } from '../triage/redact.ts';
import type { Delivery } from './connectors/connector.ts';
import { channelOf } from './connectors/connectors.ts';
import type { DeliveryQueue } from './delivery-queue.ts';

export interface Outgoing {
  readonly draftId: string | null;
  readonly text: string;
  readonly person: string | null;
  readonly delivery: Delivery;
}

/** What a change is made by and when. */
export interface Occasion {
  readonly actor: Actor;
  readonly at: Date;
}

/**
 * Keeps a reply that a person decided on. What was sent elsewhere answers the item at once; what a connector sends does
 * when it is sent, by the job that is asked for here.
 */
export async function sendReply(
  tx: Transaction<Tables>,
  context: Context,
  jobs: DeliveryQueue,
  item: FeedbackRow,
  { draftId, text, person, delivery }: Outgoing,
  { actor, at }: Occasion,
): Promise<{ reply: Selectable<ReplyTable>; item: FeedbackRow }> {
  const id = uuidv7();
  const { masked, redactions } = redact(text);
  const isSent = delivery === 'elsewhere';
  const channel = channelOf(delivery, item.channel);
  // What a connector has to send cannot be read from the masked text.
  const sealed = sealText(context.vault, id, text, redactions.length > 0);
  const reply = await tx
    .insertInto('reply')
    .values({
      ...{ id, feedback_id: item.id, draft_id: draftId, kind: 'reply', at, person, channel },
      ...{ actor: JSON.stringify(actor), body: masked.text, delivery, reopened_before: item.reopened },
      ...{ state: isSent ? 'sent' : 'queued', sent_at: isSent ? at : null, ...sealed },
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  if (isSent) {
    await addOutbound(tx, context, item, { text, channel, person }, { actor, at });
  } else {
    const change = { reply_id: id, draft_id: draftId, by: person };
    await applyChange(tx, item, { action: 'feedback.reply_queued', change, set: {} }, { actor, at });
    await jobs.enqueue('replies.deliver', { reply_id: id }, id, tx);
  }
  const row = await tx.selectFrom('feedback').selectAll().where('id', '=', item.id).executeTakeFirstOrThrow();
  return { reply, item: row };
}
