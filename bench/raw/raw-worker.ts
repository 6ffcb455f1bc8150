import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { RawDone, RawWork } from './protocol.ts';

const modelFile: string = workerData;
const session = await InferenceSession.create(modelFile, { intraOpNumThreads: 1, interOpNumThreads: 1 });

async function embed(ids: BigInt64Array): Promise<Float32Array> {
  const shape = [1, ids.length];
  const mask = new BigInt64Array(ids.length).fill(1n);
  const outputs = await session.run({
    input_ids: new Tensor('int64', ids, shape),
    attention_mask: new Tensor('int64', mask, shape),
  });
  const data = outputs.sentence_embedding?.data;
  if (!(data instanceof Float32Array)) throw new Error('The model has no float32 output sentence_embedding.');
  return data;
}

async function work({ ids, next }: RawWork): Promise<RawDone> {
  const done: { index: number; latencyMs: number; vector: Float32Array }[] = [];
  for (;;) {
    const index = Atomics.add(next, 0, 1);
    const text = ids[index];
    if (text === undefined) return done;
    const started = performance.now();
    const vector = await embed(text);
    done.push({ index, latencyMs: performance.now() - started, vector });
  }
}

parentPort?.on('message', (request: RawWork) => {
  // A rejection is uncaught on purpose: it ends the thread, and with it the measurement.
  void work(request).then((done) => parentPort?.postMessage(done));
});
