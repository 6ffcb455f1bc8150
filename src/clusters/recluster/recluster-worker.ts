import { parentPort, workerData } from 'node:worker_threads';
import type { ReclusterInput } from './recluster-input.ts';
import { reclusterStored } from './recluster-stored.ts';

const input: ReclusterInput = workerData;
const result = reclusterStored(input, (done, total) => parentPort?.postMessage({ done, total }));
parentPort?.postMessage({ result });
