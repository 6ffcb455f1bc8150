import {
  type FeatureSource,
  fitVocabulary,
  type SparseVector,
  Vectorizer,
  type Vocabulary,
} from '../../learning/features.ts';

/** A term of one message alone joins nothing. */
const MIN_DOCUMENTS = 2;

/** TF-IDF of words, pairs of words and characters by a vocabulary; cues of speech are left out. */
export class LexicalSpace {
  readonly #vocabulary: Vocabulary;
  readonly #vectorizer: Vectorizer;

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    this.#vectorizer = new Vectorizer(vocabulary);
  }

  /** By the words of these messages. */
  static learn(sources: readonly FeatureSource[]): LexicalSpace {
    return new LexicalSpace(fitVocabulary(sources, MIN_DOCUMENTS));
  }

  /** The words of a message, at unit length. */
  vector(source: FeatureSource): SparseVector {
    const { indices, values } = this.#vectorizer.transform(source);
    const { terms } = this.#vocabulary;
    const kept = Array.from(indices.keys()).filter((at) => !terms[indices[at] as number]?.startsWith('f:'));
    const length = Math.sqrt(kept.reduce((sum, at) => sum + (values[at] as number) ** 2, 0)) || 1;
    return {
      indices: Int32Array.from(kept, (at) => indices[at] as number),
      values: Float32Array.from(kept, (at) => (values[at] as number) / length),
    };
  }
}

/** The product of two sparse vectors, by one walk along both. */
export function sparseDot(left: SparseVector, right: SparseVector): number {
  let sum = 0;
  let one = 0;
  let other = 0;
  while (one < left.indices.length && other < right.indices.length) {
    const difference = (left.indices[one] as number) - (right.indices[other] as number);
    if (difference === 0) sum += (left.values[one] as number) * (right.values[other] as number);
    if (difference <= 0) one++;
    if (difference >= 0) other++;
  }
  return sum;
}
