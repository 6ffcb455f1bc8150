import { z } from 'zod';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { type Actor, actorSchema } from '../feedback/actor.ts';
import { appendAudit } from '../feedback/append-audit.ts';
import { giveUpTraining } from '../learning/retrain.ts';
import { findRun, HEAD_RUN, stopRun, type TrainingRun } from '../learning/training-run.ts';
import type { JobQueue, WaitingJob } from './queue.ts';
import { joinWithin, trainPayload } from './train.ts';

const TASK = 'model.train';

/** Whether a version is being trained, on whichever replica. */
export const trainingStateSchema = z
  .object({
    status: z
      .enum(['idle', 'waiting', 'running'])
      .describe('`waiting`: asked for and not begun; a training that begins by itself is never waiting.'),
    stopping: z.boolean().describe('True: it was told to stop and ends within seconds.'),
    progress: z
      .object({ done: z.int(), total: z.int() })
      .nullable()
      .describe('Steps of about the same length; null until the first is done.'),
    started_at: z.iso.datetime().nullable(),
    asked_by: actorSchema.nullable().describe('Who asked for it; a job when it began by itself.'),
    followed: z.boolean().describe('True: another follows it, asked for with corrections that it does not know.'),
  })
  .meta({ id: 'TrainingState' });
export type TrainingState = z.infer<typeof trainingStateSchema>;

const IDLE: TrainingState = {
  status: 'idle',
  stopping: false,
  progress: null,
  started_at: null,
  asked_by: null,
  followed: false,
};
type Db = Parameters<typeof findRun>[0];

/** How far the training is that runs or waits, if there is one. */
export async function getTrainingState(
  { database }: Pick<Context, 'database'>,
  jobs: JobQueue,
): Promise<TrainingState> {
  const running = await findRunning(database.kysely);
  if (running !== undefined) return running;
  return waitingState(await jobs.listWaiting(TASK));
}

/** What came of a demand: `isNew` is false where a training runs already, or is to follow one, that serves for it. */
export interface Demanded {
  readonly isNew: boolean;
  readonly training: TrainingState;
}

/**
 * Queues a training, unless one runs that was not told to stop and knows all corrections; the demand is audited with it.
 */
export async function askForTraining(context: Context, jobs: JobQueue, actor: Actor): Promise<Demanded> {
  const { database, now } = context;
  return await database.kysely.transaction().execute(async (tx) => {
    const joined = await joinWithin(tx, actor);
    if (joined !== undefined && !joined.isNew) return { isNew: false, training: runningState(joined.run) };
    if (joined !== undefined) {
      await audit(tx, 'model.training_asked', actor, now());
      return { isNew: true, training: runningState(joined.run) };
    }
    await jobs.enqueue(TASK, { asked_by: actor }, '', tx);
    await audit(tx, 'model.training_asked', actor, now());
    return { isNew: true, training: { ...IDLE, status: 'waiting', asked_by: actor } };
  });
}

/**
 * Stops the training that runs or waits. It is not begun again by itself for what made it due.
 *
 * @returns how it stands now: `stopping`, or `idle` when it had not begun
 * @throws AppError `not_found` when there is none
 */
export async function stopTraining(context: Context, jobs: JobQueue, actor: Actor): Promise<TrainingState> {
  const { database, now } = context;
  return await database.kysely.transaction().execute(async (tx) => {
    const waiting = (await jobs.listWaiting(TASK, tx)).filter(isDemanded);
    await jobs.withdraw(TASK, waiting, tx);
    const isRunning = await stopRun(tx, HEAD_RUN);
    if (!isRunning && waiting.length === 0)
      throw new AppError('not_found', 'No training runs or waits. GET /v1/models/training tells how it stands.');
    await giveUpTraining(context, tx);
    await audit(tx, 'model.training_stopped', actor, now());
    return (await findRunning(tx)) ?? IDLE;
  });
}

async function findRunning(db: Db): Promise<TrainingState | undefined> {
  const run = await findRun(db, HEAD_RUN);
  return run && runningState(run);
}

function runningState({ step, stop, started_at, asked_by, again }: TrainingRun): TrainingState {
  const progress = step && { done: step.done, total: step.total };
  return { status: 'running', stopping: stop, progress, started_at, asked_by, followed: again !== null };
}

function waitingState(jobs: readonly WaitingJob[]): TrainingState {
  const [first] = jobs.filter(isDemanded);
  if (first === undefined) return IDLE;
  return { ...IDLE, status: 'waiting', asked_by: trainPayload.parse(first.data ?? {}).asked_by ?? null };
}

/** What the schedule has queued only looks whether a training is due. */
function isDemanded({ data }: WaitingJob): boolean {
  return !trainPayload.parse(data ?? {}).only_when_due;
}

async function audit(tx: Parameters<typeof appendAudit>[0], action: string, actor: Actor, at: Date): Promise<void> {
  await appendAudit(tx, { at, actor, action, subjectKind: 'model', subjectId: 'head', change: {} });
}
