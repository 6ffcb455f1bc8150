import { parentPort, workerData } from 'node:worker_threads';
import { trainHead } from './train.js';
const { examples, settings } = workerData;
const model = trainHead(examples, settings, (done, total) => parentPort?.postMessage({ done, total }));
parentPort?.postMessage({ model });
//# sourceMappingURL=train-worker.js.map