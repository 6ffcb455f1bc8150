import { open } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { readCsv } from './read-csv.ts';
import { type Line, newDecoder, openInput, readLines } from './read-lines.ts';
import { type FeedbackRequest, feedbackRequestSchema } from './request.ts';

export const FORMATS = ['jsonl', 'csv', 'lines'] as const;
export type Format = (typeof FORMATS)[number];

export interface ReadOptions {
  readonly file: string;
  readonly format?: Format | undefined;
  /** The CSV column that holds the text. */
  readonly textColumn?: string | undefined;
  readonly encoding: string;
  /** Ends the reading, also where it waits for standard input. */
  readonly signal?: AbortSignal | undefined;
}

/** One entry of a file: a message, or why the line is not one. */
export type FileItem =
  | { readonly line: number; readonly request: FeedbackRequest }
  | { readonly line: number; readonly problem: string };

/** An item with where it ends, bytes from the beginning of the file. */
type PlacedItem = FileItem & { readonly bytes: number };

/** A larger file is better split, so that a part of it that went wrong can be sent again. */
const MAX_FILE_BYTES = 50 * 1_048_576;
export const MAX_ITEMS = 100_000;
/** How far a reader may run ahead of the items that it gives; more than that is one item without an end. */
const READ_AHEAD_BYTES = 8 * 1_048_576;

/** Files may carry columns and keys of their own: what is not known is left out, not refused. */
const fileItemSchema = z.object(feedbackRequestSchema.shape);
const CUSTOMER_COLUMNS = new Map([
  ['customer_ref', 'ref'],
  ['customer_email', 'email'],
  ['customer_tier', 'tier'],
  ['prior_contacts', 'prior_contacts_same_matter'],
]);
const NUMBER_COLUMNS = new Set(['rating', 'prior_contacts']);
/** Fields that a cell cannot hold, and the one that has its own option. */
const NO_COLUMNS = new Set(['text', 'customer', 'metadata']);

/**
 * Reads JSON Lines, CSV with a header, or one message per line. Bad lines come out as problems with their number, and so
 * does the first beyond 50 MiB or 100 000 items, after which nothing more is read.
 *
 * @throws AppError `file_error` when the file cannot be read, or a CSV has no such column
 */
export async function* readItems(options: ReadOptions): AsyncGenerator<FileItem> {
  const input = openInput(options.file);
  if (options.signal) addAbortSignal(options.signal, input);
  try {
    const format = options.format ?? formatOf(options.file);
    const bytes = bounded(input);
    const items =
      format === 'csv' ? readCsvItems(bytes, options) : readTextLines(readLines(bytes, options.encoding), format);
    yield* withinLimits(items);
  } catch (error) {
    throw explainFileError(error, options.file);
  } finally {
    input.destroy();
  }
}

/**
 * Tells at once what `readItems` would tell at its first read, before somebody waits for the model to load.
 *
 * @throws AppError `file_error`
 */
export async function checkReadable(file: string): Promise<void> {
  if (file === '-') return;
  try {
    await using handle = await open(file);
    if ((await handle.stat()).isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
  } catch (error) {
    throw explainFileError(error, file);
  }
}

function formatOf(file: string): Format | undefined {
  if (/\.(?:jsonl|ndjson|json)$/iu.test(file)) return 'jsonl';
  if (/\.(?:csv|tsv)$/iu.test(file)) return 'csv';
  return undefined;
}

async function* bounded(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of input) {
    bytes += chunk.length;
    if (bytes > MAX_FILE_BYTES + READ_AHEAD_BYTES)
      throw new AppError('file_error', 'The file is larger than 50 MiB, and its last message has no end.');
    yield chunk;
  }
}

async function* withinLimits(items: AsyncIterable<PlacedItem>): AsyncGenerator<FileItem> {
  let count = 0;
  for await (const { bytes, ...item } of items) {
    count++;
    const limit = count > MAX_ITEMS ? `${MAX_ITEMS} messages` : bytes > MAX_FILE_BYTES ? '50 MiB' : undefined;
    if (limit !== undefined) {
      yield { line: item.line, problem: `a file may have ${limit}; this line and what follows was not read, split it` };
      return;
    }
    yield item;
  }
}

async function* readTextLines(
  lines: AsyncIterable<Line>,
  format: 'jsonl' | 'lines' | undefined,
): AsyncGenerator<PlacedItem> {
  let known = format;
  for await (const line of lines) {
    const { number, bytes } = line;
    if ('problem' in line) {
      yield { line: number, bytes, problem: line.problem };
      continue;
    }
    const { text } = line;
    if (text.trim() === '') continue;
    known ??= /^\s*\{/u.test(text) ? 'jsonl' : 'lines';
    yield { bytes, ...(known === 'jsonl' ? parseJsonLine(number, text) : toItem(number, { text })) };
  }
}

function parseJsonLine(line: number, text: string): FileItem {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { line, problem: 'not valid JSON' };
  }
  return toItem(line, typeof value === 'string' ? { text: value } : value);
}

async function* readCsvItems(input: AsyncIterable<Buffer>, options: ReadOptions): AsyncGenerator<PlacedItem> {
  const column = options.textColumn ?? 'text';
  for await (const row of readCsv(input, newDecoder(options.encoding, { fatal: false }), column)) {
    if ('problem' in row) yield row;
    else yield { bytes: row.bytes, ...toItem(row.line, fromColumns(row.record, column)) };
  }
}

function fromColumns(record: Readonly<Record<string, string>>, textColumn: string): Record<string, unknown> {
  const value: Record<string, unknown> = { text: record[textColumn] };
  const customer: Record<string, unknown> = {};
  for (const [column, content] of Object.entries(record)) {
    if (content === '' || column === textColumn) continue;
    const typed = NUMBER_COLUMNS.has(column) ? Number(content) : content;
    const field = CUSTOMER_COLUMNS.get(column);
    if (field !== undefined) customer[field] = typed;
    else if (Object.hasOwn(fileItemSchema.shape, column) && !NO_COLUMNS.has(column)) value[column] = typed;
  }
  return Object.keys(customer).length > 0 ? { ...value, customer } : value;
}

function toItem(line: number, value: unknown): FileItem {
  const parsed = fileItemSchema.safeParse(value);
  if (parsed.success) return { line, request: parsed.data };
  const reasons = parsed.error.issues.map((issue) =>
    issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message,
  );
  return { line, problem: reasons.join('; ') };
}

/** The same failure as an AppError `file_error` that names the file, where it is one of files. */
export function explainFileError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  const code = 'code' in error ? error.code : undefined;
  const say = (reason: string) => new AppError('file_error', `${file}: ${reason}`, { cause: error });
  if (code === 'ENOENT') return say('there is no such file');
  if (code === 'EISDIR') return say('is a folder, not a file');
  if (code === 'EACCES') return say('may not be read by this user');
  if (typeof code === 'string' && code.startsWith('CSV_')) return say(`is not a well-formed CSV: ${error.message}`);
  return error;
}
