import { pipeline, Readable } from 'node:stream';
import { parse as parseCsv } from 'csv-parse';
import { AppError } from '../errors.js';
import { MAX_LINE_BYTES } from './read-lines.js';
const DELIMITERS = [',', ';', '\t'];
/**
 * Reads a CSV with a header; the header also tells which sign separates its columns.
 *
 * @throws AppError `file_error` when the header has no such column; CsvError when quotes are left open
 */
export async function* readCsv(input, decoder, column) {
    const chunks = decodeChunks(input, decoder);
    const head = await readHead(chunks);
    const parser = parseCsv({
        columns: (header) => checkColumns(header, column),
        delimiter: detectDelimiter(head.split(/[\r\n]/u, 1)[0] ?? ''),
        bom: true,
        relax_column_count: true,
        relax_quotes: true,
        skip_empty_lines: true,
        max_record_size: MAX_LINE_BYTES,
        info: true,
    });
    // What goes wrong in the source comes out of the parser.
    pipeline(Readable.from(joined(head, chunks)), parser, () => undefined);
    for await (const { record, info } of parser) {
        const line = info.lines;
        yield hasTooMany(info)
            ? { line, problem: 'has more columns than the header; text that holds the separator must stand in quotes' }
            : { line, record };
    }
}
/** The separator that stands most often in the header; below it the texts may hold any of them. */
export function detectDelimiter(header) {
    const bare = header.replace(/"(?:[^"]|"")*"/gu, '');
    const count = (sign) => bare.split(sign).length;
    return DELIMITERS.reduce((best, sign) => (count(sign) > count(best) ? sign : best), DELIMITERS[0]);
}
async function* decodeChunks(input, decoder) {
    for await (const chunk of input)
        yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
}
/** What comes first, up to the end of the first line at least. */
async function readHead(chunks) {
    let head = '';
    while (!/[\r\n]/u.test(head) && head.length <= MAX_LINE_BYTES) {
        const { value, done } = await chunks.next();
        if (done === true)
            break;
        head += value;
    }
    return head;
}
async function* joined(head, rest) {
    yield head;
    yield* rest;
}
function checkColumns(header, column) {
    if (header.includes(column))
        return header;
    throw new AppError('file_error', `The CSV has no column "${column}". It has: ${header.join(', ')}. Name one with --text.`);
}
function hasTooMany({ error, columns }) {
    return error?.record?.slice(columns.length).some((cell) => cell.trim() !== '') ?? false;
}
//# sourceMappingURL=read-csv.js.map