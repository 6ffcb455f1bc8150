import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { ReplyTable } from '../db/reply-tables.ts';
import { addOutbound } from '../feedback/add-message.ts';
import { lockRow } from '../feedback/find-item.ts';
import { recordChange } from '../feedback/record-change.ts';
import { openText } from '../sealed-text.ts';
import { connectorOf } from './connectors/connectors.ts';
import { type GivenUp, markFailed } from './mark-failed.ts';
import { readOutgoing } from './outgoing.ts';

/** As often as the queue tries a job: once and five times more. */
export const MAX_ATTEMPTS = 6;
const ACTOR = { kind: 'job', name: 'replies.deliver' } as const;

export const deliverPayload = z.strictObject({ reply_id: z.uuid().optional() });

/** A reply could not be handed to the connector; the queue tries again later. */
class DeliveryFailed extends Error {
  constructor(reason: string) {
    super(`the connector did not take a reply: ${reason}`);
    this.name = 'DeliveryFailed';
  }
}

/**
 * Hands a reply to its connector, and answers the item once that has taken it. It may be handed over twice when a process
 * ends in between: a webhook knows it by `Idempotency-Key`, a mail by `Message-ID`. What is refused for good is not
 * tried again.
 *
 * @throws Error when it was not taken and may be tried again
 */
export async function deliverReply(context: Context, id: string, signal: AbortSignal): Promise<void> {
  const reply = await beginAttempt(context, id);
  if (reply === undefined) return;
  if (await isOvertaken(context, reply)) {
    await giveUp(context, reply, 'answered meanwhile' satisfies GivenUp);
    return;
  }
  const connector = connectorOf(reply.delivery);
  const refusal = await connector.send(context, await readOutgoing(context, reply, connector.needsEmail), signal);
  if (refusal === undefined) {
    await markSent(context, id);
    return;
  }
  const { reason, permanent } = refusal;
  context.logger.warn({ reply: id, attempts: reply.attempts, reason, permanent }, 'a reply was not taken');
  if (!permanent && reply.attempts < MAX_ATTEMPTS) throw new DeliveryFailed(reason);
  await giveUp(context, reply, reason);
}

/** Counted before it is made, so that one in which the process ends counts too. */
async function beginAttempt({ database }: Context, id: string): Promise<Selectable<ReplyTable> | undefined> {
  return await database.kysely
    .updateTable('reply')
    .set(({ eb }) => ({ attempts: eb('attempts', '+', 1) }))
    .where('id', '=', id)
    .where('state', '=', 'queued')
    .returningAll()
    .executeTakeFirst();
}

/** That a message has arrived is not told to somebody who was answered while the acknowledgement could not be sent. */
async function isOvertaken({ database }: Context, { kind, feedback_id }: Selectable<ReplyTable>): Promise<boolean> {
  if (kind !== 'acknowledgement') return false;
  const item = await database.kysely
    .selectFrom('feedback')
    .select('first_responded_at')
    .where('id', '=', feedback_id)
    .executeTakeFirstOrThrow();
  return item.first_responded_at !== null;
}

async function giveUp(context: Context, reply: Selectable<ReplyTable>, reason: string): Promise<void> {
  const occasion = { actor: ACTOR, at: context.now() };
  await context.database.kysely.transaction().execute((tx) => markFailed(tx, reply, reason, occasion));
}

/** The item is answered by whom accepted the reply; an acknowledgement of receipt answers nothing. */
async function markSent(context: Context, id: string): Promise<void> {
  await context.database.kysely.transaction().execute(async (tx) => {
    const { feedback_id } = await tx
      .selectFrom('reply')
      .select('feedback_id')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const item = await lockRow(tx, feedback_id);
    const reply = await tx.selectFrom('reply').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow();
    if (reply.state !== 'queued') return;
    const at = context.now();
    await tx.updateTable('reply').set({ state: 'sent', sent_at: at }).where('id', '=', id).execute();
    if (reply.kind === 'acknowledgement') {
      const change = { reply_id: id };
      await recordChange(tx, {
        ...{ at, actor: ACTOR, action: 'feedback.acknowledged', subjectKind: 'feedback', subjectId: item.id, change },
      });
      return;
    }
    const outbound = { text: openText(context.vault, reply), channel: reply.channel, person: reply.person };
    await addOutbound(tx, context, item, outbound, { actor: ACTOR, at });
  });
}
