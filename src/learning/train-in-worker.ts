import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { runInWorker, type WorkerRun } from '../worker-file.ts';
import type { HeadModel } from './head.ts';
import type { LabelModel } from './label-classifier.ts';
import type { TrainingExample, TrainSettings } from './train.ts';
import type { TrainMessage, TrainRows } from './train-input.ts';
import type { LabelExample, LabelSettings } from './train-labels.ts';

/** Examples that are copied before others get their turn on the thread: 10 000 at once held it for half a second. */
const ROWS_AT_ONCE = 32;

export type TrainRun = WorkerRun;

/** Trains in a thread of its own, so that requests are answered meanwhile. Rejects with the signal's reason. */
export function trainInWorker(
  examples: readonly TrainingExample[],
  settings: TrainSettings,
  run: TrainRun = {},
): Promise<HeadModel> {
  return train<HeadModel>('train-worker', { examples }, settings, run);
}

/** `trainLabels` in a thread of its own. Rejects with the signal's reason. */
export function trainLabelsInWorker(
  examples: readonly LabelExample[],
  names: readonly LabelExample[],
  settings: LabelSettings,
  run: TrainRun = {},
): Promise<LabelModel> {
  return train<LabelModel>('train-labels-worker', { examples, names }, settings, run);
}

function train<Model>(name: string, rows: TrainRows, settings: object, run: TrainRun): Promise<Model> {
  const feed = (worker: Worker, done: AbortSignal) => send(worker, rows, settings, done);
  return runInWorker<Model>(name, import.meta.url, {}, { ...run, feed });
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
