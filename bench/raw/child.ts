import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { refuseRuntimeTelemetry } from '../../src/config.ts';
import { spawnWorker } from '../../src/worker-file.ts';
import { answerParent } from '../answer-parent.ts';
import type { RawDone, RawReply, RawRequest, RawWork } from './protocol.ts';

refuseRuntimeTelemetry();
const [modelFile, count] = process.argv.slice(2);
const workers = Array.from({ length: Number(count) }, () =>
  spawnWorker('raw-worker', import.meta.url, { workerData: modelFile }),
);

async function run(worker: Worker, work: RawWork): Promise<RawDone> {
  worker.postMessage(work);
  const [done]: RawDone[] = await once(worker, 'message');
  return done ?? [];
}

answerParent(async ({ ids, sessions }: RawRequest): Promise<RawReply> => {
  const work: RawWork = { ids, next: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) };
  const started = performance.now();
  const parts = await Promise.all(workers.slice(0, sessions).map((worker) => run(worker, work)));
  const elapsedMs = performance.now() - started;
  const done = parts.flat().toSorted((a, b) => a.index - b.index);
  return {
    elapsedMs,
    latenciesMs: Float64Array.from(done, ({ latencyMs }) => latencyMs),
    vectors: done.map(({ vector }) => vector),
  };
});
