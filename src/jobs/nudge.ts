import type { Logger } from 'pino';
import type { JobQueue } from './queue.ts';
import type { TaskName } from './tasks.ts';

/** Asks for a run soon. Returns at once and never fails. */
export type Nudge = () => void;

/**
 * Asks for runs of a task from places that must neither wait for that nor fail by it. One request is under way at a
 * time; whoever asks meanwhile is served by one more after it, so that a thousand new items cost a few requests.
 */
export function createNudge(jobs: Pick<JobQueue, 'enqueue'>, name: TaskName, logger: Logger): Nudge {
  let isAsking = false;
  let isWanted = false;
  const ask = async () => {
    isAsking = true;
    while (isWanted) {
      isWanted = false;
      await jobs.enqueue(name).catch((err: unknown) => {
        logger.warn({ err, task: name }, 'a run could not be asked for; the schedule brings the next');
      });
    }
    isAsking = false;
  };
  return () => {
    isWanted = true;
    if (!isAsking) void ask();
  };
}
