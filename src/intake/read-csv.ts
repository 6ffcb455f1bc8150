import { pipeline, Readable } from 'node:stream';
import type { TextDecoder } from 'node:util';
import { type CsvError, parse as parseCsv } from 'csv-parse';
import { AppError } from '../errors.ts';
import { MAX_LINE_BYTES, NOT_DECODED, TOO_LONG } from './read-lines.ts';

/**
 * One row under its header, or why it is not one; `line` is the last that it stands on, counted from 1, and `bytes`
 * where it ends, as UTF-8.
 */
export type CsvRow = { readonly line: number; readonly bytes: number } & (
  | { readonly record: Readonly<Record<string, string>> }
  | { readonly problem: string }
);

interface Parsed {
  readonly record: Record<string, string>;
  readonly info: {
    readonly lines: number;
    readonly bytes: number;
    readonly columns: readonly unknown[];
    readonly error?: CsvError & { readonly record?: readonly string[] };
  };
}

/** What stands for bytes that are not of the encoding (WHATWG Encoding); it never takes a separator with it. */
const REPLACEMENT = '\ufffd';
const DELIMITERS = [',', ';', '\t'] as const;

/**
 * Reads a CSV with a header; the header also tells which sign separates its columns.
 *
 * @param decoder one that replaces what it cannot decode
 * @throws AppError `file_error` when the header has no such column; CsvError when quotes are left open
 */
export async function* readCsv(
  input: AsyncIterable<Buffer>,
  decoder: TextDecoder,
  column: string,
): AsyncGenerator<CsvRow> {
  const chunks = decodeChunks(input, decoder);
  const head = await readHead(chunks);
  const parser = parseCsv({
    columns: (header: string[]) => checkColumns(header, column),
    delimiter: detectDelimiter(head.split(/[\r\n]/u, 1)[0] ?? ''),
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    info: true,
  });
  // What goes wrong in the source comes out of the parser.
  pipeline(Readable.from(joined(head, chunks)), parser, () => undefined);
  let before = Buffer.byteLength(head.split(/\r?\n|\r/u, 1)[0] ?? '');
  for await (const { record, info } of parser as AsyncIterable<Parsed>) {
    const problem = findProblem(record, info, info.bytes - before);
    before = info.bytes;
    yield { line: info.lines, bytes: info.bytes, ...(problem === undefined ? { record } : { problem }) };
  }
}

function findProblem(record: Parsed['record'], info: Parsed['info'], bytes: number): string | undefined {
  if (bytes > MAX_LINE_BYTES) return TOO_LONG;
  if (hasTooMany(info)) return 'has more columns than the header; text that holds the separator must stand in quotes';
  return Object.values(record).some((cell) => cell.includes(REPLACEMENT)) ? NOT_DECODED : undefined;
}

/** The separator that stands most often in the header; below it the texts may hold any of them. */
export function detectDelimiter(header: string): string {
  const bare = header.replace(/"(?:[^"]|"")*"/gu, '');
  const count = (sign: string) => bare.split(sign).length;
  return DELIMITERS.reduce<string>((best, sign) => (count(sign) > count(best) ? sign : best), DELIMITERS[0]);
}

async function* decodeChunks(input: AsyncIterable<Buffer>, decoder: TextDecoder): AsyncGenerator<string> {
  for await (const chunk of input) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** What comes first, up to the end of the first line at least. */
async function readHead(chunks: AsyncIterator<string>): Promise<string> {
  let head = '';
  while (!/[\r\n]/u.test(head) && head.length <= MAX_LINE_BYTES) {
    const { value, done } = await chunks.next();
    if (done === true) break;
    head += value;
  }
  return head;
}

async function* joined(head: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield head;
  yield* rest;
}

function checkColumns(header: string[], column: string): string[] {
  if (header.includes(column)) return header;
  if (header.some((name) => name.includes(REPLACEMENT))) throw new AppError('file_error', `Line 1: ${NOT_DECODED}`);
  throw new AppError(
    'file_error',
    `The CSV has no column "${column}". It has: ${header.join(', ')}. Name one with --text.`,
  );
}

function hasTooMany({ error, columns }: Parsed['info']): boolean {
  return error?.record?.slice(columns.length).some((cell) => cell.trim() !== '') ?? false;
}
