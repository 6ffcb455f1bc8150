import { fromPglite, PgBoss } from 'pg-boss';
import type { Context } from '../context.ts';
import type { Database } from '../db/connect.ts';
import { hasForeignVectors } from './reembed.ts';
import { listTasks, TASKS, type Task, type TaskName } from './tasks.ts';
import { reopenForeign } from './train-taxonomies.ts';

/** Within the time that a whole shutdown has. */
const STOP_TIMEOUT_MS = 5_000;
const POLL_SECONDS = 2;
/** A job that has not ended by then is stopped by its signal and tried again. */
const EXPIRE_SECONDS = 3_600;

/** Where work is asked for. */
export interface JobQueue {
  /**
   * Asks for a run of a task; a run that waits already for the same subject serves for this one too.
   *
   * @param subject what the run is about, where the task has several
   */
  enqueue(name: TaskName, payload?: object, subject?: string): Promise<void>;
}

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
  for (const name of listTasks()) await startTask(boss, name, tasks[name], context, stopping.signal);
  const runner: JobRunner = {
    async enqueue(name, payload = {}, subject = '') {
      await boss.send(name, payload, { singletonKey: `${name} ${subject}`.trim() });
    },
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

async function startTask(
  boss: PgBoss,
  name: TaskName,
  { schedule, run }: Task,
  context: Context,
  stopping: AbortSignal,
): Promise<void> {
  await boss.createQueue(name, { policy: 'short', retryLimit: 5, retryBackoff: true, expireInSeconds: EXPIRE_SECONDS });
  await boss.work<object>(name, { batchSize: 1, pollingIntervalSeconds: POLL_SECONDS }, async (jobs) => {
    for (const job of jobs) {
      const rest = await run(context, job.data, AbortSignal.any([stopping, job.signal]));
      if (typeof rest === 'object' && rest !== null) await boss.send(name, rest, { singletonKey: name });
    }
  });
  if (schedule !== undefined) await boss.schedule(name, schedule.cron, schedule.data);
}

function bossDatabase(database: Database): ReturnType<typeof fromPglite> {
  if (database.engine === 'pglite') return fromPglite(database.client);
  return { executeSql: (text, values) => database.client.query(text, values) };
}
