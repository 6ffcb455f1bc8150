import { type Context, type Engine, SEED_VECTORS } from '../context.ts';
import type { IndexedArticle } from '../knowledge/article-index.ts';
import type { Chunk } from '../knowledge/chunks.ts';
import { cutChunks } from '../knowledge/chunks.ts';
import { contradictionsOf } from '../knowledge/find-contradictions.ts';
import { ARTICLES_FOLDER, shippedEncoder } from '../knowledge/import-shipped.ts';
import { messageMeans } from '../knowledge/message-means.ts';
import { readFolder } from '../knowledge/read-folder.ts';
import type { Passage as Found, Retriever } from '../knowledge/retrieval.ts';
import { createRetriever } from '../knowledge/retriever.ts';
import { collectVectors } from '../knowledge/views.ts';
import { embedViews } from '../knowledge/write-article.ts';
import type { Passage, Retrieve } from './passage.ts';

type Source = Pick<Context, 'knowledge' | 'database' | 'encoder'>;

/** What replies ask for passages: the articles that are in force now. */
export async function retrieverOf(context: Source & Pick<Context, 'now'>): Promise<Retrieve> {
  const { knowledge, now } = context;
  const retriever = await knowledge.retriever();
  const find = ask(retriever, now());
  return async (query) =>
    await Promise.all((await find(query)).map((passage) => withContradictions(context, retriever, passage)));
}

/** What other articles say against those of a retriever, which is made anew when one of them changes. */
const known = new WeakMap<Retriever, Map<string, Promise<NonNullable<Passage['contradicts']>>>>();

/** Only what may be quoted is looked up. */
async function withContradictions(context: Source, retriever: Retriever, passage: Passage): Promise<Passage> {
  if (!passage.fits) return passage;
  const found = known.get(retriever) ?? new Map<string, Promise<NonNullable<Passage['contradicts']>>>();
  known.set(retriever, found);
  const { articleId } = passage;
  const contradicts = found.get(articleId) ?? load(context, articleId);
  found.set(articleId, contradicts);
  contradicts.catch(() => found.delete(articleId));
  return { ...passage, contradicts: await contradicts };
}

async function load(context: Source, id: string): Promise<NonNullable<Passage['contradicts']>> {
  const list = await contradictionsOf(context, id);
  return list.map(({ own, other, title }) => ({ own, by: `“${title}”: ${other}` }));
}

/** The shipped articles, without a database: what the evaluation of drafts asks. */
export async function openShipped(engine: Engine): Promise<Retrieve> {
  const { articles } = await readFolder(ARTICLES_FOLDER);
  const encoder = await shippedEncoder(engine);
  const indexed: IndexedArticle[] = [];
  for (const { article } of articles) {
    const vectors = collectVectors(await embedViews(encoder, article));
    indexed.push({ ...article, id: article.slug, version: 1, chunks: cutChunks(article.body), vectors });
  }
  const messages = await messageMeans({ ...engine, seedVectors: SEED_VECTORS });
  const { concepts } = engine.policy;
  return ask(createRetriever(indexed, { segmenter: engine.segmenter, concepts, messages }), engine.now());
}

function ask(retriever: Retriever, now: Date): Retrieve {
  const today = now.toISOString().slice(0, 10);
  return (query) => retriever.retrieve(query, { today }).passages.map(toPassage);
}

function toPassage({ articleId, version, language, title, topics, chunks, score, fits, validity }: Found): Passage {
  const text = chunks.flatMap(toMarkdown).join('\n');
  return { articleId, version: String(version), language, title, topics, text, score, fits, validity };
}

function toMarkdown({ heading, sentences }: Chunk): string[] {
  const lines = sentences.map(({ kind, text }, at) => {
    if (kind === 'step') return `${at + 1}. ${text}`;
    return kind === 'bullet' ? `- ${text}` : text;
  });
  return heading === '' ? lines : [`## ${heading}`, ...lines];
}
