import { parentPort, workerData } from 'node:worker_threads';
import { type LabelExample, type LabelSettings, trainLabels } from './train-labels.ts';

const { examples, names, settings }: { examples: LabelExample[]; names: LabelExample[]; settings: LabelSettings } =
  workerData;
const result = trainLabels(examples, names, settings, (done, total) => parentPort?.postMessage({ done, total }));
parentPort?.postMessage({ result });
