import { AppError } from '../errors.js';
import { spawnWorker } from '../worker-file.js';
import { mapSqlState, storageFull } from './errors.js';
/** A first start runs initdb (6 s alone, 37 s seen on a busy machine); a recovery replays the log. */
const START_TIMEOUT_MS = 300_000;
const CLOSE_TIMEOUT_MS = 30_000;
/** One worker thread with one open PGlite folder. A dead one is not restarted: its owner starts another. */
export class PgliteProcess {
    #failure;
    #nextId = 1;
    #rowsWritten = 0;
    #worker;
    #pending = new Map();
    constructor(worker) {
        this.#worker = worker;
    }
    /**
     * @param signal ends a start that is under way
     * @throws AppError `storage_full`, `cancelled`, or `database_unavailable` when the folder cannot be opened
     */
    static async start(folder, signal) {
        if (signal?.aborted)
            throw cancelled();
        const workerData = { folder };
        const process = new PgliteProcess(spawnWorker('pglite-worker', import.meta.url, { workerData, name: 'database', stdout: true, stderr: true }));
        const cancel = () => process.#end(cancelled());
        signal?.addEventListener('abort', cancel);
        try {
            await process.#untilReady();
            return process;
        }
        finally {
            signal?.removeEventListener('abort', cancel);
        }
    }
    /** Why it ended; undefined while it works. */
    get failure() {
        return this.#failure;
    }
    get rowsWritten() {
        return this.#rowsWritten;
    }
    /**
     * Runs one statement. PGlite cannot interrupt one, so after `timeoutMs` the whole thread is ended.
     *
     * @throws AppError when the thread is lost: `deadline_exceeded`, `storage_full` or `database_unavailable`
     */
    run(statement, timeoutMs) {
        if (this.#failure)
            return Promise.reject(this.#failure);
        const request = { ...statement, id: this.#nextId++ };
        return new Promise((resolve, reject) => {
            const timer = Number.isFinite(timeoutMs) ? setTimeout(() => this.#end(tooSlow(timeoutMs)), timeoutMs) : undefined;
            const settle = (act) => {
                clearTimeout(timer);
                this.#pending.delete(request.id);
                act();
            };
            this.#pending.set(request.id, {
                resolve: (answer) => settle(() => resolve(answer)),
                reject: (error) => settle(() => reject(error)),
            });
            this.#worker.postMessage(request);
        });
    }
    /** Closes the folder in order and ends the thread. */
    async close() {
        try {
            if (!this.#failure)
                await this.run({ kind: 'close' }, CLOSE_TIMEOUT_MS);
        }
        finally {
            await this.kill();
        }
    }
    /** Ends the thread at once, as a crash would: the next start recovers the folder. */
    async kill() {
        this.#end(lost());
        await this.#worker.terminate();
    }
    #untilReady() {
        return new Promise((resolve, reject) => {
            const fail = (error) => {
                clearTimeout(timer);
                reject(error);
                this.#end(error);
            };
            const timer = setTimeout(() => fail(tooSlow(START_TIMEOUT_MS)), START_TIMEOUT_MS);
            this.#worker.on('error', (cause) => fail(lost(cause)));
            this.#worker.on('exit', () => fail(this.#failure ?? lost()));
            this.#worker.on('message', (reply) => {
                if (reply.kind === 'ready') {
                    clearTimeout(timer);
                    resolve();
                }
                else if (reply.kind === 'broken')
                    fail(broken(reply.fault));
                else
                    this.#receive(reply);
            });
        });
    }
    #receive(reply) {
        const { inTransaction } = reply;
        if (reply.kind === 'done')
            for (const { affectedRows } of reply.results)
                this.#rowsWritten += affectedRows;
        this.#pending
            .get(reply.id)
            ?.resolve(reply.kind === 'done'
            ? { results: reply.results, inTransaction }
            : { error: mapSqlState(reply.error.code ?? '', reply.error), inTransaction });
    }
    #end(reason) {
        if (this.#failure)
            return;
        this.#failure = reason;
        for (const pending of [...this.#pending.values()])
            pending.reject(reason);
        void this.#worker.terminate();
    }
}
function broken(fault) {
    if (fault.diskFull)
        return storageFull();
    if (fault.reason === '')
        return lost();
    return new AppError('database_unavailable', `The embedded database cannot be opened: ${fault.reason}`);
}
function lost(cause) {
    return new AppError('database_unavailable', 'The embedded database stopped and is being started again.', {
        retryAfter: 1,
        ...(cause === undefined ? {} : { cause }),
    });
}
function cancelled() {
    return new AppError('cancelled', 'Opening the database was cancelled.');
}
function tooSlow(timeoutMs) {
    return new AppError('deadline_exceeded', `The database did not finish within ${timeoutMs} ms.`, { retryAfter: 1 });
}
//# sourceMappingURL=pglite-process.js.map