import type { HeadModel } from '../learning/head.ts';
import type { HeadInForce } from '../learning/head-in-force.ts';
import { rowAt } from '../learning/quantized.ts';
import type { Policy } from '../policy.ts';
import type { LanguageMean, LanguageMeans } from './centre.ts';
import type { ClusterLanguage } from './item.ts';

/**
 * The mean vector of each language as far as a head's examples tell it, without reading them again. They are kept
 * centred and at unit length; as all vectors of an encoder are of length 1, what was taken away of their length is the
 * same for all on average: `sqrt(1 - |mean|²)`.
 *
 * @param languageOf of an example; undefined for one that is not known any more
 */
export function meansOfHead(
  { mean, exampleIds, exampleVectors }: Pick<HeadModel, 'mean' | 'exampleIds' | 'exampleVectors'>,
  languageOf: (id: string) => ClusterLanguage | undefined,
): LanguageMeans {
  const length = Math.sqrt(Math.max(0, 1 - mean.reduce((sum, value) => sum + value * value, 0)));
  const of = (language: ClusterLanguage): LanguageMean => {
    const sum = new Float64Array(mean.length);
    let count = 0;
    for (const [row, id] of exampleIds.entries()) {
      if (languageOf(id) !== language) continue;
      const vector = rowAt(exampleVectors, row);
      for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] as number) + (vector[at] as number);
      count++;
    }
    return { vector: mean.map((value, at) => value + (length * (sum[at] as number)) / Math.max(1, count)), count };
  };
  return { zh: of('zh'), en: of('en') };
}

/** The same of the head in force: the shipped examples are told by their script. */
export function seedMeans({
  learned,
  policy,
}: {
  readonly learned: Pick<HeadInForce, 'head'>;
  readonly policy: Pick<Policy, 'seeds'>;
}): LanguageMeans {
  const languages = new Map(
    policy.seeds.map(({ id, text }) => [id, /\p{Script=Han}/u.test(text) ? 'zh' : 'en'] as const),
  );
  return meansOfHead(learned.head.model, (id) => languages.get(id));
}
