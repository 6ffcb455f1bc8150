import path from 'node:path';
import { type Context, DATA_FOLDER } from '../context.ts';
import { findSetting, keepSetting } from '../db/settings.ts';
import type { EmbedOptions } from '../embedding/encoder.ts';
import { cancelledError } from '../errors.ts';
import { readSeedVectors, textKey } from '../learning/seed-vectors.ts';
import { contentVersion } from '../policies/content-version.ts';
import { importArticles } from './import.ts';
import { readFolder } from './read-folder.ts';
import type { ViewEncoder } from './write-article.ts';

export const ARTICLES_FOLDER = path.join(DATA_FOLDER, 'articles');
/** The vectors of the shipped articles, so that the first start need not compute them. */
export const ARTICLE_VECTORS = path.join(ARTICLES_FOLDER, 'vectors.bin');
const SHIPPED = 'knowledge.shipped';

/** By which a text is known in the file of vectors: the two prefixes give different ones. */
export function viewKey(kind: string, text: string): string {
  return textKey(`${kind}\0${text}`);
}

/**
 * Puts the shipped articles into the database: all of them at the first start, at later ones what a new release has
 * changed. What a person changed or retired stays as it is.
 */
export async function importShipped(context: Context, signal: AbortSignal): Promise<void> {
  const { database, logger, now } = context;
  const { articles, problems } = await readFolder(ARTICLES_FOLDER);
  for (const problem of problems) logger.warn({ problem }, 'a shipped article cannot be read');
  const version = contentVersion(articles.map(({ article }) => article));
  if ((await findSetting(database.kysely, SHIPPED)) === version) return;
  const actor = { kind: 'operator', command: 'serve' } as const;
  const encoder = await shippedEncoder(context);
  const report = await importArticles(context, articles, { actor, source: 'shipped', signal, encoder });
  for (const problem of report.problems) logger.warn({ problem }, 'a shipped article does not fit the policy');
  await keepSetting(database.kysely, SHIPPED, version, now());
  const { created, changed, kept } = report;
  logger.info({ created, changed, kept: kept.length }, 'shipped articles imported');
}

/** Runs it beside the service; what goes wrong is told in the log, and the next start tries again. */
export async function importShippedQuietly(context: Context, signal: AbortSignal): Promise<void> {
  try {
    await importShipped(context, signal);
  } catch (error) {
    if (!signal.aborted) context.logger.error({ err: error }, 'the shipped articles could not be imported');
  }
}

/** The encoder, which knows the vectors of the shipped articles already. */
export async function shippedEncoder({ encoder, logger }: Pick<Context, 'encoder' | 'logger'>): Promise<ViewEncoder> {
  const known = await readSeedVectors(ARTICLE_VECTORS, encoder.info.hash, logger);
  return {
    info: encoder.info,
    async embed(text: string, options: EmbedOptions = {}) {
      const { signal, kind = 'query' } = options;
      if (signal?.aborted) throw cancelledError(signal);
      const vector = known.get(viewKey(kind, text));
      return vector === undefined ? await encoder.embed(text, options) : { vector };
    },
  };
}
