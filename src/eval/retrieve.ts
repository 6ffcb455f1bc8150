import { type Engine, SEED_VECTORS } from '../context.ts';
import { ARTICLE_LANGUAGES, type ArticleLanguage } from '../knowledge/article.ts';
import type { IndexedArticle } from '../knowledge/article-index.ts';
import { cutChunks } from '../knowledge/chunks.ts';
import { messageMeans } from '../knowledge/message-means.ts';
import type { RetrievalQuery, Retriever } from '../knowledge/retrieval.ts';
import { createRetriever } from '../knowledge/retriever.ts';
import { collectVectors, viewsOf } from '../knowledge/views.ts';
import { readDocument } from '../triage/document.ts';
import { type QueryResult, type RetrievalScores, scoreRetrieval } from './retrieve-scores.ts';
import type { EvalArticle, EvalQuery } from './retrieve-set.ts';
import { type EmbedRun, embedKept } from './vector-store.ts';

/** Articles that are looked at per question. */
const DEPTH = 10;
const UNDATED = { valid_from: null, valid_until: null, review_by: null, audience: 'customer' } as const;

export interface RetrievalEvaluation extends RetrievalScores {
  readonly articles: number;
  readonly ms_per_query: number;
  readonly results: readonly QueryResult[];
}

type Sources = Pick<Engine, 'encoder' | 'segmenter' | 'config' | 'policy' | 'learned' | 'logger'>;

/**
 * Asks the articles every question as the service would. Topics are guessed by the heads where the set gives none.
 * Pairs are measured among articles of the answer's language alone, the whole among all articles.
 */
export async function evaluateRetrieval(
  sources: Sources,
  articles: readonly EvalArticle[],
  queries: readonly EvalQuery[],
  run: EmbedRun,
): Promise<RetrievalEvaluation> {
  const { segmenter, policy, encoder, logger } = sources;
  const messages = await messageMeans({ ...run, policy, segmenter, encoder, logger, seedVectors: SEED_VECTORS });
  const indexed = await indexArticles(sources, articles, run);
  const asked = await readQueries(sources, queries, run);
  const retriever = createRetriever(indexed, { segmenter, concepts: policy.concepts, messages });
  const started = performance.now();
  const results = queries.map((query, at): QueryResult => {
    run.signal.throwIfAborted();
    const question = asked[at];
    if (question === undefined) throw new RangeError('a question has no vector');
    return ask(retriever, query, question, articles);
  });
  const ms = (performance.now() - started) / Math.max(1, queries.length);
  return { articles: articles.length, ...scoreRetrieval(results), ms_per_query: ms, results };
}

async function indexArticles(sources: Sources, articles: readonly EvalArticle[], run: EmbedRun) {
  const chunks = articles.map(({ body, title }) => {
    const cut = cutChunks(body);
    return cut.length > 0 ? cut : cutChunks(title);
  });
  const views = articles.flatMap((article, at) => viewsOf(article, chunks[at]).map((view) => ({ ...view, at })));
  const embed = async (kind: 'query' | 'passage') => {
    const own = views.filter(({ embedding }) => embedding === kind);
    const texts = own.map(({ text }) => text);
    const vectors = await embedKept(sources.encoder, sources.config.DATA_DIR, texts, { ...run, kind });
    return own.map((view, row) => ({ ...view, vector: vectors[row] ?? new Float32Array() }));
  };
  const embedded = [...(await embed('query')), ...(await embed('passage'))];
  const byArticle = articles.map((): (typeof embedded)[number][] => []);
  for (const view of embedded) byArticle[view.at]?.push(view);
  return articles.map(({ id, lang, title, topics }, at): IndexedArticle => {
    const found = byArticle[at] ?? [];
    const vectors = collectVectors(found);
    const text = readDocument(sources.segmenter, { text: title });
    const guessedTopics = topics ? undefined : sources.learned.head.predict(text, vectors.titleQuestion).topics;
    const rest = { ...UNDATED, id, version: 1, slug: id, language: lang, title, topics: topics ?? [] };
    return { ...rest, guessedTopics, chunks: chunks[at] ?? [], vectors };
  });
}

async function readQueries(
  { segmenter, encoder, config, learned }: Sources,
  queries: readonly EvalQuery[],
  run: EmbedRun,
): Promise<RetrievalQuery[]> {
  const documents = queries.map(({ text }) => readDocument(segmenter, { text }));
  const texts = documents.map(({ masked }) => masked.text);
  const vectors = await embedKept(encoder, config.DATA_DIR, texts, run);
  return documents.map((document, at) => {
    const vector = vectors[at] ?? new Float32Array();
    const topicProbabilities = learned.head.predict(document, vector).topics;
    return {
      text: document.masked.text,
      vector,
      language: queries[at]?.lang ?? 'en',
      topics: [],
      topicProbabilities,
    };
  });
}

function ask(
  retriever: Retriever,
  { id, lang, text, answer_ids }: EvalQuery,
  question: RetrievalQuery,
  articles: readonly EvalArticle[],
): QueryResult {
  const find = (languages: readonly ArticleLanguage[]) =>
    retriever.retrieve(question, { limit: DEPTH, languages, audience: 'any' });
  const all = find(ARTICLE_LANGUAGES);
  const rankIn = (found: typeof all) =>
    found.passages.findIndex(({ articleId }) => answer_ids.includes(articleId)) + 1 || null;
  const answered = new Set(
    articles.filter((article) => answer_ids.includes(article.id)).map((article) => article.lang),
  );
  const pairs = ARTICLE_LANGUAGES.filter((language) => answered.has(language)).map(
    (language) => [`${lang}_${language}`, rankIn(find([language]))] as const,
  );
  return {
    id,
    lang,
    text,
    answer_ids,
    found: all.passages.slice(0, 5).map(({ articleId, score }) => ({ id: articleId, score })),
    rank: answer_ids.length === 0 ? null : rankIn(all),
    pair_ranks: Object.fromEntries(pairs),
    confidence: all.confidence,
    fits: all.fits,
  };
}
