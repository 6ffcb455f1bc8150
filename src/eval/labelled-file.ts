import type { z } from 'zod';
import { AppError } from '../errors.ts';
import { openInput, readLines } from '../intake/read-lines.ts';

/**
 * Reads a labelled set, JSON Lines; blank lines are passed over.
 *
 * @throws AppError `file_error` naming the first line that does not fit
 */
export async function readLabelledFile<T>(file: string, schema: z.ZodType<T>): Promise<T[]> {
  const items: T[] = [];
  const input = openInput(file);
  try {
    for await (const line of readLines(input, 'utf-8')) {
      if ('problem' in line) throw new AppError('file_error', `${file}, line ${line.number}: ${line.problem}`);
      if (line.text.trim() !== '') items.push(parseLine(file, line.number, line.text, schema));
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new AppError('file_error', `${file}: there is no such file`, { cause: error });
    }
    throw error;
  } finally {
    input.destroy();
  }
  return items;
}

function parseLine<T>(file: string, number: number, text: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError('file_error', `${file}, line ${number}: not valid JSON`, { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw new AppError('file_error', `${file}, line ${number}: ${reasons}`);
}
