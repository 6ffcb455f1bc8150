import { type Kysely, sql } from 'kysely';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { AppError } from '../errors.ts';
import type { BackupProgress } from './backup.ts';
import { type BackupHeader, type BackupTrailer, damaged, readBackup } from './backup-format.ts';
import { countRows, describeColumns, listTables } from './backup-tables.ts';
import { type Database, openDatabase } from './connect.ts';
import { listApplied, MIGRATIONS, type MigrationList, migrateTo, pendingMigrations } from './migrate.ts';
import type { Tables } from './tables.ts';

const ROWS_PER_INSERT = 500;
const CHARACTERS_PER_INSERT = 2 ** 20;
/** The service writes it on its first start: a database that holds nothing else is still an empty one. */
const MAY_HOLD_ROWS = 'setting';

export interface RestoreOptions {
  readonly logger: Logger;
  /** Replaces what the database holds. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: BackupProgress) => void;
  readonly migrations?: MigrationList;
}

/**
 * Puts a backup into the configured database, whichever engine it came from, and gives the rows per table.
 *
 * The file is checked to its end before the database is touched; then everything, migrations of an older backup
 * included, is one transaction.
 *
 * @throws AppError `bad_data_file`, `schema_too_new`, `conflict` (rows are there and `force` is not given), `file_error`,
 *   and what `openDatabase` throws
 */
export async function restoreDatabase(
  config: Config,
  file: string,
  options: RestoreOptions,
): Promise<Readonly<Record<string, number>>> {
  const { logger, signal, migrations = MIGRATIONS } = options;
  const header = await verifyBackup(file, signal);
  if (!Object.hasOwn(migrations, header.schema)) {
    throw new AppError('schema_too_new', `The backup was made by a newer version of this program (${header.schema}).`);
  }
  await using database = await openDatabase({ config, logger, ...(signal && { signal }) });
  await pendingMigrations(database, migrations);
  const rows = await replaceAll(database, file, header, options);
  logger.info({ schema: header.schema, rows }, 'the backup was restored');
  return rows;
}

/** Reads the file to its end. @throws AppError `bad_data_file` or `file_error` */
async function verifyBackup(file: string, signal?: AbortSignal): Promise<BackupHeader> {
  let header: BackupHeader | undefined;
  for await (const line of readBackup(file, signal)) if (line.kind === 'header') header = line.header;
  if (!header) throw damaged('its header is missing');
  return header;
}

async function replaceAll(database: Database, file: string, header: BackupHeader, options: RestoreOptions) {
  const { migrations = MIGRATIONS, force = false } = options;
  return await database.maintenance((kysely) =>
    kysely.transaction().execute(async (trx) => {
      if (!force) await refuseRows(trx);
      if ((await listApplied(trx)).length > 0) await migrateTo(trx, migrations, null);
      await migrateTo(trx, migrations, header.schema);
      // A merged item may come before the one that speaks for it.
      await sql`set constraints all deferred`.execute(trx);
      const trailer = await load(trx, file, header, options);
      await sql`set constraints all immediate`.execute(trx);
      await restoreSequences(trx, trailer);
      await migrateTo(trx, migrations);
      await sql`analyze`.execute(trx);
      return trailer.rows;
    }),
  );
}

async function refuseRows(trx: Kysely<Tables>): Promise<void> {
  for (const { name } of await listTables(trx)) {
    if (name === MAY_HOLD_ROWS || (await countRows(trx, name)) === 0) continue;
    throw new AppError('conflict', `The database is not empty (table ${name} has rows); --force replaces them.`);
  }
}

async function load(trx: Kysely<Tables>, file: string, header: BackupHeader, options: RestoreOptions) {
  const { signal, onProgress } = options;
  let trailer: BackupTrailer | undefined;
  let batch = new Batch('');
  let done = 0;
  const flush = async () => {
    await batch.insert(trx);
    done += batch.size;
    if (batch.size > 0) onProgress?.({ table: batch.table, done, total: header.rows[batch.table] ?? done });
    batch = new Batch(batch.table);
  };
  for await (const line of readBackup(file, signal)) {
    if (line.kind === 'trailer') trailer = line.trailer;
    if (line.kind !== 'row') continue;
    if (line.table !== batch.table || batch.isFull) await flush();
    if (line.table !== batch.table) {
      batch = new Batch(line.table);
      done = 0;
    }
    batch.add(line.json);
  }
  await flush();
  if (!trailer) throw damaged('its end is missing');
  return trailer;
}

/** Rows of one table on their way into it. */
class Batch {
  readonly table: string;
  readonly #rows: string[] = [];
  #characters = 0;

  constructor(table: string) {
    this.table = table;
  }

  get size(): number {
    return this.#rows.length;
  }

  get isFull(): boolean {
    return this.size >= ROWS_PER_INSERT || this.#characters >= CHARACTERS_PER_INSERT;
  }

  add(json: string): void {
    this.#rows.push(json);
    this.#characters += json.length;
  }

  async insert(trx: Kysely<Tables>): Promise<void> {
    if (this.size === 0) return;
    const { writable } = await describeColumns(trx, this.table);
    if (writable.length === 0) throw damaged(`its schema has no table ${this.table}`);
    const columns = sql.join(writable.map((column) => sql.ref(column)));
    const table = sql.table(this.table);
    // `overriding system value`: identity columns keep the numbers that they had.
    await sql`insert into ${table} (${columns}) overriding system value
      select ${columns} from json_populate_recordset(null::${table}, ${`[${this.#rows.join(',')}]`}::json)`.execute(
      trx,
    );
  }
}

/** Numbers go on where they stood, also where the last rows had been deleted. */
async function restoreSequences(trx: Kysely<Tables>, trailer: BackupTrailer): Promise<void> {
  for (const [table, { value, used }] of Object.entries(trailer.sequences)) {
    const { identity } = await describeColumns(trx, table);
    if (identity === undefined) throw damaged(`table ${table} has no sequence`);
    await sql`select setval(pg_get_serial_sequence(${table}, ${identity}), ${value}::bigint, ${used})`.execute(trx);
  }
}
