import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { sql } from 'kysely';
import { AppError } from '../errors.js';
import { FORMAT, FORMAT_VERSION, rowLine } from './backup-format.js';
import { countRows, describeColumns, listTables } from './backup-tables.js';
import { listApplied, pendingMigrations } from './migrate.js';
const OWNER_ONLY = 0o600;
const ROWS_PER_READ = 500;
/**
 * Writes the whole database, as it stands at one moment, to `file`, and gives the rows per table.
 *
 * The file appears when it is complete and on disk (it replaces one of that name), readable by its owner only. Jobs
 * that wait in the queue are not in it. On the embedded engine everybody else waits until it is done.
 *
 * @throws AppError `schema_too_new`, `conflict` (nothing to back up), `storage_full`, `file_error`; the signal's reason
 */
export async function backupDatabase(database, file, options = {}) {
    await pendingMigrations(database);
    const target = path.resolve(file);
    const partial = path.join(path.dirname(target), `.${path.basename(target)}.${randomBytes(4).toString('hex')}.partial`);
    const backup = new Backup(database.engine, options);
    try {
        await database.maintenance((kysely) => kysely
            .transaction()
            .setIsolationLevel('repeatable read')
            .setAccessMode('read only')
            .execute((snapshot) => writeFile(partial, backup.lines(snapshot), options.signal)));
        await rename(partial, target);
        await syncFolder(path.dirname(target));
        return backup.rows;
    }
    catch (error) {
        await rm(partial, { force: true });
        throw explainWriteError(error);
    }
}
class Backup {
    rows = {};
    #engine;
    #options;
    constructor(engine, options) {
        this.#engine = engine;
        this.#options = options;
    }
    /** The text of the file, some hundred lines at a time. */
    async *lines(snapshot) {
        const hash = createHash('sha256');
        const tables = await listTables(snapshot);
        const header = await this.#header(snapshot, tables);
        yield hashed(hash, `${JSON.stringify(header)}\n`);
        for (const table of tables) {
            this.rows[table.name] = 0;
            for await (const rows of readRows(snapshot, table)) {
                this.#options.signal?.throwIfAborted();
                yield hashed(hash, rows.map((row) => rowLine(table.name, row)).join(''));
                const done = (this.rows[table.name] ?? 0) + rows.length;
                this.rows[table.name] = done;
                this.#options.onProgress?.({ table: table.name, done, total: header.rows[table.name] ?? done });
            }
        }
        const sequences = await readSequences(snapshot, tables);
        const trailer = { rows: this.rows, sequences, sha256: hash.digest('hex') };
        yield `${JSON.stringify(trailer)}\n`;
    }
    async #header(snapshot, tables) {
        const schema = (await listApplied(snapshot)).at(-1);
        if (schema === undefined)
            throw new AppError('conflict', 'The database has no tables yet: there is nothing to back up.');
        const rows = {};
        for (const { name } of tables)
            rows[name] = await countRows(snapshot, name);
        return {
            format: FORMAT,
            version: FORMAT_VERSION,
            schema,
            engine: this.#engine,
            created_at: new Date().toISOString(),
            rows,
        };
    }
}
function hashed(hash, text) {
    hash.update(text);
    return text;
}
/** Each row as the JSON text that PostgreSQL makes of it, in the order of the primary key. */
async function* readRows(kysely, { name, key }) {
    const columns = sql.join(key.map((column) => sql.ref(`t.${column}`)));
    const keyText = sql.join(key.map((column) => sql `${sql.ref(`t.${column}`)}::text`));
    let after;
    for (;;) {
        const beyond = after ? sql `where (${columns}) > (${sql.join(after)})` : sql ``;
        const { rows } = await sql `
      select row_to_json(t)::text as row, array[${keyText}] as key
      from ${sql.table(name)} as t ${beyond} order by ${columns} limit ${sql.lit(ROWS_PER_READ)}`.execute(kysely);
        if (rows.length > 0)
            yield rows.map((row) => row.row);
        if (rows.length < ROWS_PER_READ)
            return;
        after = rows.at(-1)?.key;
    }
}
async function readSequences(kysely, tables) {
    const sequences = {};
    for (const { name } of tables) {
        const { identity } = await describeColumns(kysely, name);
        if (identity === undefined)
            continue;
        const found = await sql `
      select pg_get_serial_sequence(${name}, ${identity}) as sequence`.execute(kysely);
        const { rows } = await sql `
      select last_value as value, is_called as used from ${sql.raw(found.rows[0]?.sequence ?? '')}`.execute(kysely);
        if (rows[0])
            sequences[name] = rows[0];
    }
    return sequences;
}
async function writeFile(file, lines, signal) {
    const output = createWriteStream(file, { flags: 'wx', mode: OWNER_ONLY, flush: true });
    await pipeline(Readable.from(lines), createGzip(), output, { ...(signal && { signal }) });
}
/** Makes the new name itself durable. */
async function syncFolder(folder) {
    const handle = await open(folder, 'r');
    try {
        await handle.sync();
    }
    finally {
        await handle.close();
    }
}
function explainWriteError(error) {
    const failed = error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : undefined;
    if (failed === undefined || error instanceof AppError)
        return error;
    if (failed === 'ENOSPC')
        return new AppError('storage_full', 'The disk is too full for the backup.', { cause: error });
    return new AppError('file_error', `The backup file cannot be written (${failed}).`, { cause: error });
}
//# sourceMappingURL=backup.js.map