import { workerData } from 'node:worker_threads';
import { AutoModel, Tensor } from '@xenova/transformers';
import { useFolder } from './library.js';
import { poolOutputs } from './pooling.js';
import { serve } from './serve.js';
/** Any ids do for the first run: it shows the size of the vector and lets the runtime allocate. */
const WARM_UP = BigInt64Array.of(0n, 1n, 2n);
await serve(load);
async function load() {
    const source = workerData;
    useFolder(source.folder);
    const model = await AutoModel.from_pretrained(source.folder, {
        dtype: source.dtype,
        device: 'cpu',
        // One core per session; more sessions use more cores. A padded batch would make a vector depend on its neighbours.
        session_options: { intraOpNumThreads: 1, interOpNumThreads: 1 },
    });
    const embed = async (ids) => {
        const shape = [1, ids.length];
        const mask = new Tensor('int64', new BigInt64Array(ids.length).fill(1n), shape);
        const outputs = await model({ input_ids: new Tensor('int64', ids, shape), attention_mask: mask });
        return poolOutputs(outputs, mask, source.pooling);
    };
    const { length: dimensions } = await embed(WARM_UP);
    return { info: { dimensions }, answer: ({ ids }) => embed(ids) };
}
//# sourceMappingURL=session-worker.js.map