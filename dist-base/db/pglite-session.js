import { AppError } from '../errors.js';
import { isRollback } from './errors.js';
import { encodeParameter, parserFor } from './values.js';
const NO_RESULT = { command: '', affectedRows: 0, fields: [], rows: [] };
/**
 * The one connection of a PGlite process, held by one caller until `release()`.
 *
 * It is what Kysely's PostgresDialect takes for a client of `pg`, and gives the same values.
 */
export class PgliteSession {
    #process;
    #limits;
    #unlock;
    #idleTimer;
    #running = Promise.resolve();
    #inTransaction = false;
    #released = false;
    #lost;
    /** @param unlock passes the connection on to the next caller */
    constructor(process, limits, unlock) {
        this.#process = process;
        this.#limits = limits;
        this.#unlock = unlock;
        this.#watchIdle();
    }
    query(sql, parameters = []) {
        if (typeof sql !== 'string')
            throw new Error('the embedded database has no cursors');
        return this.#query(sql, parameters);
    }
    async #query(sql, parameters) {
        if (this.#isLost() && isRollback(sql))
            return { command: 'ROLLBACK', rowCount: 0, rows: [] };
        const [result] = await this.#run({ kind: 'query', sql, parameters: parameters.map(encodeParameter) });
        return toOutcome(result ?? NO_RESULT);
    }
    /** Runs several statements without parameters; gives one outcome each. */
    async exec(sql) {
        return (await this.#run({ kind: 'exec', sql })).map((result) => toOutcome(result));
    }
    /** Gives the connection back; a transaction left open is rolled back first, so that the next caller never sees it. */
    release() {
        if (this.#released)
            return;
        this.#released = true;
        clearTimeout(this.#idleTimer);
        void this.#running.then(() => this.#rollBack()).finally(this.#unlock);
    }
    #isLost() {
        return this.#lost !== undefined || this.#process.failure !== undefined;
    }
    async #run(statement) {
        if (this.#lost)
            throw this.#lost;
        if (this.#released)
            throw new Error('this database session was given back');
        clearTimeout(this.#idleTimer);
        const running = this.#process.run(statement, this.#limits.statementTimeoutMs);
        this.#running = running.catch(() => undefined);
        try {
            return this.#open(await running);
        }
        finally {
            this.#watchIdle();
        }
    }
    #open(answer) {
        this.#inTransaction = answer.inTransaction;
        if ('error' in answer)
            throw answer.error;
        return answer.results;
    }
    async #rollBack() {
        if (!this.#inTransaction || this.#process.failure)
            return;
        // A process that fails here has ended, and its transaction with it: the next caller starts another.
        await this.#process.run({ kind: 'exec', sql: 'rollback' }, this.#limits.statementTimeoutMs).catch(() => undefined);
    }
    // A holder that waits for something else (another call to this database, for one) would lock everybody out for good.
    #watchIdle() {
        const { idleTimeoutMs } = this.#limits;
        if (this.#released || !Number.isFinite(idleTimeoutMs))
            return;
        clearTimeout(this.#idleTimer);
        this.#idleTimer = setTimeout(() => {
            this.#lost = new AppError('deadline_exceeded', `A transaction without a statement for ${idleTimeoutMs} ms was rolled back.`);
            this.release();
        }, idleTimeoutMs);
    }
}
function toOutcome(result) {
    const columns = result.fields.map((field) => ({ name: field.name, parse: parserFor(field.typeId) }));
    const rows = result.rows.map((row) => {
        const entries = columns.map(({ name, parse }, index) => {
            const text = row[index] ?? null;
            return [name, text === null ? null : parse(text)];
        });
        return Object.fromEntries(entries);
    });
    // The union names the tags that Kysely looks at; the others pass through it unread.
    return { command: result.command, rowCount: result.affectedRows, rows };
}
//# sourceMappingURL=pglite-session.js.map