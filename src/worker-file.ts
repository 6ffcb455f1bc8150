import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts the worker file `name` (no extension) that lies beside the file at `parentUrl`.
 *
 * The same call works from `src/*.ts` (tsx, vitest) and from `dist/*.js`: the worker has the extension of its parent.
 * A TypeScript worker registers tsx itself: in Node 20 a worker neither inherits its parent's loader nor heeds an
 * `--import` of its own.
 *
 * @param parentUrl the caller's `import.meta.url`
 */
export function spawnWorker(name: string, parentUrl: string, options: WorkerOptions = {}): Worker {
  const typescript = new URL(parentUrl).pathname.endsWith('.ts');
  const file = new URL(`${name}${typescript ? '.ts' : '.js'}`, parentUrl);
  return typescript ? new Worker(tsxBootstrap(file), { ...options, eval: true }) : new Worker(file, options);
}

export interface WorkerRun {
  readonly signal?: AbortSignal | undefined;
  onProgress?(done: number, total: number): void;
}

export interface FedRun extends WorkerRun {
  /** Sends the worker its work in pieces, until `done`: what is copied at once holds the thread that copies. */
  feed?(worker: Worker, done: AbortSignal): Promise<void>;
}

/**
 * Lets a worker file do one piece of work in a thread of its own, so that requests are answered meanwhile: it posts
 * `{ done, total }` now and then and `{ result }` at the end. Rejects with the signal's reason, and ends the thread.
 */
export function runInWorker<Result>(
  name: string,
  parentUrl: string,
  options: WorkerOptions,
  run: FedRun = {},
): Promise<Result> {
  const { signal } = run;
  signal?.throwIfAborted();
  const worker = spawnWorker(name, parentUrl, options);
  const done = new AbortController();
  let abort = () => {};
  const finished = new Promise<Result>((resolve, reject) => {
    abort = () => reject(signal?.reason);
    worker.on('message', (message: { result: Result } | { done: number; total: number }) => {
      if ('result' in message) resolve(message.result);
      else run.onProgress?.(message.done, message.total);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`the work in a thread stopped with exit code ${code}`)));
  });
  signal?.addEventListener('abort', abort, { once: true });
  const fed = run.feed?.(worker, done.signal) ?? Promise.resolve();
  return Promise.race([finished, fed.then(() => finished)]).finally(async () => {
    done.abort();
    signal?.removeEventListener('abort', abort);
    await worker.terminate();
  });
}

function tsxBootstrap(file: URL): string {
  // Through package.json, because `require.resolve('tsx/esm/api')` gives the CommonJS build, which cannot register here.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json'));
  const api = new URL('dist/esm/api/index.mjs', tsx).href;
  return `import(${JSON.stringify(api)}).then(({ register }) => { register(); return import(${JSON.stringify(file.href)}); })`;
}
