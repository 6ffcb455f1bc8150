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
import { Option } from 'commander';
import { openContext, openEngine } from '../context.js';
import { checkReadable, FORMATS } from '../intake/read-items.js';
import { createRuntime, languageOption, wholeNumber } from './command.js';
import { EXIT } from './exit.js';
import { openOutput } from './output.js';
import { showProgress } from './progress.js';
import { printReport } from './report.js';
import { TEXT } from './text.js';
import { triageFile } from './triage-file.js';
/** `triage FILE`: the main job, from a file to a table of decisions. */
export const addTriage = (program, signal) => {
    program
        .command('triage')
        .description('decide about every message of a file and show the most urgent first')
        .argument('<file>', 'JSON Lines, CSV or one message per line; - reads standard input')
        .option('--text <column>', 'the CSV column that holds the text (default: text)')
        .addOption(new Option('--format <format>', 'what the file is (default: by its name)').choices(FORMATS))
        .option('--encoding <name>', 'encoding of the file, such as gb18030', 'utf-8')
        .option('--limit <count>', 'read at most this many messages', wholeNumber(1))
        .option('--json', 'print one JSON object per message, in the order of the file')
        .option('--out <file>', 'write those JSON objects to a file, whole or not at all')
        .option('--store', 'keep the items in the database (DATABASE_URL, or DATA_DIR)')
        .addOption(languageOption())
        .addHelpText('after', '\nExit codes: 0 all decided, 65 some lines were not, 66 no such file, 69 database unreachable, 74 disk full, 75 data folder in use, 78 bad configuration.')
        .action(async (file, flags) => {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const runtime = createRuntime(signal, 'interactive');
            const training = showProgress(TEXT.training[flags.lang]);
            const options = { ...runtime, onProgress: training.update };
            await checkReadable(file);
            const output = __addDisposableResource(env_1, await openOutput(flags.out), true);
            const context = __addDisposableResource(env_1, flags.store ? await openContext(options) : await openEngine(options), true);
            training.end();
            const run = {
                file,
                format: flags.format,
                textColumn: flags.text,
                encoding: flags.encoding,
                limit: flags.limit,
                language: flags.lang,
                signal,
            };
            const report = await triageFile(context, run, (result) => {
                if (flags.json)
                    process.stdout.write(`${JSON.stringify(result)}\n`);
                return output?.write(`${JSON.stringify(result)}\n`);
            });
            await output?.commit();
            if (!flags.json)
                printReport(report, context.policy, runtime.config.TIME_ZONE, flags.lang);
            else
                for (const { line, problem } of report.problems)
                    process.stderr.write(`${TEXT.line[flags.lang]} ${line}: ${problem}\n`);
            if (report.problems.length > 0)
                process.exitCode = EXIT.badLines;
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
//# sourceMappingURL=triage.js.map