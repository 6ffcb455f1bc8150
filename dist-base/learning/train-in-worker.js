import { spawnWorker } from '../worker-file.js';
/** Trains in a thread of its own, so that requests are answered meanwhile. Rejects with the signal's reason. */
export function trainInWorker(examples, settings, run = {}) {
    run.signal?.throwIfAborted();
    const worker = spawnWorker('train-worker', import.meta.url, { workerData: { examples, settings } });
    let abort = () => { };
    const trained = new Promise((resolve, reject) => {
        abort = () => reject(run.signal?.reason);
        worker.on('message', (message) => {
            if ('model' in message)
                resolve(message.model);
            else
                run.onProgress?.(message.done, message.total);
        });
        worker.on('error', reject);
        worker.on('exit', (code) => reject(new Error(`training stopped with exit code ${code}`)));
    });
    run.signal?.addEventListener('abort', abort, { once: true });
    return trained.finally(async () => {
        run.signal?.removeEventListener('abort', abort);
        await worker.terminate();
    });
}
//# sourceMappingURL=train-in-worker.js.map