import { z } from 'zod';
import type { Context } from '../context.ts';
import { expireKeys } from '../intake/expire-keys.ts';
import { reembed } from './reembed.ts';
import { train, trainWhenDue } from './train.ts';

const nothing = z.strictObject({});

/** What each task is given, and at which times it runs by itself (cron, UTC). */
export const TASKS = {
  'feedback.reembed': { payload: nothing, cron: undefined },
  'idempotency.expire': { payload: nothing, cron: '17 * * * *' },
  'model.train': { payload: nothing, cron: undefined },
  'model.train_when_due': { payload: nothing, cron: '*/10 * * * *' },
} as const satisfies Record<string, { payload: z.ZodType; cron: string | undefined }>;

export type TaskName = keyof typeof TASKS;
type Payload<Name extends TaskName> = z.infer<(typeof TASKS)[Name]['payload']>;

/** One handler per task: a task without one does not compile. Every handler may run twice and must not mind. */
export const HANDLERS: {
  [Name in TaskName]: (context: Context, payload: Payload<Name>, signal: AbortSignal) => Promise<void>;
} = {
  'feedback.reembed': (context, _payload, signal) => reembed(context, signal),
  'idempotency.expire': (context) => expireKeys(context),
  'model.train': (context, _payload, signal) => train(context, signal),
  'model.train_when_due': (context, _payload, signal) => trainWhenDue(context, signal),
};
