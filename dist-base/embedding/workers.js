import { spawnWorker } from '../worker-file.js';
import { WorkerLink } from './link.js';
/** The one thread that holds the tokenizer. */
export function tokenizerWorker(source) {
    return (events) => {
        const options = { name: 'encoder-tokenizer', workerData: source };
        return new WorkerLink(spawnWorker('tokenizer-worker', import.meta.url, options), events);
    };
}
/** A thread that holds one session of the model, and no tokenizer. */
export function sessionWorker(source) {
    return (events) => {
        const options = { name: 'encoder-session', workerData: source };
        return new WorkerLink(spawnWorker('session-worker', import.meta.url, options), events);
    };
}
//# sourceMappingURL=workers.js.map