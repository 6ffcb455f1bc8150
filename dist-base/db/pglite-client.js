import { AppError } from '../errors.js';
import { FifoLock } from './fifo-lock.js';
import { PgliteProcess } from './pglite-process.js';
import { PgliteSession } from './pglite-session.js';
/** Between two attempts to start: with a full disk every call would start a thread that dies. */
const RESTART_PAUSE_MS = 1_000;
/**
 * PGlite in a worker thread behind a queue: one connection, handed from caller to caller in the order of asking.
 *
 * A caller waits at most one statement deadline for its turn (so a call from inside the caller's own transaction, which
 * waits for itself, fails instead of hanging); a statement that runs longer ends the worker, and the next caller gets
 * a new one. `query` and `exec` are what pg-boss's `fromPglite` asks for.
 */
export class PgliteClient {
    #options;
    #limits;
    #lock = new FifoLock();
    #process;
    #restarts = 0;
    #closing = false;
    /** Written through processes that have ended. */
    #rowsBefore = 0;
    #startFailure;
    constructor(options, process) {
        this.#options = options;
        this.#process = process;
        const { statementTimeoutMs } = options;
        // Twice: a nested call must give up before the transaction that waits for it does.
        this.#limits = { statementTimeoutMs, idleTimeoutMs: 2 * statementTimeoutMs };
    }
    static async open(options) {
        return new PgliteClient(options, await PgliteProcess.start(options.folder, options.signal));
    }
    /** Waits for the connection and holds it until `release()`. */
    async connect(limits = this.#limits) {
        const unlock = await this.#acquire();
        try {
            return new PgliteSession(await this.#workingProcess(), limits, unlock);
        }
        catch (error) {
            unlock();
            throw error;
        }
    }
    async query(sql, parameters = []) {
        return await this.#withSession((session) => session.query(sql, parameters));
    }
    /** Statements without parameters, several at once; nobody else's statement comes in between. */
    async exec(sql) {
        return await this.#withSession((session) => session.exec(sql));
    }
    /** The client as Kysely's PostgresDialect wants it. `end` does nothing: the client's owner disposes of it. */
    pool(limits = this.#limits) {
        return {
            options: {},
            connect: () => this.connect(limits),
            end: () => Promise.resolve(),
        };
    }
    stats() {
        return {
            waiting: this.#lock.waiting,
            busy: this.#lock.held,
            restarts: this.#restarts,
            rowsWritten: this.#rowsBefore + this.#process.rowsWritten,
        };
    }
    /** Refuses new calls, lets the present holder finish (one deadline long), and closes the folder. */
    async [Symbol.asyncDispose]() {
        this.#closing = true;
        const closing = new AppError('database_unavailable', 'The database is being closed.');
        const idle = await this.#lock.close(closing, this.#options.statementTimeoutMs);
        await (idle ? this.#process.close() : this.#process.kill());
    }
    async #withSession(work) {
        const session = await this.connect();
        try {
            return await work(session);
        }
        finally {
            session.release();
        }
    }
    async #acquire() {
        const { logger, statementTimeoutMs } = this.#options;
        try {
            return await this.#lock.acquire(statementTimeoutMs);
        }
        catch (error) {
            if (!this.#closing) {
                logger.warn({ waitedMs: statementTimeoutMs, waiting: this.#lock.waiting }, 'a call gave up waiting for the embedded database; a call made inside its own transaction waits for itself');
            }
            throw error;
        }
    }
    async #workingProcess() {
        const { failure } = this.#process;
        if (!failure)
            return this.#process;
        if (this.#startFailure && performance.now() < this.#startFailure.until)
            throw this.#startFailure.error;
        const { folder, logger } = this.#options;
        logger.error({ code: failure.code }, 'the embedded database stopped; starting it again');
        // Its thread must be gone before another opens the folder.
        await this.#process.kill();
        try {
            const next = await PgliteProcess.start(folder);
            this.#rowsBefore += this.#process.rowsWritten;
            this.#process = next;
        }
        catch (error) {
            this.#startFailure = { error, until: performance.now() + RESTART_PAUSE_MS };
            throw error;
        }
        this.#restarts += 1;
        return this.#process;
    }
}
//# sourceMappingURL=pglite-client.js.map