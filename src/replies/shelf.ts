import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { normalize } from '../text/normalize.ts';
import type { Segmenter } from '../text/segment.ts';
import { track } from '../text/tracked.ts';
import { toUnits } from '../text/units.ts';
import type { Passage, PassageQuery, Retrieve } from './passage.ts';
import { REPLY_LANGUAGES } from './template.ts';

const frontSchema = z.object({
  slug: z.string(),
  lang: z.enum(REPLY_LANGUAGES),
  title: z.string(),
  topics: z.array(z.string()),
  updated: z.string(),
  review_by: z.string(),
});

interface Shelved extends Passage {
  readonly words: ReadonlyMap<string, number>;
  readonly length: number;
}

/** Usual constants of BM25 (Robertson and Zaragoza 2009). */
const K1 = 1.2;
const B = 0.75;
const TITLE_WEIGHT = 3;
const TOPIC_BONUS = 3;
/** Score per word of the query above which an article answers (chosen on the samples). */
const FITS = 1.1;
const MAX_FOUND = 3;

/**
 * Articles of a folder, found by their words and topics.
 *
 * @throws AppError `bad_data_file` for a file that is no article
 */
export async function openShelf(folder: string, segmenter: Segmenter, today: Date): Promise<Retrieve> {
  const articles: Shelved[] = [];
  for (const language of REPLY_LANGUAGES) {
    const names = (await readdir(path.join(folder, language))).filter((name) => name.endsWith('.md')).sort();
    for (const name of names)
      articles.push(shelve(await readFile(path.join(folder, language, name), 'utf8'), name, segmenter, today));
  }
  const frequency = new Map<string, number>();
  for (const { words } of articles)
    for (const word of words.keys()) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const mean = articles.reduce((sum, { length }) => sum + length, 0) / Math.max(1, articles.length);
  return (query) => find(articles, query, { segmenter, frequency, mean });
}

function shelve(source: string, name: string, segmenter: Segmenter, today: Date): Shelved {
  const [, front = '', body = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/u.exec(source) ?? [];
  const parsed = frontSchema.safeParse(parseYaml(front));
  if (!parsed.success) throw new AppError('bad_data_file', `${name}: has no front matter of an article`);
  const { slug, lang, title, topics, updated, review_by } = parsed.data;
  const words = countWords(segmenter, `${`${title}\n`.repeat(TITLE_WEIGHT)}${body}`);
  return {
    articleId: slug,
    version: updated,
    language: lang,
    title,
    text: body.trim(),
    score: 0,
    fits: false,
    validity: new Date(review_by) < today ? 'stale' : 'current',
    topics,
    words,
    length: [...words.values()].reduce((sum, count) => sum + count, 0),
  };
}

function find(
  articles: readonly Shelved[],
  { text, language, topics }: PassageQuery,
  { segmenter, frequency, mean }: { segmenter: Segmenter; frequency: ReadonlyMap<string, number>; mean: number },
): Passage[] {
  const wanted = [...countWords(segmenter, text).keys()].filter((word) => frequency.has(word));
  return articles
    .filter((article) => article.language === language)
    .map(({ words, length, ...passage }) => {
      const sum = wanted.reduce((total, word) => {
        const count = words.get(word) ?? 0;
        const rarity = Math.log(1 + articles.length / 2 / (frequency.get(word) ?? 1));
        return total + (rarity * count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / mean));
      }, 0);
      const prior = passage.topics[0] !== undefined && topics.includes(passage.topics[0]) ? TOPIC_BONUS : 0;
      const score = (sum + prior) / (2 + Math.sqrt(wanted.length));
      return { ...passage, score, fits: score >= FITS };
    })
    .toSorted((left, right) => right.score - left.score)
    .slice(0, MAX_FOUND);
}

function countWords(segmenter: Segmenter, text: string): Map<string, number> {
  const normal = normalize(track(text)).text;
  const counts = new Map<string, number>();
  for (const { term } of segmenter.words(normal, toUnits(normal))) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}
