import { CompiledQuery, sql, type Transaction } from 'kysely';
import { type fromPglite, states } from 'pg-boss';
import type { Tables } from '../db/tables.ts';
import type { TaskName } from './tasks.ts';

/** Where work is asked for. With a transaction, what is asked comes true with it or not at all. */
export interface JobQueue {
  /**
   * Asks for a run of a task; a run that waits already for the same subject serves for this one too.
   *
   * @param subject what the run is about, where the task has several
   */
  enqueue(name: TaskName, payload?: object, subject?: string, within?: Transaction<Tables>): Promise<void>;
  /** What the runs that wait carry, the oldest first. */
  listWaiting(name: TaskName, within?: Transaction<Tables>): Promise<WaitingJob[]>;
  /** For which of the subjects a run waits, is to be tried again, or is under way, on whichever replica. */
  findLive(name: TaskName, subjects: readonly string[], within: Transaction<Tables>): Promise<ReadonlySet<string>>;
  /** Takes runs that wait out of the queue; those that have begun meanwhile go on. */
  withdraw(name: TaskName, jobs: readonly WaitingJob[], within: Transaction<Tables>): Promise<void>;
}

export interface WaitingJob {
  readonly id: string;
  readonly data: unknown;
}

/** By what pg-boss knows runs that are about the same. */
export function keyOf(name: TaskName, subject: string): string {
  return `${name} ${subject}`.trim();
}

/** `JobQueue.findLive`; pg-boss itself finds jobs by one key at a time, and those under way only with all that ended. */
export async function findLive(
  name: TaskName,
  subjects: readonly string[],
  tx: Transaction<Tables>,
): Promise<ReadonlySet<string>> {
  const keys = subjects.map((subject) => keyOf(name, subject));
  const { rows } = await sql<{ key: string }>`
    select singleton_key as key from pgboss.job
    where name = ${name} and singleton_key in (${sql.join(keys)})
      and state in (${sql.join([states.created, states.retry, states.active])})`.execute(tx);
  const live = new Set(rows.map(({ key }) => key));
  return new Set(subjects.filter((subject) => live.has(keyOf(name, subject))));
}

/** pg-boss's statements inside a transaction of ours, on either engine. */
export function bossWithin(tx: Transaction<Tables>): ReturnType<typeof fromPglite> {
  return {
    async executeSql(text, values = []) {
      const { rows } = await tx.executeQuery(CompiledQuery.raw(text, values));
      return { rows: [...rows] };
    },
  };
}
