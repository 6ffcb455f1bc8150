var __addDisposableResource = (this && this.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var __disposeResources = (this && this.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});
import { sql } from 'kysely';
import { AppError } from '../errors.js';
import { damaged, readBackup } from './backup-format.js';
import { countRows, describeColumns, listTables } from './backup-tables.js';
import { openDatabase } from './connect.js';
import { listApplied, MIGRATIONS, migrateTo, pendingMigrations } from './migrate.js';
const ROWS_PER_INSERT = 500;
const CHARACTERS_PER_INSERT = 2 ** 20;
/** The service writes it on its first start: a database that holds nothing else is still an empty one. */
const MAY_HOLD_ROWS = 'setting';
/**
 * Puts a backup into the configured database, whichever engine it came from, and gives the rows per table.
 *
 * The file is checked to its end before the database is touched; then everything, migrations of an older backup
 * included, is one transaction.
 *
 * @throws AppError `bad_data_file`, `schema_too_new`, `conflict` (rows are there and `force` is not given), `file_error`,
 *   and what `openDatabase` throws
 */
export async function restoreDatabase(config, file, options) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { logger, signal, migrations = MIGRATIONS } = options;
        const header = await verifyBackup(file, signal);
        if (!Object.hasOwn(migrations, header.schema)) {
            throw new AppError('schema_too_new', `The backup was made by a newer version of this program (${header.schema}).`);
        }
        const database = __addDisposableResource(env_1, await openDatabase({ config, logger, ...(signal && { signal }) }), true);
        await pendingMigrations(database, migrations);
        const rows = await replaceAll(database, file, header, options);
        logger.info({ schema: header.schema, rows }, 'the backup was restored');
        return rows;
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = __disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
/** Reads the file to its end. @throws AppError `bad_data_file` or `file_error` */
async function verifyBackup(file, signal) {
    let header;
    for await (const line of readBackup(file, signal))
        if (line.kind === 'header')
            header = line.header;
    if (!header)
        throw damaged('its header is missing');
    return header;
}
async function replaceAll(database, file, header, options) {
    const { migrations = MIGRATIONS, force = false } = options;
    return await database.maintenance((kysely) => kysely.transaction().execute(async (trx) => {
        if (!force)
            await refuseRows(trx);
        if ((await listApplied(trx)).length > 0)
            await migrateTo(trx, migrations, null);
        await migrateTo(trx, migrations, header.schema);
        const trailer = await load(trx, file, header, options);
        await restoreSequences(trx, trailer);
        await migrateTo(trx, migrations);
        await sql `analyze`.execute(trx);
        return trailer.rows;
    }));
}
async function refuseRows(trx) {
    for (const { name } of await listTables(trx)) {
        if (name === MAY_HOLD_ROWS || (await countRows(trx, name)) === 0)
            continue;
        throw new AppError('conflict', `The database is not empty (table ${name} has rows); --force replaces them.`);
    }
}
async function load(trx, file, header, options) {
    const { signal, onProgress } = options;
    let trailer;
    let batch = new Batch('');
    let done = 0;
    const flush = async () => {
        await batch.insert(trx);
        done += batch.size;
        if (batch.size > 0)
            onProgress?.({ table: batch.table, done, total: header.rows[batch.table] ?? done });
        batch = new Batch(batch.table);
    };
    for await (const line of readBackup(file, signal)) {
        if (line.kind === 'trailer')
            trailer = line.trailer;
        if (line.kind !== 'row')
            continue;
        if (line.table !== batch.table || batch.isFull)
            await flush();
        if (line.table !== batch.table) {
            batch = new Batch(line.table);
            done = 0;
        }
        batch.add(line.json);
    }
    await flush();
    if (!trailer)
        throw damaged('its end is missing');
    return trailer;
}
/** Rows of one table on their way into it. */
class Batch {
    table;
    #rows = [];
    #characters = 0;
    constructor(table) {
        this.table = table;
    }
    get size() {
        return this.#rows.length;
    }
    get isFull() {
        return this.size >= ROWS_PER_INSERT || this.#characters >= CHARACTERS_PER_INSERT;
    }
    add(json) {
        this.#rows.push(json);
        this.#characters += json.length;
    }
    async insert(trx) {
        if (this.size === 0)
            return;
        const { writable } = await describeColumns(trx, this.table);
        if (writable.length === 0)
            throw damaged(`its schema has no table ${this.table}`);
        const columns = sql.join(writable.map((column) => sql.ref(column)));
        const table = sql.table(this.table);
        // `overriding system value`: identity columns keep the numbers that they had.
        await sql `insert into ${table} (${columns}) overriding system value
      select ${columns} from json_populate_recordset(null::${table}, ${`[${this.#rows.join(',')}]`}::json)`.execute(trx);
    }
}
/** Numbers go on where they stood, also where the last rows had been deleted. */
async function restoreSequences(trx, trailer) {
    for (const [table, { value, used }] of Object.entries(trailer.sequences)) {
        const { identity } = await describeColumns(trx, table);
        if (identity === undefined)
            throw damaged(`table ${table} has no sequence`);
        await sql `select setval(pg_get_serial_sequence(${table}, ${identity}), ${value}::bigint, ${used})`.execute(trx);
    }
}
//# sourceMappingURL=restore.js.map