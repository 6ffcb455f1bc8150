import { parentPort } from 'node:worker_threads';
import { type TrainingExample, type TrainSettings, trainHead } from './train.ts';
import { receiveInput } from './train-input.ts';

type Input = { readonly examples: TrainingExample[]; readonly settings: TrainSettings };

const { examples, settings } = await receiveInput<Input>(['examples']);
const result = trainHead(examples, settings, (done, total) => parentPort?.postMessage({ done, total }));
parentPort?.postMessage({ result });
