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
import { backupDatabase } from '../db/backup.js';
import { openDatabase } from '../db/connect.js';
import { migrateToLatest, pendingMigrations } from '../db/migrate.js';
import { restoreDatabase } from '../db/restore.js';
import { createRuntime } from './command.js';
import { showProgress } from './progress.js';
/** `migrate`, `backup`, `restore`. */
export const addDatabaseCommands = (program, signal) => {
    program
        .command('migrate')
        .description('bring the database to this version; `serve` does it too')
        .option('--check', 'only say what is pending; exit code 1 when something is')
        .action(async ({ check }) => {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const { config, logger } = createRuntime(signal, 'interactive');
            const database = __addDisposableResource(env_1, await openDatabase({ config, logger, signal }), true);
            const names = check ? await pendingMigrations(database) : await migrateToLatest(database, logger);
            console.log(names.length === 0 ? 'The database is up to date.' : `${check ? 'Pending' : 'Applied'}: ${names.join(', ')}`);
            if (check && names.length > 0)
                process.exitCode = 1;
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
    program
        .command('backup')
        .description('write the whole database to one file, as it stands at one moment')
        .argument('<file>', 'appears when it is complete')
        .action(async (file) => {
        const env_2 = { stack: [], error: void 0, hasError: false };
        try {
            const { config, logger } = createRuntime(signal, 'interactive');
            const database = __addDisposableResource(env_2, await openDatabase({ config, logger, signal }), true);
            const progress = showProgress('backup');
            const rows = await backupDatabase(database, file, {
                signal,
                onProgress: ({ done, total }) => progress.update(done, total),
            });
            progress.end();
            console.log(`${file}: ${total(rows)} rows. Originals in it are sealed: keep the vault key (VAULT_KEY, or vault.key in DATA_DIR) too, but elsewhere.`);
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
    });
    program
        .command('restore')
        .description('put a backup into the configured database, whichever engine it came from')
        .argument('<file>', 'a file that `backup` has written')
        .option('--force', 'replace what the database holds')
        .action(async (file, { force }) => {
        const { config, logger } = createRuntime(signal, 'interactive');
        const progress = showProgress('restore');
        const rows = await restoreDatabase(config, file, {
            logger,
            signal,
            force: force === true,
            onProgress: ({ done, total: all }) => progress.update(done, all),
        });
        progress.end();
        console.log(`Restored ${total(rows)} rows from ${file}.`);
    });
};
function total(rows) {
    return Object.values(rows).reduce((sum, count) => sum + count, 0);
}
//# sourceMappingURL=database.js.map