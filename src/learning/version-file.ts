import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { modelVersionSchema, type StoredVersion } from './model-versions.ts';

/** The first line of a file is this and a space and `FORMAT`; the second the SHA-256 of all that follows. */
const MAGIC = 'feedback-triage-model';
const FORMAT = 1;
/** Larger files are not read; a head of the shipped examples has a hundredth of it. */
export const MAX_FILE_BYTES = 512 * 1024 * 1024;
const NEWLINE = 0x0a;
const LONGEST_LINE = 1_000_000;

const headerSchema = modelVersionSchema
  .pick({ version: true, created_at: true, parent: true, seeds: true, corrections: true, outcome: true, report: true })
  .extend({ encoder: z.string(), taxonomy: z.string(), examples: z.string(), head: z.literal('gzip') });
export type VersionHeader = z.infer<typeof headerSchema>;

/** What a file holds: the version as it is told, and its packed head. */
export interface VersionFile {
  readonly header: VersionHeader;
  readonly packed: Uint8Array;
}

/** A version as one file: three lines of text (name and format, SHA-256, what it is) and the packed head. */
export function writeVersionFile({ row, packed }: StoredVersion): Uint8Array<ArrayBuffer> {
  const { version, parent, seeds, corrections, outcome, report } = row;
  const header = headerSchema.parse({
    version,
    created_at: row.created_at.toISOString(),
    parent,
    seeds,
    corrections,
    outcome,
    report,
    encoder: row.encoder_hash,
    taxonomy: row.taxonomy_version,
    examples: row.seeds_version,
    head: 'gzip',
  });
  const body = Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), packed]);
  return Uint8Array.from(Buffer.concat([Buffer.from(`${MAGIC} ${FORMAT}\n${sha256(body)}\n`), body]));
}

/**
 * Reads what `writeVersionFile` has written; the head is not looked into.
 *
 * @throws AppError `bad_data_file` that says whether it is another kind of file, another format, or damaged
 */
export function readVersionFile(bytes: Uint8Array): VersionFile {
  const [first, afterFirst] = lineAt(bytes, 0);
  const format = new RegExp(`^${MAGIC} (\\d{1,9})$`, 'u').exec(first)?.[1];
  if (format === undefined)
    throw refused('it is not a model version; accepted is a file that `models export` or GET …/file has written');
  if (Number(format) !== FORMAT) throw refused(`it has file format ${format}; this release reads format ${FORMAT}`);
  const [digest, afterDigest] = lineAt(bytes, afterFirst);
  if (sha256(bytes.subarray(afterDigest)) !== digest)
    throw refused('it is damaged: its content is not that of its SHA-256; export or copy it again');
  const [line, afterLine] = lineAt(bytes, afterDigest);
  const header = headerSchema.safeParse(parseJson(line));
  if (!header.success) throw refused('its description is not one of this file format; export it again');
  return { header: header.data, packed: bytes.subarray(afterLine) };
}

/** The refusal of a file, which the caller names. */
export function refused(why: string, cause?: unknown): AppError {
  return new AppError('bad_data_file', `The file cannot be imported: ${why}.`, cause === undefined ? {} : { cause });
}

function lineAt(bytes: Uint8Array, start: number): [line: string, next: number] {
  const end = bytes.subarray(start, start + LONGEST_LINE).indexOf(NEWLINE);
  if (end < 0) return ['', bytes.length];
  return [Buffer.from(bytes.subarray(start, start + end)).toString('utf8'), start + end + 1];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // told as a description that does not fit
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
