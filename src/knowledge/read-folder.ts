import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../errors.ts';
import type { Article } from './article.ts';
import { readArticle } from './read-article.ts';

const MAX_FILE = 400_000;

/** What reading a folder gave: articles, and for each file that is none, why. */
export interface ReadFolder {
  readonly articles: readonly { readonly name: string; readonly article: Article }[];
  readonly problems: readonly string[];
}

/**
 * The Markdown files with front matter in a folder and the folders in it, READMEs left out, in the order of their names.
 *
 * @throws AppError `file_error` when the folder cannot be read
 */
export async function readFolder(folder: string): Promise<ReadFolder> {
  const articles: { name: string; article: Article }[] = [];
  const problems: string[] = [];
  const seen = new Map<string, string>();
  for (const name of await listFiles(folder)) {
    const result = await readOne(folder, name);
    if (typeof result === 'string') {
      problems.push(result);
      continue;
    }
    const key = `${result.language}/${result.slug}`;
    const twin = seen.get(key);
    if (twin !== undefined) problems.push(`${name}: /slug is that of ${twin} in the same language`);
    else articles.push({ name, article: result });
    seen.set(key, twin ?? name);
  }
  return { articles, problems };
}

async function listFiles(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder, { recursive: true });
    return names.filter((name) => name.endsWith('.md') && !/(?:^|[\\/])readme\.md$/iu.test(name)).sort();
  } catch (cause) {
    throw new AppError('file_error', `${folder}: there is no such folder`, { cause });
  }
}

/** The article, or what is wrong with the file. */
async function readOne(folder: string, name: string): Promise<Article | string> {
  const bytes = await readFile(path.join(folder, name));
  if (bytes.length > MAX_FILE) return `${name}: is larger than ${MAX_FILE} bytes`;
  try {
    return readArticle(name, new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof AppError) return error.message;
    if (error instanceof TypeError) return `${name}: is not UTF-8`;
    throw error;
  }
}
