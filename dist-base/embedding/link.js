/** The worker ended before it answered. `running` tells its oldest request, which may be the cause, from the rest. */
export class WorkerGone extends Error {
    running;
    constructor(reason, running) {
        super(reason);
        this.name = 'WorkerGone';
        this.running = running;
    }
}
/** The worker could not answer this one request and lives on. */
export class RequestFailed extends Error {
    name = 'RequestFailed';
}
/** A session needs at most a second or two for the longest text: this long without an answer means it hangs. */
const ANSWER_LIMIT_MS = 60_000;
/** Loading cannot be interrupted and takes a few seconds on a slow machine. */
const STOP_LIMIT_MS = 20_000;
/**
 * Talks to a worker thread that runs `serve`.
 *
 * A thread is asked to end and never terminated: ONNX Runtime's binding aborts the whole process (an uncaught
 * `Napi::Error`) when its thread is terminated while a session loads or runs.
 */
export class WorkerLink {
    #worker;
    #events;
    #pending = new Map();
    #lastId = 0;
    #ended;
    #stopping = false;
    #exited = false;
    constructor(worker, events) {
        this.#worker = worker;
        this.#events = events;
        worker.on('message', (message) => this.#receive(message));
        // The message of an uncaught error may quote the input; its code (ERR_WORKER_OUT_OF_MEMORY) does not.
        worker.on('error', (error) => this.#end(`crashed (${error.code ?? error.name})`));
        worker.on('messageerror', () => this.#end('sent a message that cannot be read'));
        worker.on('exit', (code) => {
            this.#exited = true;
            this.#end(`ended with code ${code}`);
        });
    }
    send(request) {
        return new Promise((resolve, reject) => {
            if (this.#ended !== undefined) {
                reject(new WorkerGone(this.#ended, false));
                return;
            }
            this.#lastId += 1;
            const id = this.#lastId;
            const timer = setTimeout(() => this.#end('does not answer'), ANSWER_LIMIT_MS).unref();
            this.#pending.set(id, { resolve, reject, timer });
            this.#worker.postMessage({ id, request });
        });
    }
    async stop() {
        this.#stopping = true;
        this.#end('was stopped');
        if (this.#exited)
            return;
        await new Promise((resolve) => {
            const timer = setTimeout(resolve, STOP_LIMIT_MS);
            this.#worker.once('exit', () => {
                clearTimeout(timer);
                resolve();
            });
        });
    }
    #receive(message) {
        if (this.#ended !== undefined)
            return;
        if (message.kind === 'ready')
            this.#events.ready(message.info);
        else if (message.kind === 'not_loaded')
            this.#end(`could not load: ${message.reason}`);
        else {
            const pending = this.#pending.get(message.id);
            if (pending === undefined)
                return;
            this.#pending.delete(message.id);
            clearTimeout(pending.timer);
            if (message.kind === 'done')
                pending.resolve(message.reply);
            else
                pending.reject(new RequestFailed(message.errorName));
        }
    }
    #end(reason) {
        if (this.#ended !== undefined)
            return;
        this.#ended = reason;
        let running = true;
        for (const { reject, timer } of this.#pending.values()) {
            clearTimeout(timer);
            reject(new WorkerGone(reason, running));
            running = false;
        }
        this.#pending.clear();
        // One that hangs may still come back, and is not worth keeping the process for if it does not.
        this.#worker.postMessage(null);
        this.#worker.unref();
        if (!this.#stopping)
            this.#events.gone(reason);
    }
}
//# sourceMappingURL=link.js.map