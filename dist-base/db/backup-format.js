import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { AppError } from '../errors.js';
/*
 * A backup is gzip'ed JSON Lines:
 *   header   {"format":"feedback-triage","version":1,"schema":"0001-feedback",…}
 *   rows     ["feedback",{"id":"…",…}]   PostgreSQL's own row_to_json: read back by PostgreSQL, on either engine
 *   trailer  {"rows":{"feedback":3},"sequences":{…},"sha256":"…"}   over every byte before it
 */
export const FORMAT = 'feedback-triage';
export const FORMAT_VERSION = 1;
const count = z.number().int().nonnegative();
const headerSchema = z.object({
    format: z.literal(FORMAT),
    version: z.literal(FORMAT_VERSION),
    /** The last migration of the database that was backed up. */
    schema: z.string(),
    engine: z.enum(['pglite', 'postgres']),
    created_at: z.string(),
    rows: z.record(z.string(), count),
});
const trailerSchema = z.object({
    rows: z.record(z.string(), count),
    /** By table, for its identity column: where it stands, and whether that number was given out. */
    sequences: z.record(z.string(), z.object({ value: z.string().regex(/^\d+$/), used: z.boolean() })),
    sha256: z.string(),
});
const NEWLINE = 0x0a;
const ROW = /^\["([a-z_]+)",(\{.*\})\]$/s;
export function rowLine(table, json) {
    return `["${table}",${json}]\n`;
}
/**
 * Reads a backup line by line and checks it on the way: the order of lines, the row counts and the hash.
 *
 * Whoever has read to the end without an error has read a whole and undamaged file.
 *
 * @throws AppError `bad_data_file` when it is damaged, `file_error` when it cannot be read
 */
export async function* readBackup(file, signal) {
    const hash = createHash('sha256');
    const seen = {};
    let headerSeen = false;
    let trailer;
    for await (const bytes of readLines(file, signal)) {
        if (trailer)
            throw damaged('something follows its end');
        const line = parseLine(bytes, headerSeen);
        if (line.kind === 'row')
            seen[line.table] = (seen[line.table] ?? 0) + 1;
        if (line.kind === 'trailer')
            trailer = line.trailer;
        else
            hash.update(bytes).update('\n');
        headerSeen = true;
        if (line.kind === 'trailer')
            checkTrailer(line.trailer, seen, hash.digest('hex'));
        yield line;
    }
    if (!trailer)
        throw damaged('its end is missing');
}
function parseLine(bytes, headerSeen) {
    const text = bytes.toString('utf8');
    const row = ROW.exec(text);
    if (row?.[1] !== undefined && row[2] !== undefined) {
        if (!headerSeen)
            throw damaged('its header is missing');
        return { kind: 'row', table: row[1], json: row[2] };
    }
    const value = parseJson(text);
    if (!headerSeen) {
        const header = headerSchema.safeParse(value);
        if (header.success)
            return { kind: 'header', header: header.data };
        throw damaged('it is not a backup of this program, or of a newer version');
    }
    const trailer = trailerSchema.safeParse(value);
    if (trailer.success)
        return { kind: 'trailer', trailer: trailer.data };
    throw damaged('a line is not readable');
}
function parseJson(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
function checkTrailer(trailer, seen, sha256) {
    const tables = new Set([...Object.keys(trailer.rows), ...Object.keys(seen)]);
    for (const table of tables) {
        if ((trailer.rows[table] ?? 0) !== (seen[table] ?? 0))
            throw damaged(`rows of ${table} are missing`);
    }
    if (trailer.sha256 !== sha256)
        throw damaged('its checksum does not match');
}
/** Not `readline`: that also breaks at U+2028, which JSON may hold. */
async function* readLines(file, signal) {
    const source = createReadStream(file, { ...(signal && { signal }) });
    const unzip = createGunzip();
    source.once('error', (error) => unzip.destroy(error));
    let rest = [];
    try {
        for await (const chunk of source.pipe(unzip)) {
            let start = 0;
            for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
                yield Buffer.concat([...rest, chunk.subarray(start, end)]);
                rest = [];
                start = end + 1;
            }
            rest.push(chunk.subarray(start));
        }
    }
    catch (error) {
        throw explainReadError(error, signal);
    }
    finally {
        source.destroy();
    }
    if (rest.some((part) => part.length > 0))
        throw damaged('its last line is cut off');
}
function explainReadError(error, signal) {
    signal?.throwIfAborted();
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code.startsWith('Z_'))
        return damaged('it cannot be unpacked');
    if (error instanceof AppError || code === '')
        return error;
    return new AppError('file_error', `The backup file cannot be read (${code}).`, { cause: error });
}
export function damaged(reason) {
    return new AppError('bad_data_file', `The backup file cannot be used: ${reason}.`);
}
//# sourceMappingURL=backup-format.js.map