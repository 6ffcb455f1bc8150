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
import { serve } from '@hono/node-server';
import { isLoopback } from '../config.js';
import { openContext } from '../context.js';
import { keepHouse } from '../db/housekeeping.js';
import { createApp } from '../http/app.js';
import { startJobs } from '../jobs/runner.js';
import { createRuntime } from './command.js';
/** Requests in flight get this long to finish after SIGTERM. */
const DRAIN_MS = 8_000;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** `serve`: the HTTP service, until SIGTERM or Ctrl-C. */
export const addServe = (program, signal) => {
    program
        .command('serve')
        .description('serve the HTTP API until SIGTERM or Ctrl-C')
        .action(async () => {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const runtime = createRuntime(signal, 'service');
            const context = __addDisposableResource(env_1, await openContext(runtime), true);
            await runService(context, runtime, () => undefined);
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
    });
};
/** Listens, calls `onListening` with the address, and returns when the signal has come and requests are answered. */
export async function runService(context, { config, logger, signal }, onListening) {
    const env_2 = { stack: [], error: void 0, hasError: false };
    try {
        const _jobs = __addDisposableResource(env_2, await startJobs(context), true);
        const houseAbort = new AbortController();
        const house = keepHouse(context.database, { logger, signal: houseAbort.signal });
        try {
            const server = await listen(context, config.HOST, config.PORT);
            const url = addressOf(server, config.HOST);
            logger.info({ url, engine: context.database.engine, head: context.learned.version }, 'listening');
            if (config.API_KEYS.length === 0 && isLoopback(config.HOST)) {
                logger.warn('no API_KEYS are configured: only this machine can reach the service, and it asks for no key');
            }
            onListening(url);
            if (!signal.aborted)
                await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
            logger.info('stopping: requests in flight are answered first');
            await drain(server);
        }
        finally {
            houseAbort.abort();
            await house;
        }
    }
    catch (e_2) {
        env_2.error = e_2;
        env_2.hasError = true;
    }
    finally {
        const result_2 = __disposeResources(env_2);
        if (result_2)
            await result_2;
    }
}
function listen(context, hostname, port) {
    return new Promise((resolve, reject) => {
        const server = serve({ fetch: createApp(context).fetch, hostname, port }, () => resolve(server));
        server.headersTimeout = HEADERS_TIMEOUT_MS;
        server.requestTimeout = REQUEST_TIMEOUT_MS;
        server.once('error', reject);
    });
}
function addressOf(server, host) {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
async function drain(server) {
    const closed = new Promise((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    await closed;
    clearTimeout(late);
}
//# sourceMappingURL=serve.js.map