import { fromPglite, PgBoss } from 'pg-boss';
import type { Context } from '../context.ts';
import type { Database } from '../db/connect.ts';
import { bossWithin, findLive, type JobQueue, keyOf } from './queue.ts';
import { hasForeignVectors } from './reembed.ts';
import { listTasks, TASKS, type Task, type TaskName } from './tasks.ts';
import { reopenForeign } from './train-taxonomies.ts';

/** Within the time that a whole shutdown has. */
const STOP_TIMEOUT_MS = 5_000;
const POLL_SECONDS = 2;
/** A job that has not ended by then is stopped by its signal and tried again. */
const EXPIRE_SECONDS = 3_600;
/**
 * A job that has not been heard of for so long is tried again: its process was killed. It beats every half of this, so
 * that more than the minute passes after which the run of a training may be taken over.
 */
const HEARTBEAT_SECONDS = 150;

/** Takes jobs from the queue in the database until it is disposed of. */
export interface JobRunner extends JobQueue, AsyncDisposable {}

/** Starts the workers of every task and the schedule. A run that leaves something to do is followed by another. */
export async function startJobs(context: Context, tasks: Readonly<Record<TaskName, Task>> = TASKS): Promise<JobRunner> {
  const { database, logger } = context;
  const stopping = new AbortController();
  const boss = new PgBoss({
    db: bossDatabase(database),
    backend: database.engine === 'pglite' ? 'pglite' : 'postgres',
  });
  boss.on('error', (error) => logger.warn({ err: error }, 'job queue'));
  await boss.start();
  // All queues before the first worker, because a job may ask for one of another task.
  for (const name of listTasks()) await makeQueue(boss, name, tasks[name]);
  for (const name of listTasks()) await startTask(boss, name, tasks[name], context, stopping.signal);
  const runner: JobRunner = {
    ...queueOf(boss),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await boss.stop({ graceful: true, timeout: STOP_TIMEOUT_MS, close: false });
    },
  };
  if (await hasForeignVectors(context)) {
    logger.info('stored vectors belong to another encoder; a job embeds them anew');
    await runner.enqueue('feedback.reembed');
  }
  if (await reopenForeign(context)) {
    logger.info('taxonomies were trained for another encoder, or not to the end; a job trains them');
    await runner.enqueue('taxonomy.train');
  }
  return runner;
}

function queueOf(boss: PgBoss): JobQueue {
  const on = (tx: Parameters<typeof bossWithin>[0] | undefined) => (tx ? { db: bossWithin(tx) } : {});
  return {
    async enqueue(name, payload = {}, subject = '', tx) {
      await boss.send(name, payload, { singletonKey: keyOf(name, subject), ...on(tx) });
    },
    async listWaiting(name, tx) {
      const jobs = await boss.findJobs<object>(name, { queued: true, ...on(tx) });
      return jobs
        .toSorted((left, right) => left.createdOn.getTime() - right.createdOn.getTime())
        .map(({ id, data }) => ({ id, data }));
    },
    findLive,
    async withdraw(name, jobs, tx) {
      const ids = jobs.map(({ id }) => id);
      if (ids.length > 0) await boss.cancel(name, ids, on(tx));
    },
  };
}

async function makeQueue(boss: PgBoss, name: TaskName, { retryDelay = 1 }: Task): Promise<void> {
  const limits = { retryLimit: 5, retryBackoff: true, retryDelay, expireInSeconds: EXPIRE_SECONDS };
  await boss.createQueue(name, { policy: 'short', ...limits });
  // A queue that an earlier release made has the limits of that release.
  await boss.updateQueue(name, { ...limits, heartbeatSeconds: HEARTBEAT_SECONDS });
  // Reads the queue's settings now: inside a transaction of the embedded database that would wait for itself.
  await boss.findJobs(name, { queued: true });
}

async function startTask(
  boss: PgBoss,
  name: TaskName,
  { schedule, run }: Task,
  context: Context,
  stopping: AbortSignal,
): Promise<void> {
  const queue = queueOf(boss);
  await boss.work<object>(name, { batchSize: 1, pollingIntervalSeconds: POLL_SECONDS }, async (jobs) => {
    for (const job of jobs) {
      const rest = await run(context, job.data, AbortSignal.any([stopping, job.signal]), queue);
      if (typeof rest === 'object' && rest !== null) await boss.send(name, rest, { singletonKey: name });
    }
  });
  if (schedule !== undefined) await boss.schedule(name, schedule.cron, schedule.data);
}

function bossDatabase(database: Database): ReturnType<typeof fromPglite> {
  if (database.engine === 'pglite') return fromPglite(database.client);
  return { executeSql: (text, values) => database.client.query(text, values) };
}
