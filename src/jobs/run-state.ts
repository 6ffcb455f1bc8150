import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';
import { type Actor, actorSchema } from '../feedback/actor.ts';
import { recordChange } from '../feedback/record-change.ts';
import { findRun, type Joined, stopRun, type TrainingRun } from '../learning/training-run.ts';
import type { JobQueue, WaitingJob } from './queue.ts';
import type { TaskName } from './tasks.ts';

/** Long work of which one run at a time is held in all replicas, and that people ask for and stop. */
export interface RunKind {
  readonly task: TaskName;
  /** The subject of the held run. */
  readonly subject: string;
  /** What the audit calls it, such as `model.training`: `…_asked` and `…_stopped`. */
  readonly action: string;
  readonly audited: { readonly kind: string; readonly id: string };
  /** For the error when there is nothing to stop. */
  readonly nothing: string;
  /** Joins a demand to the run that is under way; it serves for all of them where this is missing. */
  join?(tx: Transaction<Tables>, actor: Actor): Promise<Joined | undefined>;
  /** What else stopping means. */
  onStop?(context: Context, tx: Transaction<Tables>): Promise<void>;
}

/** Whether a run of a kind is under way, on whichever replica. */
export const runStateSchema = z.object({
  status: z
    .enum(['idle', 'waiting', 'running'])
    .describe('`waiting`: asked for and not begun; a run that begins by itself is never waiting.'),
  stopping: z.boolean().describe('True: it was told to stop and ends within seconds.'),
  progress: z
    .object({ done: z.int(), total: z.int() })
    .nullable()
    .describe('Steps of about the same length; null until the first is done.'),
  started_at: z.iso.datetime().nullable(),
  asked_by: actorSchema.nullable().describe('Who asked for it; a job when it began by itself.'),
  followed: z.boolean().describe('True: another follows it, asked for with what it does not know.'),
});
export type RunState = z.infer<typeof runStateSchema>;

/** What came of a demand: `isNew` is false where a run that is under way, or is to follow one, serves for it. */
export interface Demanded {
  readonly isNew: boolean;
  readonly state: RunState;
}

const IDLE: RunState = {
  status: 'idle',
  stopping: false,
  progress: null,
  started_at: null,
  asked_by: null,
  followed: false,
};
const demandSchema = z.looseObject({ only_when_due: z.boolean().default(false), asked_by: actorSchema.optional() });
type Db = Parameters<typeof findRun>[0];

/** How far the run is that is under way or waits, if there is one. */
export async function getRunState(
  { database }: Pick<Context, 'database'>,
  jobs: JobQueue,
  kind: RunKind,
): Promise<RunState> {
  const running = await findRunning(database.kysely, kind);
  if (running !== undefined) return running;
  return waitingState(await jobs.listWaiting(kind.task));
}

/** Queues a run, unless one is under way that serves for it and was not told to stop; the demand is audited with it. */
export async function askForRun(context: Context, jobs: JobQueue, actor: Actor, kind: RunKind): Promise<Demanded> {
  const { database, now } = context;
  return await database.kysely.transaction().execute(async (tx) => {
    const joined = await (kind.join?.(tx, actor) ?? joinRun(tx, kind));
    if (joined !== undefined && !joined.isNew) return { isNew: false, state: runningState(joined.run) };
    if (joined === undefined) await jobs.enqueue(kind.task, { asked_by: actor }, '', tx);
    await tell(tx, kind, 'asked', actor, now());
    return { isNew: true, state: joined ? runningState(joined.run) : { ...IDLE, status: 'waiting', asked_by: actor } };
  });
}

/**
 * Stops the run that is under way or waits.
 *
 * @returns how it stands now: `stopping`, or `idle` when it had not begun
 * @throws AppError `not_found` when there is none
 */
export async function stopRunOf(context: Context, jobs: JobQueue, actor: Actor, kind: RunKind): Promise<RunState> {
  const { database, now } = context;
  return await database.kysely.transaction().execute(async (tx) => {
    const waiting = (await jobs.listWaiting(kind.task, tx)).filter(isDemanded);
    await jobs.withdraw(kind.task, waiting, tx);
    const isRunning = await stopRun(tx, kind.subject);
    if (!isRunning && waiting.length === 0) throw new AppError('not_found', kind.nothing);
    await kind.onStop?.(context, tx);
    await tell(tx, kind, 'stopped', actor, now());
    return (await findRunning(tx, kind)) ?? IDLE;
  });
}

async function findRunning(db: Db, { subject }: RunKind): Promise<RunState | undefined> {
  const run = await findRun(db, subject);
  return run && runningState(run);
}

function runningState({ step, stop, started_at, asked_by, again }: TrainingRun): RunState {
  const progress = step && { done: step.done, total: step.total };
  return { status: 'running', stopping: stop, progress, started_at, asked_by, followed: again !== null };
}

async function joinRun(tx: Transaction<Tables>, { subject }: RunKind): Promise<Joined | undefined> {
  const run = await findRun(tx, subject);
  return run === undefined || run.stop ? undefined : { run, isNew: false };
}

function waitingState(jobs: readonly WaitingJob[]): RunState {
  const [first] = jobs.filter(isDemanded);
  if (first === undefined) return IDLE;
  return { ...IDLE, status: 'waiting', asked_by: demandSchema.parse(first.data ?? {}).asked_by ?? null };
}

/** What the schedule has queued only looks whether a run is due. */
function isDemanded({ data }: WaitingJob): boolean {
  return !demandSchema.parse(data ?? {}).only_when_due;
}

async function tell(
  tx: Transaction<Tables>,
  { action, audited }: RunKind,
  what: 'asked' | 'stopped',
  actor: Actor,
  at: Date,
): Promise<void> {
  const subject = { subjectKind: audited.kind, subjectId: audited.id };
  await recordChange(tx, { at, actor, action: `${action}_${what}`, ...subject, change: {} });
}
