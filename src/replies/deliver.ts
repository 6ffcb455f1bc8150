import { createHmac } from 'node:crypto';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { Config } from '../config.ts';
import type { Context } from '../context.ts';
import type { ReplyTable } from '../db/reply-tables.ts';
import { addOutbound } from '../feedback/add-message.ts';
import { lockRow } from '../feedback/find-item.ts';
import { recordChange } from '../feedback/record-change.ts';

const TIMEOUT_MS = 10_000;
/** As often as the queue tries a job: once and five times more. */
const MAX_ATTEMPTS = 6;

export const deliverPayload = z.strictObject({ reply_id: z.uuid().optional() });
const originalSchema = z.object({ text: z.string() });

/** A reply could not be handed to the connector; the queue tries again later. */
class DeliveryFailed extends Error {
  constructor(reason: string) {
    super(`the connector did not take a reply: ${reason}`);
    this.name = 'DeliveryFailed';
  }
}

/**
 * Posts a reply to the connector, and answers the item once that has taken it. It may be posted twice when a process
 * ends in between: the connector knows it by `Idempotency-Key`.
 *
 * @throws Error when it was not taken and may be tried again
 */
export async function deliverReply(context: Context, id: string, signal: AbortSignal): Promise<void> {
  const { database, config, now } = context;
  const reply = await database.kysely.selectFrom('reply').selectAll().where('id', '=', id).executeTakeFirst();
  if (reply === undefined || reply.state !== 'queued') return;
  const problem = await post(context, reply, config, signal);
  if (problem === undefined) {
    await markSent(context, id);
    return;
  }
  const attempts = reply.attempts + 1;
  const state = attempts >= MAX_ATTEMPTS ? 'failed' : 'queued';
  await database.kysely.transaction().execute(async (tx) => {
    await tx.updateTable('reply').set({ attempts, state }).where('id', '=', id).execute();
    if (state === 'queued') return;
    const actor = { kind: 'job', name: 'replies.deliver' } as const;
    const change = { reply_id: id, draft_id: reply.draft_id, attempts };
    await recordChange(tx, {
      ...{ at: now(), actor, action: 'feedback.reply_failed', change },
      ...{ subjectKind: 'feedback', subjectId: reply.feedback_id },
    });
  });
  if (state === 'queued') throw new DeliveryFailed(problem);
}

/** Posts it; gives why it was not taken. What the connector answers is not read. */
async function post(
  { database, vault }: Context,
  reply: Selectable<ReplyTable>,
  { REPLY_WEBHOOK_URL: url, REPLY_WEBHOOK_SECRET: secret }: Config,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (url === undefined) return 'REPLY_WEBHOOK_URL is not set';
  const item = await database.kysely
    .selectFrom('feedback')
    .select(['source', 'external_id', 'channel', 'language', 'customer_facts'])
    .where('id', '=', reply.feedback_id)
    .executeTakeFirstOrThrow();
  const { source, external_id, channel, language, customer_facts } = item;
  const text = reply.sealed ? originalSchema.parse(vault.open(reply.id, reply.sealed)).text : reply.body;
  const body = JSON.stringify({
    ...{ id: reply.id, kind: reply.kind, feedback_id: reply.feedback_id, text },
    ...{ channel, language, source, external_id, customer_ref: customer_facts.ref ?? null },
  });
  const signature = secret && { 'X-Signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': reply.id, ...signature };
  try {
    const response = await fetch(url, {
      ...{ method: 'POST', headers, body, redirect: 'error' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await response.body?.cancel();
    return response.ok ? undefined : `status ${response.status}`;
  } catch (error) {
    return error instanceof Error ? error.name : 'unreachable';
  }
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
    const actor = { kind: 'job', name: 'replies.deliver' } as const;
    if (reply.kind === 'acknowledgement') {
      const change = { reply_id: id };
      await recordChange(tx, {
        ...{ at, actor, action: 'feedback.acknowledged', subjectKind: 'feedback', subjectId: item.id, change },
      });
      return;
    }
    const text = reply.sealed ? originalSchema.parse(context.vault.open(id, reply.sealed)).text : reply.body;
    await addOutbound(tx, context, item, { text, channel: reply.channel, person: reply.person }, { actor, at });
  });
}
