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
import { open } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { z } from 'zod';
import { AppError } from '../errors.js';
import { readCsv } from './read-csv.js';
import { newDecoder, openInput, readLines } from './read-lines.js';
import { feedbackRequestSchema } from './request.js';
export const FORMATS = ['jsonl', 'csv', 'lines'];
/** Files may carry columns and keys of their own: what is not known is left out, not refused. */
const fileItemSchema = z.object(feedbackRequestSchema.shape);
const CUSTOMER_COLUMNS = {
    customer_ref: 'ref',
    customer_tier: 'tier',
    prior_contacts: 'prior_contacts_same_matter',
};
const NUMBER_COLUMNS = new Set(['rating', 'prior_contacts']);
/** Fields that a cell cannot hold, and the one that has its own option. */
const NO_COLUMNS = new Set(['text', 'customer', 'metadata']);
/**
 * Reads JSON Lines, CSV with a header, or one message per line. Bad lines come out as problems with their number.
 *
 * @throws AppError `file_error` when the file cannot be read, or a CSV has no such column
 */
export async function* readItems(options) {
    const input = openInput(options.file);
    if (options.signal)
        addAbortSignal(options.signal, input);
    try {
        const format = options.format ?? formatOf(options.file);
        if (format === 'csv')
            yield* readCsvItems(input, options);
        else
            yield* readTextLines(readLines(input, options.encoding), format);
    }
    catch (error) {
        throw explainFileError(error, options.file);
    }
    finally {
        input.destroy();
    }
}
/**
 * Tells at once what `readItems` would tell at its first read, before somebody waits for the model to load.
 *
 * @throws AppError `file_error`
 */
export async function checkReadable(file) {
    if (file === '-')
        return;
    try {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const handle = __addDisposableResource(env_1, await open(file), true);
            if ((await handle.stat()).isDirectory())
                throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
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
    catch (error) {
        throw explainFileError(error, file);
    }
}
function formatOf(file) {
    if (/\.(?:jsonl|ndjson|json)$/iu.test(file))
        return 'jsonl';
    if (/\.(?:csv|tsv)$/iu.test(file))
        return 'csv';
    return undefined;
}
async function* readTextLines(lines, format) {
    let known = format;
    for await (const { number, text } of lines) {
        if (text === undefined) {
            yield {
                line: number,
                problem: 'the bytes are not valid in this encoding; if the file is in Chinese, try --encoding gb18030',
            };
            continue;
        }
        if (text.trim() === '')
            continue;
        known ??= /^\s*\{/u.test(text) ? 'jsonl' : 'lines';
        yield known === 'jsonl' ? parseJsonLine(number, text) : toItem(number, { text });
    }
}
function parseJsonLine(line, text) {
    let value;
    try {
        value = JSON.parse(text);
    }
    catch {
        return { line, problem: 'not valid JSON' };
    }
    return toItem(line, typeof value === 'string' ? { text: value } : value);
}
async function* readCsvItems(input, options) {
    const column = options.textColumn ?? 'text';
    for await (const row of readCsv(input, newDecoder(options.encoding), column)) {
        yield 'problem' in row ? row : toItem(row.line, fromColumns(row.record, column));
    }
}
function fromColumns(record, textColumn) {
    const value = { text: record[textColumn] };
    const customer = {};
    for (const [column, content] of Object.entries(record)) {
        if (content === '' || column === textColumn)
            continue;
        const typed = NUMBER_COLUMNS.has(column) ? Number(content) : content;
        if (Object.hasOwn(CUSTOMER_COLUMNS, column))
            customer[CUSTOMER_COLUMNS[column]] = typed;
        else if (Object.hasOwn(fileItemSchema.shape, column) && !NO_COLUMNS.has(column))
            value[column] = typed;
    }
    return Object.keys(customer).length > 0 ? { ...value, customer } : value;
}
function toItem(line, value) {
    const parsed = fileItemSchema.safeParse(value);
    if (parsed.success)
        return { line, request: parsed.data };
    const reasons = parsed.error.issues.map((issue) => issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message);
    return { line, problem: reasons.join('; ') };
}
function explainFileError(error, file) {
    if (!(error instanceof Error) || error instanceof AppError)
        return error;
    const code = 'code' in error ? error.code : undefined;
    const say = (reason) => new AppError('file_error', `${file}: ${reason}`, { cause: error });
    if (code === 'ENOENT')
        return say('there is no such file');
    if (code === 'EISDIR')
        return say('is a folder, not a file');
    if (code === 'EACCES')
        return say('may not be read by this user');
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
        return say('is not valid in this encoding; if it is in Chinese, try --encoding gb18030');
    if (typeof code === 'string' && code.startsWith('CSV_'))
        return say(`is not a well-formed CSV: ${error.message}`);
    return error;
}
//# sourceMappingURL=read-items.js.map