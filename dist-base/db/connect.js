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
import { Kysely, PostgresDialect, sql } from 'kysely';
import { openEmbedded } from './embedded.js';
import { checkServer, createDialect, openPool } from './postgres.js';
/**
 * Opens PostgreSQL when DATABASE_URL is set, else the embedded database in DATA_DIR. Migrations are not run.
 *
 * @throws AppError `bad_configuration`, `database_unavailable`, `database_locked`, `storage_full`, `file_error`,
 *   `cancelled`
 */
export async function openDatabase({ config, logger, signal }) {
    return await (config.DATABASE_URL ? openPostgres(config, logger) : openPglite(config, logger, signal));
}
async function openPostgres(config, logger) {
    const connections = openPool(config, logger, {
        connections: config.DATABASE_POOL_SIZE,
        statementTimeoutMs: config.STATEMENT_TIMEOUT_MS,
    });
    const client = connections.pool;
    try {
        await checkServer(client);
    }
    catch (error) {
        await connections[Symbol.asyncDispose]();
        throw error;
    }
    const kysely = new Kysely({ dialect: createDialect(client) });
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
            const env_1 = { stack: [], error: void 0, hasError: false };
            try {
                const own = __addDisposableResource(env_1, openPool(config, logger, { connections: 1, statementTimeoutMs: 0 }), true);
                return await work(new Kysely({ dialect: createDialect(own.pool) }));
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
        },
        [Symbol.asyncDispose]: () => connections[Symbol.asyncDispose](),
    };
}
async function openPglite(config, logger, signal) {
    const embedded = await openEmbedded({
        dataDir: config.DATA_DIR,
        statementTimeoutMs: config.STATEMENT_TIMEOUT_MS,
        logger,
        signal,
    });
    const { client } = embedded;
    const kysely = new Kysely({ dialect: new PostgresDialect({ pool: client.pool() }) });
    const patient = client.pool({
        statementTimeoutMs: Number.POSITIVE_INFINITY,
        idleTimeoutMs: Number.POSITIVE_INFINITY,
    });
    const unhurried = new Kysely({ dialect: new PostgresDialect({ pool: patient }) });
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
async function ping(kysely, signal) {
    await sql `select 1`.execute(kysely, signal ? { signal } : {});
}
//# sourceMappingURL=connect.js.map