import path from 'node:path';
import { PROJECT_ROOT } from '../config.ts';
import type { Engine } from '../context.ts';
import { evaluateRetrieval, type RetrievalEvaluation } from './retrieve.ts';
import {
  type EvalArticle,
  type EvalQuery,
  readBilingualFaq,
  readEvalArticles,
  readEvalQueries,
} from './retrieve-set.ts';
import type { EmbedRun } from './vector-store.ts';

const place = (...parts: string[]) => path.join(PROJECT_ROOT, 'data', ...parts);

export interface ShippedRetrieval {
  readonly name: string;
  readonly references: string;
  readonly result: RetrievalEvaluation;
}

/** Articles found in the shipped sets: `crypto_faq` with the articles of one language at a time, our own, others'. */
export async function evaluateShippedRetrieval(engine: Engine, run: EmbedRun): Promise<ShippedRetrieval[]> {
  const faq = await readBilingualFaq(place('eval', 'crypto_faq', 'faq_en_zh.jsonl'));
  const own = await readEvalArticles(place('articles'));
  const results: ShippedRetrieval[] = [];
  const add = async (
    name: string,
    articles: readonly EvalArticle[],
    queries: readonly EvalQuery[],
    references = '—',
  ) => {
    results.push({ name, references, result: await evaluateRetrieval(engine, articles, queries, run) });
  };
  for (const [from, to] of [
    ['zh', 'en'],
    ['en', 'zh'],
  ] as const)
    await add(
      `crypto_faq, ${from} → ${to}`,
      faq.articles.filter(({ lang }) => lang === to),
      faq.queries.filter(({ lang }) => lang === from),
      'title and body summed, same encoder: 0.911 / 0.98',
    );
  for (const [name, file] of [
    ['own, tuned on', 'queries.jsonl'],
    ['own, held', 'queries-held.jsonl'],
  ] as const)
    await add(name, own, await readEvalQueries(place('eval', 'dev', file), own));
  for (const kind of ['plain', 'hard']) {
    const articles = await readEvalArticles(place('eval', 'apart', kind, 'articles.jsonl'));
    const queries = await readEvalQueries(place('eval', 'apart', kind, 'queries.jsonl'), articles);
    await add(`apart, ${kind}`, articles, queries);
  }
  return results;
}
