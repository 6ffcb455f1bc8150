import { spawnWorker } from '../worker-file.ts';
import type { HeadModel } from './head.ts';
import type { LabelModel } from './label-classifier.ts';
import type { TrainingExample, TrainSettings } from './train.ts';
import type { LabelExample, LabelSettings } from './train-labels.ts';

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
  return runWorker<HeadModel>('train-worker', { examples, settings }, run);
}

/** `trainLabels` in a thread of its own. Rejects with the signal's reason. */
export function trainLabelsInWorker(
  examples: readonly LabelExample[],
  names: readonly LabelExample[],
  settings: LabelSettings,
  run: TrainRun = {},
): Promise<LabelModel> {
  return runWorker<LabelModel>('train-labels-worker', { examples, names, settings }, run);
}

function runWorker<Model>(name: string, workerData: unknown, run: TrainRun): Promise<Model> {
  run.signal?.throwIfAborted();
  const worker = spawnWorker(name, import.meta.url, { workerData });
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
  return trained.finally(async () => {
    run.signal?.removeEventListener('abort', abort);
    await worker.terminate();
  });
}
