import { workerData } from 'node:worker_threads';
import { AutoModel, AutoTokenizer, env, LogLevel } from '@xenova/transformers';
import { serve } from './serve.js';
await serve(async () => {
    const { id, cacheDir, dtype } = workerData;
    env.logLevel = LogLevel.NONE;
    env.allowLocalModels = false;
    env.cacheDir = cacheDir;
    await AutoTokenizer.from_pretrained(id);
    await AutoModel.from_pretrained(id, { dtype, device: 'cpu' });
    return { info: null, answer: () => null };
});
//# sourceMappingURL=download-worker.js.map