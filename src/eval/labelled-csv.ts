import { readFile } from 'node:fs/promises';
import { AppError } from '../errors.ts';
import { readCsv } from '../intake/read-csv.ts';
import { explainFileError } from '../intake/read-items.ts';
import { newDecoder } from '../intake/read-lines.ts';

/** One row of a labelled file; `label` is empty where none was asked for. */
export interface LabelledRow {
  readonly line: number;
  readonly text: string;
  readonly label: string;
}

export interface LabelledFile {
  readonly rows: readonly LabelledRow[];
  /** Lines that were left out, and why. */
  readonly problems: readonly { readonly line: number; readonly problem: string }[];
  readonly encoding: string;
}

export interface LabelledColumns {
  readonly text: string;
  readonly label?: string | undefined;
  /** Found out when it is missing: UTF-8 if the bytes are, else GB18030. */
  readonly encoding?: string | undefined;
}

const MAX_BYTES = 50 * 1024 * 1024;

/**
 * Reads a CSV with a header and a column of texts, and one of labels if named.
 *
 * @throws AppError `file_error` when the file cannot be read, has no such column, or has no row with text and label
 */
export async function readLabelledCsv(file: string, columns: LabelledColumns): Promise<LabelledFile> {
  const bytes = await readFile(file).catch((error) => {
    throw explainFileError(error, file);
  });
  if (bytes.length > MAX_BYTES) throw refuse(file, `has ${bytes.length} bytes; at most ${MAX_BYTES} are read`);
  const encoding = columns.encoding ?? detectEncoding(bytes);
  const rows: LabelledRow[] = [];
  const problems: { line: number; problem: string }[] = [];
  try {
    for await (const row of readCsv(once(bytes), newDecoder(encoding, { fatal: false }), columns.text)) {
      if ('problem' in row) {
        problems.push(row);
        continue;
      }
      const read = toRow(file, row, columns);
      if ('problem' in read) problems.push(read);
      else rows.push(read);
    }
  } catch (error) {
    throw explainFileError(error, file);
  }
  if (rows.length === 0) {
    const [first] = problems;
    const why = first ? `; line ${first.line}: ${first.problem}` : '';
    throw refuse(file, `has no row with a text and a label${why}`);
  }
  return { rows, problems, encoding };
}

function toRow(
  file: string,
  { line, record }: { readonly line: number; readonly record: Readonly<Record<string, string>> },
  columns: LabelledColumns,
): LabelledRow | { line: number; problem: string } {
  const text = (record[columns.text] ?? '').trim();
  if (columns.label === undefined)
    return text === '' ? { line, problem: 'the text is empty' } : { line, text, label: '' };
  const label = record[columns.label]?.trim();
  if (label === undefined)
    throw refuse(
      file,
      `has no column "${columns.label}". It has: ${Object.keys(record).join(', ')}. Name one with --label.`,
    );
  if (text === '') return { line, problem: 'the text is empty' };
  return label === '' ? { line, problem: 'the label is empty' } : { line, text, label };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

function detectEncoding(bytes: Buffer): string {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    return 'gb18030'; // what is no UTF-8 and comes from China
  }
}

function refuse(file: string, reason: string): AppError {
  return new AppError('file_error', `${file}: ${reason}`);
}
