import { Kysely, PostgresDialect, sql } from 'kysely';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { AppError, isAppError } from '../errors.ts';
import { claimFolder, type Embedded, openEmbedded } from './embedded.ts';
import type { PgliteClient } from './pglite-client.ts';
import { checkServer, createDialect, type OpenPool, openPool } from './postgres.ts';
import type { Tables } from './tables.ts';

/** For metrics and `/health`: how the connections are used at this moment. */
export interface DatabaseHealth {
  readonly engine: 'pglite' | 'postgres';
  readonly connections: number;
  readonly busy: number;
  /** Calls that wait for a connection. */
  readonly waiting: number;
  /** Embedded engine only: workers that crashed or were ended for a statement that ran too long. */
  readonly restarts: number;
}

interface CommonDatabase extends AsyncDisposable {
  readonly kysely: Kysely<Tables>;
  /** @throws AppError `database_unavailable` or `deadline_exceeded`; the signal's reason when aborted */
  ping(signal?: AbortSignal): Promise<void>;
  health(): DatabaseHealth;
  /**
   * Runs work that may take longer than STATEMENT_TIMEOUT_MS: migrations, backup, vacuum.
   * On the embedded engine every statement of it keeps the others waiting.
   */
  maintenance<T>(work: (kysely: Kysely<Tables>) => Promise<T>): Promise<T>;
}

/** An open database; the engine's own client is there for pg-boss and for nothing else. */
export type Database = CommonDatabase &
  (
    | { readonly engine: 'pglite'; readonly client: PgliteClient }
    | { readonly engine: 'postgres'; readonly client: pg.Pool }
  );

export interface OpenDatabaseOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Ends an opening of the embedded database that is under way; PostgreSQL has its connection timeout. */
  readonly signal?: AbortSignal | undefined;
}

/** A database that can be had: what would refuse it at once has not. It is opened, or disposed of. */
export interface ClaimedDatabase extends AsyncDisposable {
  /** The database owns the claim, also when opening fails. @throws AppError `database_unavailable`, `cancelled` */
  open(): Promise<Database>;
}

/**
 * The quick part of opening: PostgreSQL is reached and looked at when DATABASE_URL is set, else DATA_DIR is locked.
 *
 * @throws AppError `bad_configuration`, `database_unavailable`, `database_locked`, `storage_full`, `file_error`
 */
export async function claimDatabase({ config, logger, signal }: OpenDatabaseOptions): Promise<ClaimedDatabase> {
  if (config.DATABASE_URL) {
    const connections = await reachPostgres(config, logger).catch((error) => {
      throw nameServer(error, config.DATABASE_URL ?? '');
    });
    const open = async () => assemblePostgres(config, logger, connections);
    return { open, [Symbol.asyncDispose]: () => connections[Symbol.asyncDispose]() };
  }
  const claimed = await claimFolder(config.DATA_DIR);
  const options = { statementTimeoutMs: config.STATEMENT_TIMEOUT_MS, logger, signal };
  const open = async () => assemblePglite(await openEmbedded(claimed, options));
  return { open, [Symbol.asyncDispose]: () => claimed[Symbol.asyncDispose]() };
}

/** Tells the operator which server it was, and nobody else: answers to requests do not name it. */
function nameServer(error: unknown, url: string): unknown {
  if (!isAppError(error, 'database_unavailable') || !URL.canParse(url)) return error;
  const { host } = new URL(url);
  return new AppError(error.code, `The database at ${host} cannot be reached. It is named in DATABASE_URL.`, {
    ...(error.retryAfter !== undefined && { retryAfter: error.retryAfter }),
    cause: error,
  });
}

/**
 * Opens PostgreSQL when DATABASE_URL is set, else the embedded database in DATA_DIR. Migrations are not run.
 *
 * @throws AppError `bad_configuration`, `database_unavailable`, `database_locked`, `storage_full`, `file_error`,
 *   `cancelled`
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const claimed = await claimDatabase(options);
  return await claimed.open();
}

async function reachPostgres(config: Config, logger: Logger): Promise<OpenPool> {
  const connections = openPool(config, logger, {
    connections: config.DATABASE_POOL_SIZE,
    statementTimeoutMs: config.STATEMENT_TIMEOUT_MS,
  });
  try {
    await checkServer(connections.pool);
    return connections;
  } catch (error) {
    await connections[Symbol.asyncDispose]();
    throw error;
  }
}

function assemblePostgres(config: Config, logger: Logger, connections: OpenPool): Database {
  const client = connections.pool;
  const kysely = new Kysely<Tables>({ dialect: createDialect(client) });
  return {
    engine: 'postgres',
    client,
    kysely,
    ping: (signal) => ping(kysely, signal),
    health: () => ({
      engine: 'postgres',
      connections: client.totalCount,
      busy: client.totalCount - client.idleCount,
      waiting: client.waitingCount,
      restarts: 0,
    }),
    async maintenance(work) {
      await using own = openPool(config, logger, { connections: 1, statementTimeoutMs: 0 });
      return await work(new Kysely<Tables>({ dialect: createDialect(own.pool) }));
    },
    [Symbol.asyncDispose]: () => connections[Symbol.asyncDispose](),
  };
}

function assemblePglite(embedded: Embedded): Database {
  const { client } = embedded;
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: client.pool() }) });
  const patient = client.pool({
    statementTimeoutMs: Number.POSITIVE_INFINITY,
    idleTimeoutMs: Number.POSITIVE_INFINITY,
  });
  const unhurried = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: patient }) });
  return {
    engine: 'pglite',
    client,
    kysely,
    ping: (signal) => ping(kysely, signal),
    health() {
      const { busy, waiting, restarts } = client.stats();
      return { engine: 'pglite', connections: 1, busy: Number(busy), waiting, restarts };
    },
    maintenance: (work) => work(unhurried),
    [Symbol.asyncDispose]: () => embedded[Symbol.asyncDispose](),
  };
}

async function ping(kysely: Kysely<Tables>, signal?: AbortSignal): Promise<void> {
  await sql`select 1`.execute(kysely, signal ? { signal } : {});
}
