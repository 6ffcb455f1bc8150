import { z } from 'zod';
import { detectBursts } from '../clusters/trend/detect-bursts.ts';
import { refreshFigures } from '../clusters/trend/refresh-figures.ts';
import type { Context } from '../context.ts';
import { followUp } from '../feedback/follow-up.ts';
import { tellForgotten } from '../feedback/forgotten.ts';
import { raiseBursts } from '../feedback/raise-burst.ts';
import { sweepDeadlines } from '../feedback/sweep-deadlines.ts';
import { expireKeys } from '../intake/expire-keys.ts';
import { acknowledgeNew } from '../replies/acknowledge.ts';
import { deliverPayload, deliverReply } from '../replies/deliver.ts';
import type { DeliveryQueue } from '../replies/delivery-queue.ts';
import { learnOutcomes } from '../replies/learn.ts';
import { polishDraft, polishPayload } from '../replies/llm/polish-draft.ts';
import { sweepDeliveries } from '../replies/sweep-deliveries.ts';
import { assignWaiting } from '../routing/assign-waiting.ts';
import { recluster, reclusterPayload } from './recluster.ts';
import { reembed, reembedPayload } from './reembed.ts';
import { train, trainPayload } from './train.ts';
import { trainTaxonomies, trainTaxonomiesPayload } from './train-taxonomies.ts';

/** A kind of job. Every one may run twice, and at the same time on two replicas, and must not mind. */
export interface Task {
  /** What a job of it carries; an empty one asks for a run from the beginning. */
  readonly payload: z.ZodType;
  /** At which times it runs by itself (cron, UTC), and with what. */
  readonly schedule: { readonly cron: string; readonly data: object } | undefined;
  /**
   * Runs a job; the signal ends it. What it gives, if anything, is the payload of a run that goes on where this one
   * ended; `jobs` takes the replies that it wants delivered.
   */
  run(context: Context, data: unknown, signal: AbortSignal, jobs: DeliveryQueue): Promise<unknown>;
  /** Seconds before it is tried again, doubled each time; 1 unless given. */
  readonly retryDelay?: number | undefined;
}

const nothing = z.strictObject({});
/** An hour at least in all: a peer may be down, and mail servers put off whom they do not know for some minutes (RFC 6647). */
const DELIVER_AGAIN_SECONDS = 120;

export const TASKS = {
  'clusters.detect_bursts': defineTask(nothing, { cron: '* * * * *', data: {} }, async (context, _, signal) => {
    const isMore = await detectBursts(context);
    const items = await raiseBursts(context, signal);
    if (items > 0) context.logger.info({ items }, 'items were made more urgent by a burst');
    return isMore ? {} : undefined;
  }),
  'clusters.recluster': defineTask(
    reclusterPayload,
    { cron: '41 * * * *', data: { only_when_due: true } },
    async (context, payload, signal) => {
      await recluster(context, payload, signal);
      return undefined;
    },
  ),
  'clusters.refresh': defineTask(nothing, { cron: '* * * * *', data: {} }, async (context, _, signal) => {
    await refreshFigures(context, signal);
    return undefined;
  }),
  'deadlines.sweep': defineTask(nothing, { cron: '* * * * *', data: {} }, async (context, _, signal) =>
    (await sweepDeadlines(context, signal)) ? {} : undefined,
  ),
  'feedback.find_forgotten': defineTask(nothing, { cron: '7 * * * *', data: {} }, async (context, _, signal) => {
    const items = await tellForgotten(context, signal);
    if (items > 0) context.logger.info({ items }, 'forgotten items were told of');
    return undefined;
  }),
  'feedback.follow_up': defineTask(nothing, { cron: '*/5 * * * *', data: {} }, async (context, _, signal) => {
    const done = await followUp(context, signal);
    if (done.asked + done.closed > 0) context.logger.info({ ...done }, 'solutions were followed up');
    return undefined;
  }),
  'feedback.reembed': defineTask(reembedPayload, undefined, (context, payload, signal) =>
    reembed(context, payload, signal),
  ),
  'idempotency.expire': defineTask(nothing, { cron: '17 * * * *', data: {} }, async (context) => {
    await expireKeys(context);
    return undefined;
  }),
  'model.train': defineTask(
    trainPayload,
    { cron: '*/10 * * * *', data: { only_when_due: true } },
    async (context, payload, signal) => {
      await train(context, payload, signal);
      return undefined;
    },
  ),
  'replies.acknowledge': defineTask(nothing, { cron: '* * * * *', data: {} }, async (context, _, signal, jobs) => {
    await acknowledgeNew(context, jobs, signal);
    return undefined;
  }),
  'replies.deliver': {
    ...defineTask(deliverPayload, undefined, async (context, { reply_id }, signal) => {
      if (reply_id !== undefined) await deliverReply(context, reply_id, signal);
      return undefined;
    }),
    retryDelay: DELIVER_AGAIN_SECONDS,
  },
  'replies.learn': defineTask(nothing, { cron: '*/10 * * * *', data: {} }, async (context, _, signal) => {
    await learnOutcomes(context, signal);
    return undefined;
  }),
  'replies.polish': defineTask(polishPayload, undefined, async (context, { set_id }, signal) => {
    if (set_id !== undefined) await polishDraft(context, set_id, signal);
    return undefined;
  }),
  'replies.sweep': defineTask(nothing, { cron: '*/5 * * * *', data: {} }, async (context, _, signal, jobs) => {
    const done = await sweepDeliveries(context, jobs, signal);
    if (done.asked + done.failed > 0) context.logger.warn({ ...done }, 'replies waited without a job');
    return undefined;
  }),
  'routing.assign': defineTask(nothing, { cron: '* * * * *', data: {} }, async (context, _, signal) =>
    (await assignWaiting(context, signal)) ? {} : undefined,
  ),
  'taxonomy.train': defineTask(
    trainTaxonomiesPayload,
    { cron: '*/10 * * * *', data: {} },
    async (context, payload, signal) => {
      await trainTaxonomies(context, payload, signal);
      return undefined;
    },
  ),
} as const satisfies Record<string, Task>;
export type TaskName = keyof typeof TASKS;
export function listTasks(): TaskName[] {
  return Object.keys(TASKS).filter((name): name is TaskName => Object.hasOwn(TASKS, name));
}

function defineTask<Schema extends z.ZodType>(
  payload: Schema,
  schedule: Task['schedule'],
  run: (
    context: Context,
    payload: z.infer<Schema>,
    signal: AbortSignal,
    jobs: DeliveryQueue,
  ) => Promise<z.infer<Schema> | undefined>,
): Task {
  return { payload, schedule, run: (context, data, ...rest) => run(context, payload.parse(data ?? {}), ...rest) };
}
