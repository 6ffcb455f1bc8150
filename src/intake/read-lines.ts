import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { AppError } from '../errors.ts';

const NEWLINE = 0x0a;
export const MAX_LINE_BYTES = 1_048_576;
export const TOO_LONG = 'longer than 1 MiB';
export const NOT_DECODED =
  'the bytes are not valid in this encoding; if the file is in Chinese, try --encoding gb18030';

/**
 * A line of a file, or why it cannot be read. `number` counts from 1, `bytes` to the end of the line from the beginning
 * of the file.
 */
export type Line = { readonly number: number; readonly bytes: number } & (
  | { readonly text: string }
  | { readonly problem: string }
);

/** The file's bytes, or those of standard input for `-`. A missing file is told at the first read. */
export function openInput(file: string): Readable {
  return file === '-' ? process.stdin : createReadStream(file);
}

/** Cuts a byte stream into lines before decoding, so that one broken line does not spoil the others. */
export async function* readLines(input: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Line> {
  const decoder = newDecoder(encoding, { fatal: true });
  let number = 0;
  let bytes = 0;
  let rest: Buffer = Buffer.alloc(0);
  let skipped = 0;
  const end = (part: Buffer): Line => {
    number++;
    bytes += skipped + part.length + 1;
    const isLong = skipped + part.length > MAX_LINE_BYTES;
    skipped = 0;
    return { number, bytes, ...(isLong ? { problem: TOO_LONG } : decode(decoder, part, number)) };
  };
  for await (const chunk of input) {
    let left = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let at = left.indexOf(NEWLINE); at >= 0; at = left.indexOf(NEWLINE)) {
      yield end(left.subarray(0, at));
      left = left.subarray(at + 1);
    }
    if (skipped + left.length > MAX_LINE_BYTES) {
      // Only its length is still of interest.
      skipped += left.length;
      left = left.subarray(left.length);
    }
    rest = left;
  }
  if (skipped + rest.length > 0) yield end(rest);
}

/** @throws AppError `file_error` for an encoding that is not known */
export function newDecoder(encoding: string, options: { readonly fatal: boolean }): TextDecoder {
  try {
    return new TextDecoder(encoding, options);
  } catch (cause) {
    throw new AppError('file_error', `The encoding ${encoding} is not known; use utf-8 or gb18030.`, { cause });
  }
}

function decode(decoder: TextDecoder, bytes: Buffer, number: number): { text: string } | { problem: string } {
  try {
    const text = decoder.decode(bytes);
    return { text: (number === 1 ? text.replace(/^\uFEFF/u, '') : text).replace(/\r$/u, '') };
  } catch {
    return { problem: NOT_DECODED };
  }
}
