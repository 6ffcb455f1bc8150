import { center } from '../learning/features.ts';
import { ARTICLE_LANGUAGES, type ArticleLanguage } from './article.ts';

/** Mean vector of each language. */
export type Means = Readonly<Record<ArticleLanguage, Float32Array>>;

/** Articles that the means known beforehand count for: of a few articles the mean is the articles themselves. */
const PRIOR = 2;

interface Placed {
  readonly language: ArticleLanguage;
  readonly vector: Float32Array;
}

/** Means of vectors by language, drawn towards `prior` where there are few. */
export function meansOf(vectors: readonly Placed[], prior: Means): Means {
  const mean = (language: ArticleLanguage) => {
    const own = vectors.filter((one) => one.language === language);
    const sum = Float64Array.from(prior[language], (value) => PRIOR * value);
    for (const { vector } of own) for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) + (vector[at] ?? 0);
    return Float32Array.from(sum, (value) => value / (own.length + PRIOR));
  };
  return { zh: mean('zh'), en: mean('en') };
}

/**
 * Where questions about these articles lie: the mean of customers' messages per language, moved by what the titles have
 * in common beyond it. Without the move, everything about bitcoin is near every article about bitcoin.
 */
export function questionMeans(titles: readonly Placed[], messages: Means): Means {
  const moved = meansOf(titles, messages);
  const present = ARTICLE_LANGUAGES.filter((language) => titles.some((title) => title.language === language));
  const shift = (at: number) =>
    present.reduce((sum, language) => sum + ((moved[language][at] ?? 0) - (messages[language][at] ?? 0)), 0) /
    Math.max(1, present.length);
  const shifts = Float64Array.from(messages.zh, (_, at) => shift(at));
  const add = (mean: Float32Array) => mean.map((value, at) => value + (shifts[at] ?? 0));
  return { zh: add(messages.zh), en: add(messages.en) };
}

/** A vector without the mean of its language, at unit length. */
export function centred({ vector, language }: Placed, means: Means): Float32Array {
  return center(vector, means[language]);
}
