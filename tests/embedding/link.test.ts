import type { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { WorkerLink } from '../../src/embedding/link.ts';
import { spawnWorker } from '../../src/worker-file.ts';

const workers: Worker[] = [];
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.terminate()));
});

/** Not `once` of node:events: that rejects when the worker crashes. */
const exit = (worker: Worker) => new Promise((resolve) => worker.once('exit', resolve));

function start(name: string) {
  const worker = spawnWorker(`fixtures/${name}`, import.meta.url);
  workers.push(worker);
  const events: string[] = [];
  const link = new WorkerLink<string, string, string>(worker, {
    ready: (info) => events.push(`ready: ${info}`),
    gone: (reason) => events.push(`gone: ${reason}`),
  });
  return { worker, link, events };
}

test('requests are answered in order', async () => {
  const { link, events } = start('moody-worker');
  const answers: string[] = [];
  await Promise.all(['slow', 'a', 'b'].map(async (mood) => answers.push(await link.send(mood))));
  expect(answers).toEqual(['did slow', 'did a', 'did b']);
  await link.stop();
  expect(events).toEqual(['ready: loaded']);
});

test('a request that fails says the error’s name, never its message, and the worker lives on', async () => {
  const { link } = start('moody-worker');
  await expect(link.send('throw')).rejects.toMatchObject({ name: 'RequestFailed', message: 'TypeError' });
  expect(await link.send('a')).toBe('did a');
});

test.each([
  ['exit', 'ended with code 7'],
  ['uncaught', 'crashed (RangeError)'],
])('a worker that dies by %s rejects all it had, tells which one ran, and is gone once', async (mood, reason) => {
  const { worker, link, events } = start('moody-worker');
  // Loaded first: a crash comes on a port of its own and may overtake what the thread has said before.
  await link.send('a');
  const exited = exit(worker);
  const [running, next] = await Promise.allSettled([link.send(mood), link.send('b')]);
  expect(running).toMatchObject({ reason: { name: 'WorkerGone', message: reason, running: true } });
  expect(next).toMatchObject({ reason: { name: 'WorkerGone', message: reason, running: false } });
  await exited;
  expect(events).toEqual(['ready: loaded', `gone: ${reason}`]);
  await expect(link.send('c')).rejects.toMatchObject({ name: 'WorkerGone', running: false });
});

test('stop ends the thread, rejects what is open and is not reported as a death', async () => {
  const { worker, link, events } = start('moody-worker');
  await link.send('a');
  const exited = exit(worker);
  const open = expect(link.send('slow')).rejects.toMatchObject({ name: 'WorkerGone' });
  await link.stop();
  await open;
  await exited;
  expect(events).toEqual(['ready: loaded']);
});

test('a worker that cannot load says why and ends', async () => {
  const { worker, events } = start('unloadable-worker');
  await exit(worker);
  expect(events).toEqual(['gone: could not load: no such file']);
});
