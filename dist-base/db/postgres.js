import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresDialect, } from 'kysely';
import pg from 'pg';
import { AppError, isAppError } from '../errors.js';
import { isRollback, mapDriverError } from './errors.js';
import { parserFor } from './values.js';
const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_AFTER_MS = 10_000;
const OLDEST_SERVER = 150_000;
const OLDEST_PGVECTOR = [0, 6];
/** Connections to DATABASE_URL whose values and time zone are those of the embedded database. */
export function openPool(config, logger, options) {
    const settings = {
        timezone: 'UTC',
        statement_timeout: options.statementTimeoutMs,
        // As in the embedded database: a transaction that waits for something else must not hold its locks for good.
        idle_in_transaction_session_timeout: 2 * options.statementTimeoutMs,
    };
    const pool = new pg.Pool({
        connectionString: config.DATABASE_URL,
        max: options.connections,
        connectionTimeoutMillis: Math.min(CONNECT_TIMEOUT_MS, config.STATEMENT_TIMEOUT_MS),
        application_name: 'feedback-triage',
        keepAlive: true,
        keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
        options: Object.entries(settings)
            .map(([name, value]) => `-c ${name}=${value}`)
            .join(' '),
        types: { getTypeParser: (typeId) => parserFor(typeId) },
    });
    const clients = new Set();
    const report = (error) => {
        logger.warn({ code: error.code }, 'a connection to PostgreSQL was lost');
    };
    pool.on('error', report);
    pool.on('connect', (client) => {
        clients.add(client);
        // The pool listens on idle clients only: on one in use the event would end the process.
        client.on('error', report);
    });
    pool.on('remove', (client) => clients.delete(client));
    return { pool, [Symbol.asyncDispose]: () => closePool(pool, clients, config.STATEMENT_TIMEOUT_MS) };
}
/** `end` waits for every connection in use; after one statement's time those are cut. */
async function closePool(pool, clients, graceMs) {
    if (pool.ending)
        return;
    const grace = new AbortController();
    const ended = pool.end().finally(() => grace.abort());
    await Promise.race([ended, sleep(graceMs, undefined, grace).catch(() => ended)]);
    for (const client of clients)
        client.connection.stream.destroy();
}
/** Kysely's dialect on such a pool; what the driver throws comes out as AppError or SqlError. */
export function createDialect(pool) {
    const mapped = {
        Client: pg.Client,
        options: pool.options,
        connect: () => pool.connect().catch(rethrow),
        end: () => pool.end(),
    };
    return new PostgresDialect({ pool: mapped, onCreateConnection: mapErrors });
}
/** @throws AppError `bad_configuration` when the server or its pgvector is missing or too old */
export async function checkServer(pool) {
    const { rows } = await pool
        .query(`select current_setting('server_version_num') as server,
         (select coalesce(installed_version, default_version)
            from pg_available_extensions where name = 'vector') as pgvector`)
        .catch(rethrow);
    const { server, pgvector } = rows[0] ?? { server: '0', pgvector: null };
    if (Number(server) < OLDEST_SERVER) {
        throw new AppError('bad_configuration', 'PostgreSQL 15 or newer is required.');
    }
    const [major = 0, minor = 0] = (pgvector ?? '0').split('.').map(Number);
    if (major < OLDEST_PGVECTOR[0] || (major === OLDEST_PGVECTOR[0] && minor < OLDEST_PGVECTOR[1])) {
        throw new AppError('bad_configuration', `pgvector 0.6 or newer is required; the server has ${pgvector ?? 'none'}.`);
    }
}
async function mapErrors(connection) {
    const execute = connection.executeQuery;
    connection.executeQuery = async function executeQuery(query, options) {
        try {
            return (await execute.call(connection, query, options));
        }
        catch (error) {
            const mapped = mapDriverError(error);
            // The pool drops the connection anyway; a second error would hide the one that lost it.
            if (isAppError(mapped, 'database_unavailable') && isRollback(query.sql))
                return { rows: [] };
            throw mapped;
        }
    };
}
function rethrow(error) {
    throw mapDriverError(error);
}
//# sourceMappingURL=postgres.js.map