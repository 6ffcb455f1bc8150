import type { JobQueue } from '../../src/jobs/queue.ts';
import type { TaskName } from '../../src/jobs/tasks.ts';

/** A queue that keeps what it is asked for and runs nothing. */
export function createIdleQueue(): JobQueue & { readonly enqueued: readonly TaskName[] } {
  const enqueued: TaskName[] = [];
  return {
    enqueued,
    enqueue: async (name) => {
      enqueued.push(name);
    },
    listWaiting: async () => [],
    findLive: async () => new Set(),
    withdraw: async () => undefined,
  };
}
