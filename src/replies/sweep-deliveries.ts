import type { Selectable, Transaction } from 'kysely';
import type { Context } from '../context.ts';
import type { ReplyTable } from '../db/reply-tables.ts';
import type { Tables } from '../db/tables.ts';
import { throwIfCancelled } from '../errors.ts';
import { MAX_ATTEMPTS } from './deliver.ts';
import type { DeliveryQueue } from './delivery-queue.ts';
import { type GivenUp, markFailed } from './mark-failed.ts';

const HOUR_MS = 3_600_000;
/** Replies of one transaction: few, so that who delivers one of them hardly waits. */
const BATCH = 100;
/** Until so long after it was decided on a reply may still be sent: what a customer gets later looks like a mistake. */
const SENT_WITHIN_MS = { reply: 24 * HOUR_MS, acknowledgement: 3 * HOUR_MS } as const;
const ACTOR = { kind: 'job', name: 'replies.sweep' } as const;

type Reply = Selectable<ReplyTable>;

/** What one run has done with replies that nothing was going to send. */
export interface SweptDeliveries {
  asked: number;
  failed: number;
}

/**
 * Looks after replies that wait to be sent without a job that would do it: jobs are in no backup, end with the process in
 * their last attempt, and are not kept for ever. Such a reply is asked for again, which its receiver knows by
 * `Idempotency-Key` or `Message-ID`, or is given up with a reason when it is too late for it.
 *
 * @throws AppError `cancelled`, and those of the database
 */
export async function sweepDeliveries(
  context: Context,
  jobs: DeliveryQueue,
  signal: AbortSignal,
): Promise<SweptDeliveries> {
  const done: SweptDeliveries = { asked: 0, failed: 0 };
  for (let after: string | undefined, more = true; more; ) {
    throwIfCancelled(signal);
    const seen = await context.database.kysely
      .transaction()
      .execute((tx) => sweepBatch(tx, context, jobs, after, done));
    after = seen.at(-1)?.id;
    more = seen.length === BATCH;
  }
  return done;
}

/** Held replies before their jobs: what is sent in between has no job any more, and does not wait either. */
async function sweepBatch(
  tx: Transaction<Tables>,
  { now }: Pick<Context, 'now'>,
  jobs: DeliveryQueue,
  after: string | undefined,
  done: SweptDeliveries,
): Promise<readonly Reply[]> {
  let waiting = tx.selectFrom('reply').selectAll().where('state', '=', 'queued');
  if (after !== undefined) waiting = waiting.where('id', '>', after);
  const replies = await waiting.orderBy('id').limit(BATCH).forUpdate().skipLocked().execute();
  const ids = replies.map(({ id }) => id);
  const live = ids.length === 0 ? new Set() : await jobs.findLive('replies.deliver', ids, tx);
  const at = now();
  for (const reply of replies.filter(({ id }) => !live.has(id))) {
    const reason = await whyTooLate(tx, reply, at);
    if (reason === undefined) await jobs.enqueue('replies.deliver', { reply_id: reply.id }, reply.id, tx);
    else await markFailed(tx, reply, reason, { actor: ACTOR, at });
    done[reason === undefined ? 'asked' : 'failed'] += 1;
  }
  return replies;
}

async function whyTooLate(tx: Transaction<Tables>, reply: Reply, at: Date): Promise<GivenUp | undefined> {
  // Whoever saw that nothing was sent may have answered in another way.
  const answer = await tx
    .selectFrom('message')
    .select('id')
    .where('feedback_id', '=', reply.feedback_id)
    .where('direction', '=', 'outbound')
    .where('at', '>', reply.at)
    .executeTakeFirst();
  if (answer !== undefined) return 'answered meanwhile';
  const within = reply.kind === 'acknowledgement' ? SENT_WITHIN_MS.acknowledgement : SENT_WITHIN_MS.reply;
  if (at.getTime() - reply.at.getTime() > within) return 'not sent in time';
  // After the last attempt that it had, there is one more; a reply in which processes end must not end all of them.
  return reply.attempts > MAX_ATTEMPTS ? 'process ended' : undefined;
}
