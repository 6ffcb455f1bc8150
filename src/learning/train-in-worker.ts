import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { spawnWorker } from '../worker-file.ts';
import type { HeadModel } from './head.ts';
import type { LabelModel } from './label-classifier.ts';
import type { TrainingExample, TrainSettings } from './train.ts';
import type { TrainMessage, TrainRows } from './train-input.ts';
import type { LabelExample, LabelSettings } from './train-labels.ts';

/** Examples that are copied before others get their turn on the thread: 10 000 at once held it for half a second. */
const ROWS_AT_ONCE = 32;

export interface TrainRun {
  readonly signal?: AbortSignal | undefined;
  onProgress?(done: number, total: number): void;
}

/** Trains in a thread of its own, so that requests are answered meanwhile. Rejects with the signal's reason. */
export function trainInWorker(
  examples: readonly TrainingExample[],
  settings: TrainSettings,
  run: TrainRun = {},
): Promise<HeadModel> {
  return runWorker<HeadModel>('train-worker', { examples }, settings, run);
}

/** `trainLabels` in a thread of its own. Rejects with the signal's reason. */
export function trainLabelsInWorker(
  examples: readonly LabelExample[],
  names: readonly LabelExample[],
  settings: LabelSettings,
  run: TrainRun = {},
): Promise<LabelModel> {
  return runWorker<LabelModel>('train-labels-worker', { examples, names }, settings, run);
}

function runWorker<Model>(name: string, rows: TrainRows, settings: object, run: TrainRun): Promise<Model> {
  run.signal?.throwIfAborted();
  const worker = spawnWorker(name, import.meta.url);
  let abort = () => {};
  const trained = new Promise<Model>((resolve, reject) => {
    abort = () => reject(run.signal?.reason);
    worker.on('message', (message: { model: Model } | { done: number; total: number }) => {
      if ('model' in message) resolve(message.model);
      else run.onProgress?.(message.done, message.total);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`training stopped with exit code ${code}`)));
  });
  run.signal?.addEventListener('abort', abort, { once: true });
  const done = new AbortController();
  const sent = send(worker, rows, settings, done.signal);
  return Promise.race([trained, sent.then(() => trained)]).finally(async () => {
    done.abort();
    run.signal?.removeEventListener('abort', abort);
    await worker.terminate();
  });
}

async function send(worker: Worker, rows: TrainRows, settings: object, done: AbortSignal): Promise<void> {
  const tell = (message: TrainMessage) => worker.postMessage(message);
  for (const [list, all] of Object.entries(rows)) {
    for (let from = 0; from < all.length && !done.aborted; from += ROWS_AT_ONCE) {
      tell({ list, rows: all.slice(from, from + ROWS_AT_ONCE) });
      await setImmediate();
    }
  }
  tell({ settings });
}
