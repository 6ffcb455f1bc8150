import { runInWorker, type WorkerRun } from '../worker-file.ts';
import type { HeadModel } from './head.ts';
import type { LabelModel } from './label-classifier.ts';
import type { TrainingExample, TrainSettings } from './train.ts';
import type { LabelExample, LabelSettings } from './train-labels.ts';

export type TrainRun = WorkerRun;

/** Trains in a thread of its own, so that requests are answered meanwhile. Rejects with the signal's reason. */
export function trainInWorker(
  examples: readonly TrainingExample[],
  settings: TrainSettings,
  run: TrainRun = {},
): Promise<HeadModel> {
  return runInWorker<HeadModel>('train-worker', import.meta.url, { workerData: { examples, settings } }, run);
}

/** `trainLabels` in a thread of its own. Rejects with the signal's reason. */
export function trainLabelsInWorker(
  examples: readonly LabelExample[],
  names: readonly LabelExample[],
  settings: LabelSettings,
  run: TrainRun = {},
): Promise<LabelModel> {
  return runInWorker<LabelModel>(
    'train-labels-worker',
    import.meta.url,
    { workerData: { examples, names, settings } },
    run,
  );
}
