import { parentPort } from 'node:worker_threads';
import { receiveInput } from './train-input.ts';
import { type LabelExample, type LabelSettings, trainLabels } from './train-labels.ts';

type Input = {
  readonly examples: LabelExample[];
  readonly names: LabelExample[];
  readonly settings: LabelSettings;
};

const { examples, names, settings } = await receiveInput<Input>(['examples', 'names']);
const result = trainLabels(examples, names, settings, (done, total) => parentPort?.postMessage({ done, total }));
parentPort?.postMessage({ result });
