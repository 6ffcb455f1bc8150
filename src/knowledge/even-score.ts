import type { ArticleIndex } from './article-index.ts';
import { readWords, type WordReader } from './read-words.ts';

/** Titles that are asked: enough for a median. */
const MAX_ASKED = 64;
/** Titles that what is known beforehand counts for, and what it says: the median of the shipped articles. */
const PRIOR = { count: 4, nearest: 10.3 } as const;
/**
 * From how near articles are to each other to the score at which one answers as likely as not: a line through the best
 * thresholds of our own questions, crypto_faq, Banking77 (all and with a part of the articles taken away).
 */
const LINE = { offset: 2.8, slope: 0.6 } as const;
/** Among copies of one article, and of articles about nothing in common, the line says too much. */
const BOUNDS = { least: 5, most: 12 } as const;

/**
 * The score at which one of these articles answers a question as likely as not. The level of scores differs between sets
 * of articles (vocabulary, length, how much they are about one thing), so each title is asked of the other articles of
 * its language: what comes nearest without being the answer says how near a wrong one comes.
 */
export function evenScore(index: ArticleIndex, reader: WordReader): number {
  const step = Math.max(1, Math.ceil(index.rows.length / MAX_ASKED));
  const nearest: number[] = [];
  for (let at = 0; at < index.rows.length; at += step) {
    const score = nearestOther(index, reader, at);
    if (Number.isFinite(score)) nearest.push(score);
  }
  const { count, nearest: known } = PRIOR;
  const level = (medianOf(nearest) * nearest.length + known * count) / (nearest.length + count);
  return Math.min(BOUNDS.most, Math.max(BOUNDS.least, LINE.offset + LINE.slope * level));
}

/** The best score of another article for a title; -Infinity where there is no other in its language. */
function nearestOther(index: ArticleIndex, reader: WordReader, at: number): number {
  const row = index.rows[at];
  if (row === undefined) return Number.NEGATIVE_INFINITY;
  const { language, slug, title, vectors } = row.article;
  const question = { ...readWords(reader, title), vector: vectors.titleQuestion, language, topics: row.topics };
  const { scores } = index.score(question);
  return index.rows.reduce(
    (best, { article }, other) =>
      article.language === language && article.slug !== slug ? Math.max(best, scores[other] ?? 0) : best,
    Number.NEGATIVE_INFINITY,
  );
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor((values.length - 1) / 2)] ?? 0;
}
