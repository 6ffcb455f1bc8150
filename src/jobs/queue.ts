import { CompiledQuery, type Transaction } from 'kysely';
import type { fromPglite } from 'pg-boss';
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
  /** Takes runs that wait out of the queue; those that have begun meanwhile go on. */
  withdraw(name: TaskName, jobs: readonly WaitingJob[], within: Transaction<Tables>): Promise<void>;
}

export interface WaitingJob {
  readonly id: string;
  readonly data: unknown;
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
