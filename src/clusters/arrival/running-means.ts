import { type LanguageMeans, PRIOR_COUNT } from '../centre.ts';
import { CLUSTER_LANGUAGES, type ClusterLanguage } from '../item.ts';

/** The means in use are those of the last time that so much more had come. */
const REFRESH = 1.1;

/** The mean vector of each language while messages come: that of the examples first, and less of it with each message. */
export class RunningMeans {
  readonly #sums: Record<ClusterLanguage, Float64Array>;
  readonly #counts: Record<ClusterLanguage, number> = { zh: 0, en: 0 };
  readonly #used: Record<ClusterLanguage, Float32Array>;
  #learned = 0;
  #refreshed = 0;

  constructor(dimensions: number, prior: LanguageMeans) {
    const sum = (language: ClusterLanguage) => {
      const vector = prior[language]?.vector;
      if (vector !== undefined) this.#counts[language] = PRIOR_COUNT;
      return Float64Array.from({ length: dimensions }, (_, at) => PRIOR_COUNT * (vector?.[at] ?? 0));
    };
    this.#sums = { zh: sum('zh'), en: sum('en') };
    this.#used = { zh: this.#mean('zh'), en: this.#mean('en') };
  }

  /** The mean in use. */
  of(language: ClusterLanguage): Float32Array {
    return this.#used[language];
  }

  /** Counts a message; true when the means in use are others now. */
  learn(vector: Float32Array, language: ClusterLanguage): boolean {
    const sum = this.#sums[language];
    for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] as number) + (vector[at] as number);
    this.#counts[language]++;
    this.#learned++;
    if (this.#learned < this.#refreshed * REFRESH) return false;
    this.#refreshed = this.#learned;
    for (const each of CLUSTER_LANGUAGES) this.#used[each] = this.#mean(each);
    return true;
  }

  #mean(language: ClusterLanguage): Float32Array {
    const count = Math.max(1, this.#counts[language]);
    return Float32Array.from(this.#sums[language], (value) => value / count);
  }
}
