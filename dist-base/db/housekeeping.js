import { setInterval as every } from 'node:timers/promises';
import { sql } from 'kysely';
const PLAN = {
    tickMs: 30_000,
    checkpointEveryMs: 5 * 60_000,
    checkpointAfterRows: 20_000,
    vacuumEveryMs: 60 * 60_000,
};
/**
 * Does for the embedded engine what PostgreSQL's checkpointer and autovacuum do: PGlite has neither, so its log would
 * grow for ever and its planner would know nothing. Resolves when the signal aborts; at once on PostgreSQL.
 */
export async function keepHouse(database, options) {
    if (database.engine === 'postgres')
        return;
    const { logger, signal, plan = PLAN } = options;
    const keeper = new Keeper(database, database.client, plan);
    try {
        for await (const _ of every(plan.tickMs, undefined, { signal, ref: false })) {
            await keeper.tick(performance.now()).catch((error) => {
                logger.warn({ err: error }, 'housekeeping of the embedded database failed; it will be tried again');
            });
        }
    }
    catch (error) {
        if (!signal.aborted)
            throw error;
    }
}
class Keeper {
    #database;
    #client;
    #plan;
    #checkpoint;
    #vacuum;
    constructor(database, client, plan) {
        this.#database = database;
        this.#client = client;
        this.#plan = plan;
        const start = { at: performance.now(), rows: client.stats().rowsWritten };
        this.#checkpoint = start;
        this.#vacuum = start;
    }
    async tick(now) {
        const rows = this.#client.stats().rowsWritten;
        if (rows > this.#vacuum.rows && now - this.#vacuum.at >= this.#plan.vacuumEveryMs) {
            await vacuum(this.#database);
            this.#vacuum = { at: now, rows };
        }
        const since = rows - this.#checkpoint.rows;
        const due = now - this.#checkpoint.at >= this.#plan.checkpointEveryMs || since >= this.#plan.checkpointAfterRows;
        if (since > 0 && due) {
            await this.#database.maintenance((kysely) => sql `checkpoint`.execute(kysely));
            this.#checkpoint = { at: now, rows };
        }
    }
}
/** Table by table, each its own turn: other callers come in between. */
async function vacuum(database) {
    const { rows } = await sql `
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')`.execute(database.kysely);
    for (const { name } of rows) {
        await database.maintenance((kysely) => sql `vacuum (analyze) ${sql.raw(name)}`.execute(kysely));
    }
}
//# sourceMappingURL=housekeeping.js.map