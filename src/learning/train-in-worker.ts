import { spawnWorker } from '../worker-file.ts';
import type { HeadModel } from './head.ts';
import type { TrainingExample, TrainSettings } from './train.ts';

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
  run.signal?.throwIfAborted();
  const worker = spawnWorker('train-worker', import.meta.url, { workerData: { examples, settings } });
  let abort = () => {};
  const trained = new Promise<HeadModel>((resolve, reject) => {
    abort = () => reject(run.signal?.reason);
    worker.on('message', (message: { model: HeadModel } | { done: number; total: number }) => {
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
