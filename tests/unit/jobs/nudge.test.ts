import { pino } from 'pino';
import { expect, it } from 'vitest';
import { createNudge } from '../../../src/jobs/nudge.ts';
import type { TaskName } from '../../../src/jobs/tasks.ts';

/** A queue whose requests end when the test says so. */
function heldQueue() {
  const pending: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const asked: TaskName[] = [];
  const enqueue = (name: TaskName) => {
    asked.push(name);
    return new Promise<void>((resolve, reject) => pending.push({ resolve, reject }));
  };
  const next = async (end: 'resolve' | 'reject') => {
    if (end === 'resolve') pending.shift()?.resolve();
    else pending.shift()?.reject(new Error('the database is gone'));
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { asked, enqueue, next };
}

it('asks at once; whoever asks meanwhile is served by one more request, and then it is quiet', async () => {
  const queue = heldQueue();
  const nudge = createNudge(queue, 'routing.assign', pino({ level: 'silent' }));
  for (let times = 0; times < 1_000; times++) nudge();
  expect(queue.asked).toEqual(['routing.assign']);
  await queue.next('resolve');
  expect(queue.asked).toHaveLength(2);
  await queue.next('resolve');
  expect(queue.asked).toHaveLength(2);
  nudge();
  expect(queue.asked).toHaveLength(3);
  await queue.next('resolve');
});

it('a request that fails is told in the log, and the next one is made all the same', async () => {
  const queue = heldQueue();
  const lines: string[] = [];
  const nudge = createNudge(queue, 'routing.assign', pino({ level: 'warn' }, { write: (line) => lines.push(line) }));
  nudge();
  await queue.next('reject');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('the database is gone');
  nudge();
  expect(queue.asked).toHaveLength(2);
  await queue.next('resolve');
});
