import type { Logger } from 'pino';
import type { Database } from '../db/connect.ts';
import { findSetting } from '../db/settings.ts';
import { parseVector } from '../db/vector.ts';
import type { SeedSources } from '../learning/load-head.ts';
import type { Policy } from '../policy.ts';
import type { IndexedArticle } from './article-index.ts';
import { cutChunks } from './chunks.ts';
import { messageMeans } from './message-means.ts';
import type { WordReader } from './read-words.ts';
import type { Retriever } from './retrieval.ts';
import { createRetriever, type RetrieverParts } from './retriever.ts';
import { articleOf, fullRows } from './rows.ts';
import { collectVectors, viewsOf } from './views.ts';
import { embedViews, insertChunks, REVISION } from './write-article.ts';

export interface KnowledgeSources extends SeedSources {
  readonly database: Database;
  readonly policy: Pick<Policy, 'seeds' | 'concepts'>;
  readonly logger: Logger;
}

/** The articles as this process holds them: read again when any process has changed one. */
export class Knowledge {
  readonly #sources: KnowledgeSources;
  #parts: Promise<RetrieverParts> | undefined;
  #held: { readonly revision: string; readonly retriever: Promise<Retriever> } | undefined;

  constructor(sources: KnowledgeSources) {
    this.#sources = sources;
  }

  /** Finds among the articles that are there now. Asks the database once per call whether they have changed. */
  async retriever(): Promise<Retriever> {
    const revision = (await findSetting(this.#sources.database.kysely, REVISION)) ?? '';
    if (this.#held?.revision !== revision) {
      const retriever = this.#build();
      this.#held = { revision, retriever };
      retriever.catch(() => {
        this.#held = undefined;
      });
    }
    return await this.#held.retriever;
  }

  /** What reads the words and concepts of an article. */
  async words(): Promise<WordReader> {
    return await this.#readPartsOnce();
  }

  async #build(): Promise<Retriever> {
    const parts = await this.#readPartsOnce();
    return createRetriever(await readArticles(this.#sources), parts);
  }

  async #readPartsOnce(): Promise<RetrieverParts> {
    this.#parts ??= this.#readParts();
    return await this.#parts.catch((error: unknown) => {
      this.#parts = undefined;
      throw error;
    });
  }

  async #readParts(): Promise<RetrieverParts> {
    const { segmenter, policy } = this.#sources;
    return { segmenter, concepts: policy.concepts, messages: await messageMeans(this.#sources) };
  }
}

/** All articles that are not retired, with their vectors; those of another encoder or release are made anew and kept. */
async function readArticles({ database, encoder }: KnowledgeSources): Promise<IndexedArticle[]> {
  const db = database.kysely;
  const rows = await fullRows(db).where('retired_at', 'is', null).orderBy('article.id').execute();
  const stored = await db
    .selectFrom('article_chunk')
    .select(['article_id', 'version', 'kind', 'position', 'embedding'])
    .where('model_hash', '=', encoder.info.hash)
    .execute();
  const byArticle = new Map<string, typeof stored>();
  for (const chunk of stored) {
    const key = `${chunk.article_id} ${chunk.version}`;
    byArticle.set(key, [...(byArticle.get(key) ?? []), chunk]);
  }
  const articles: IndexedArticle[] = [];
  for (const row of rows) {
    const article = articleOf(row);
    const chunks = cutChunks(article.body);
    const known = byArticle.get(`${row.id} ${row.content_version}`) ?? [];
    const isComplete = known.length === viewsOf(article, chunks).length;
    const views = isComplete
      ? known.map(({ kind, position, embedding }) => ({ kind, position, vector: parseVector(embedding) }))
      : await reembed(database, encoder, { id: row.id, version: row.content_version, article });
    articles.push({
      ...article,
      id: row.id,
      version: row.content_version,
      chunks,
      vectors: collectVectors(views),
    });
  }
  return articles;
}

async function reembed(
  database: Database,
  encoder: KnowledgeSources['encoder'],
  { id, version, article }: { id: string; version: number; article: ReturnType<typeof articleOf> },
) {
  const views = await embedViews(encoder, article);
  await database.kysely.transaction().execute(async (tx) => {
    const current = await tx
      .selectFrom('article')
      .select('id')
      .where('id', '=', id)
      .where('content_version', '=', version)
      .forUpdate()
      .executeTakeFirst();
    if (current === undefined) return;
    await tx.deleteFrom('article_chunk').where('article_id', '=', id).execute();
    await insertChunks(tx, { id, version, views, modelHash: encoder.info.hash });
  });
  return views;
}
