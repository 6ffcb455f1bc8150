import { parentPort, workerData } from 'node:worker_threads';
import { type TrainingExample, type TrainSettings, trainHead } from './train.ts';

const { examples, settings }: { examples: TrainingExample[]; settings: TrainSettings } = workerData;
const result = trainHead(examples, settings, (done, total) => parentPort?.postMessage({ done, total }));
parentPort?.postMessage({ result });
