import { mainLanguageOf } from '../text/main-language.ts';
import { ARTICLE_LANGUAGES, type ArticleLanguage, validityOf } from './article.ts';
import { ArticleIndex, type IndexedArticle, type ReadQuestion } from './article-index.ts';
import { mergeBags } from './bag.ts';
import type { Chunk, Sentence } from './chunks.ts';
import { evenScore } from './even-score.ts';
import { readWords, type WordReader } from './read-words.ts';
import type { Passage, Retrieval, RetrievalQuery, RetrieveOptions, Retriever } from './retrieval.ts';
import { weighTopics } from './topic-match.ts';
import type { Means } from './vector-space.ts';

const LIMIT = 3;
/** How fast the probability that an article answers grows with its score: on data/eval/dev/queries.jsonl. */
const SLOPE = 0.75;
/** From which probability on something fits: there, wrong refusals and wrong answers are about as many. */
const FITS_FROM = 0.5;

export interface RetrieverParts extends WordReader {
  /** Mean vectors of what customers write, per language. */
  readonly messages: Means;
}

/** A retriever over these articles; build a new one when one of them changes. */
export function createRetriever(articles: readonly IndexedArticle[], parts: RetrieverParts): Retriever {
  const index = new ArticleIndex(articles, parts, parts.messages);
  const held: Held = { index, reader: parts, even: evenScore(index, parts) };
  return {
    size: articles.length,
    retrieve: (query, options = {}) => retrieve(held, query, options),
  };
}

interface Held {
  readonly index: ArticleIndex;
  readonly reader: WordReader;
  /** The score at which an article answers as likely as not. */
  readonly even: number;
}

interface Candidate {
  readonly article: IndexedArticle;
  readonly score: number;
  readonly chunks: Float64Array;
}

function retrieve(
  held: Held,
  query: RetrievalQuery,
  { limit = LIMIT, languages, today, audience = 'customer' }: RetrieveOptions,
): Retrieval {
  const { index, reader } = held;
  const question = readQuestion(reader, query);
  const wanted = languages ?? [question.language, ...ARTICLE_LANGUAGES.filter((one) => one !== question.language)];
  const { scores, chunks } = index.score(question);
  const families = scoreFamilies(index.rows, scores);
  const candidates = index.rows.flatMap(({ article }, at): Candidate[] => {
    if (!wanted.includes(article.language)) return [];
    if (audience === 'customer' && article.audience !== 'customer') return [];
    if (today !== undefined && ['not_yet', 'expired'].includes(validityOf(article, today))) return [];
    return [{ article, score: families.get(article.slug) ?? 0, chunks: chunks[at] ?? new Float64Array() }];
  });
  const passages = preferTranslations(candidates, wanted)
    .sort((left, right) => right.score - left.score)
    .slice(0, limit)
    .map((candidate) => toPassage(held, question, candidate, { today, first: wanted[0] }));
  const confidence = passages[0]?.score ?? 0;
  return { passages, fits: passages[0]?.fits ?? false, confidence };
}

/** The score of each slug: translations say the same, so that the nearest of them speaks for all. */
function scoreFamilies(rows: ArticleIndex['rows'], scores: Float64Array): ReadonlyMap<string, number> {
  const families = new Map<string, number>();
  rows.forEach(({ article: { slug } }, at) => {
    const score = scores[at] ?? 0;
    families.set(slug, Math.max(families.get(slug) ?? score, score));
  });
  return families;
}

/** Of translations the one in the language that is wanted most. */
function preferTranslations(candidates: readonly Candidate[], wanted: readonly ArticleLanguage[]): Candidate[] {
  const bySlug = new Map<string, Candidate>();
  const place = ({ article }: Candidate) => wanted.indexOf(article.language);
  for (const candidate of candidates) {
    const known = bySlug.get(candidate.article.slug);
    if (known === undefined || place(candidate) < place(known)) bySlug.set(candidate.article.slug, candidate);
  }
  return [...bySlug.values()];
}

function readQuestion(reader: WordReader, query: RetrievalQuery): ReadQuestion {
  const { vector, language, topics, topicProbabilities } = query;
  return {
    ...readWords(reader, query.text),
    vector,
    language: mainLanguageOf(language),
    topics: topicProbabilities ?? weighTopics(topics),
  };
}

function toPassage(
  { index, reader, even }: Held,
  question: ReadQuestion,
  { article, score, chunks }: Candidate,
  { today, first }: { readonly today: string | undefined; readonly first: ArticleLanguage | undefined },
): Passage {
  const nearest = chunks.indexOf(Math.max(...chunks));
  const chunk = article.chunks[nearest] ?? article.chunks[0];
  if (chunk === undefined) throw new RangeError(`article ${article.id} has no text`);
  const probability = 1 / (1 + Math.exp(-SLOPE * (score - even)));
  return {
    articleId: article.id,
    slug: article.slug,
    version: article.version,
    language: article.language,
    title: article.title,
    topics: article.topics,
    validity: today === undefined ? 'current' : validityOf(article, today),
    chunk,
    chunks: article.chunks,
    nearest: orderSentences(index, reader, question, article.language, chunk),
    score: probability,
    fits: probability >= FITS_FROM,
    foreign: article.language !== first,
  };
}

/** By the words and concepts that they share with the question, each by what it tells. */
function orderSentences(
  index: ArticleIndex,
  reader: WordReader,
  question: ReadQuestion,
  language: ArticleLanguage,
  { sentences }: Chunk,
): Sentence[] {
  const asked = mergeBags([
    [question.words, 1],
    [question.concepts, 1],
  ]);
  const shared = (text: string) => {
    const { words, concepts } = readWords(reader, text);
    let sum = 0;
    for (const term of [...words.keys(), ...concepts.keys()])
      if (asked.has(term)) sum += words.has(term) ? index.idf(language, term) : 1;
    return sum;
  };
  return sentences
    .map((sentence) => ({ sentence, score: shared(sentence.text) }))
    .sort((left, right) => right.score - left.score)
    .map(({ sentence }) => sentence);
}
