import { center } from '../learning/features.ts';
import type { Word } from '../text/segment.ts';
import type { ClusterItem, ClusterLanguage } from './item.ts';

/** A mean of vectors and the number of messages that it counts for. */
export interface LanguageMean {
  readonly vector: Float32Array;
  readonly count: number;
}
export type LanguageMeans = Readonly<Partial<Record<ClusterLanguage, LanguageMean>>>;

/** Messages that a mean known beforehand counts for: where few have come, theirs says little. */
export const PRIOR_COUNT = 30;

/**
 * The mean vector of each language. Vectors of one encoder have an offset per language: without taking it away, a
 * Chinese report is nearer to every Chinese message than to an English report of the same fault.
 */
export function languageMeans(items: readonly Pick<ClusterItem, 'vector' | 'language'>[], prior: LanguageMeans = {}) {
  const means: Partial<Record<ClusterLanguage, LanguageMean>> = {};
  for (const language of ['zh', 'en'] as const) {
    const vectors = items.filter((item) => item.language === language).map(({ vector }) => vector);
    const known = prior[language];
    const [first = known?.vector] = vectors;
    if (first === undefined) continue;
    const weight = known === undefined ? 0 : PRIOR_COUNT;
    const sum = Float64Array.from(first, (_, at) => weight * (known?.vector[at] ?? 0));
    for (const vector of vectors) for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) + (vector[at] ?? 0);
    const count = vectors.length + weight;
    means[language] = { vector: Float32Array.from(sum, (value) => value / count), count: vectors.length };
  }
  return means;
}

/** The means that the shipped examples have: what is known of the encoder before anybody has written. */
export function meansOfExamples(
  examples: readonly { readonly vector: Float32Array; readonly words: readonly Word[] }[],
) {
  return languageMeans(
    examples.map(({ vector, words }) => ({
      vector,
      language: words.some(({ kind }) => kind === 'han') ? ('zh' as const) : ('en' as const),
    })),
  );
}

/** Vectors without the mean of their language, at unit length; all in one buffer, as each of its own costs a fifth more. */
export function centreByLanguage(
  items: readonly Pick<ClusterItem, 'vector' | 'language'>[],
  means: LanguageMeans,
): Float32Array[] {
  const dimensions = items[0]?.vector.length ?? 0;
  const all = new Float32Array(items.length * dimensions);
  const none = new Float32Array(dimensions);
  return items.map(({ vector, language }, row) =>
    center(vector, means[language]?.vector ?? none, all.subarray(row * dimensions, (row + 1) * dimensions)),
  );
}
