import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse as parseYaml } from 'yaml';
import { AppError } from '../errors.ts';
import { Concepts, conceptsSchema } from './concepts.ts';

const FILE = 'lexicons/concepts.yaml';

/** The shipped concepts. @throws AppError `bad_data_file` naming the file and what is wrong with it */
export async function loadConcepts(folder: string): Promise<Concepts> {
  let raw: unknown;
  try {
    raw = parseYaml(await readFile(path.join(folder, FILE), 'utf8'));
  } catch (cause) {
    throw new AppError('bad_data_file', `data/${FILE} cannot be read`, { cause });
  }
  const parsed = conceptsSchema.safeParse(raw);
  if (parsed.success) return new Concepts(parsed.data);
  const list = parsed.error.issues.map(({ path: at, message }) => `  ${at.join('.')}: ${message}`);
  throw new AppError('bad_data_file', `data/${FILE} does not fit its schema:\n${list.join('\n')}`);
}
