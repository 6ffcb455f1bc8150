import { createHash, type Hash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Kysely, sql } from 'kysely';
import { AppError } from '../errors.ts';
import { type BackupHeader, type BackupTrailer, FORMAT, FORMAT_VERSION, rowLine } from './backup-format.ts';
import { type BackupTable, countRows, describeColumns, listTables } from './backup-tables.ts';
import type { Database } from './connect.ts';
import { listApplied, pendingMigrations } from './migrate.ts';
import type { Tables } from './tables.ts';

const OWNER_ONLY = 0o600;
const ROWS_PER_READ = 500;

export interface BackupProgress {
  readonly table: string;
  readonly done: number;
  readonly total: number;
}

export interface BackupOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: BackupProgress) => void;
}

/**
 * Writes the whole database, as it stands at one moment, to `file`, and gives the rows per table.
 *
 * The file appears when it is complete and on disk (it replaces one of that name), readable by its owner only. Jobs
 * that wait in the queue are not in it. On the embedded engine everybody else waits until it is done.
 *
 * @throws AppError `schema_too_new`, `conflict` (nothing to back up), `storage_full`, `file_error`; the signal's reason
 */
export async function backupDatabase(
  database: Database,
  file: string,
  options: BackupOptions = {},
): Promise<Readonly<Record<string, number>>> {
  await pendingMigrations(database);
  const target = path.resolve(file);
  const partial = path.join(
    path.dirname(target),
    `.${path.basename(target)}.${randomBytes(4).toString('hex')}.partial`,
  );
  const backup = new Backup(database.engine, options);
  try {
    await database.maintenance((kysely) =>
      kysely
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute((snapshot) => writeFile(partial, backup.lines(snapshot), options.signal)),
    );
    await rename(partial, target);
    await syncFolder(path.dirname(target));
    return backup.rows;
  } catch (error) {
    await rm(partial, { force: true });
    throw explainWriteError(error);
  }
}

class Backup {
  readonly rows: Record<string, number> = {};
  readonly #engine: Database['engine'];
  readonly #options: BackupOptions;

  constructor(engine: Database['engine'], options: BackupOptions) {
    this.#engine = engine;
    this.#options = options;
  }

  /** The text of the file, some hundred lines at a time. */
  async *lines(snapshot: Kysely<Tables>): AsyncGenerator<string> {
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
    const trailer: BackupTrailer = { rows: this.rows, sequences, sha256: hash.digest('hex') };
    yield `${JSON.stringify(trailer)}\n`;
  }

  async #header(snapshot: Kysely<Tables>, tables: readonly BackupTable[]): Promise<BackupHeader> {
    const schema = (await listApplied(snapshot)).at(-1);
    if (schema === undefined)
      throw new AppError('conflict', 'The database has no tables yet: there is nothing to back up.');
    const rows: Record<string, number> = {};
    for (const { name } of tables) rows[name] = await countRows(snapshot, name);
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

function hashed(hash: Hash, text: string): string {
  hash.update(text);
  return text;
}

/** Each row as the JSON text that PostgreSQL makes of it, in the order of the primary key. */
async function* readRows(kysely: Kysely<Tables>, { name, key }: BackupTable): AsyncGenerator<string[]> {
  const columns = sql.join(key.map((column) => sql.ref(`t.${column}`)));
  const keyText = sql.join(key.map((column) => sql`${sql.ref(`t.${column}`)}::text`));
  let after: readonly string[] | undefined;
  for (;;) {
    const beyond = after ? sql`where (${columns}) > (${sql.join(after)})` : sql``;
    const { rows } = await sql<{ row: string; key: string[] }>`
      select row_to_json(t)::text as row, array[${keyText}] as key
      from ${sql.table(name)} as t ${beyond} order by ${columns} limit ${sql.lit(ROWS_PER_READ)}`.execute(kysely);
    if (rows.length > 0) yield rows.map((row) => row.row);
    if (rows.length < ROWS_PER_READ) return;
    after = rows.at(-1)?.key;
  }
}

async function readSequences(kysely: Kysely<Tables>, tables: readonly BackupTable[]) {
  const sequences: BackupTrailer['sequences'] = {};
  for (const { name } of tables) {
    const { identity } = await describeColumns(kysely, name);
    if (identity === undefined) continue;
    const found = await sql<{ sequence: string }>`
      select pg_get_serial_sequence(${name}, ${identity}) as sequence`.execute(kysely);
    const { rows } = await sql<{ value: string; used: boolean }>`
      select last_value as value, is_called as used from ${sql.raw(found.rows[0]?.sequence ?? '')}`.execute(kysely);
    if (rows[0]) sequences[name] = rows[0];
  }
  return sequences;
}

async function writeFile(file: string, lines: AsyncIterable<string>, signal?: AbortSignal): Promise<void> {
  const output = createWriteStream(file, { flags: 'wx', mode: OWNER_ONLY, flush: true });
  await pipeline(Readable.from(lines), createGzip(), output, { ...(signal && { signal }) });
}

/** Makes the new name itself durable. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function explainWriteError(error: unknown): unknown {
  const failed = error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : undefined;
  if (failed === undefined || error instanceof AppError) return error;
  if (failed === 'ENOSPC')
    return new AppError('storage_full', 'The disk is too full for the backup.', { cause: error });
  return new AppError('file_error', `The backup file cannot be written (${failed}).`, { cause: error });
}
