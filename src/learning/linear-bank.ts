import { dotAt } from './dot.ts';
import type { SparseVector } from './features.ts';
import type { BlockWeights, LinearFunction } from './matrix.ts';

/**
 * Several linear functions of the same features. Their sparse weights lie term by term, so that one walk over the few
 * hundred terms of a text serves all of them: ten times as fast as function by function for forty labels.
 */
export class LinearBank {
  readonly #functions: readonly LinearFunction[];
  readonly #weights: BlockWeights;
  /** Terms × functions. */
  readonly #sparse: Float32Array;

  constructor(functions: readonly LinearFunction[], weights: BlockWeights) {
    const terms = functions[0]?.sparse.length ?? 0;
    this.#functions = functions;
    this.#weights = weights;
    this.#sparse = new Float32Array(terms * functions.length);
    functions.forEach(({ sparse }, at) => {
      for (let term = 0; term < terms; term++) this.#sparse[term * functions.length + at] = sparse[term] as number;
    });
  }

  /** The value of each function. */
  score(dense: Float32Array, { indices, values }: SparseVector): Float64Array {
    const width = this.#functions.length;
    const scores = new Float64Array(width);
    for (let at = 0; at < indices.length; at++) {
      const row = (indices[at] as number) * width;
      const value = values[at] as number;
      for (let label = 0; label < width; label++)
        scores[label] = (scores[label] as number) + value * (this.#sparse[row + label] as number);
    }
    this.#functions.forEach((one, label) => {
      const vector = this.#weights.dense * dotAt(dense, 0, one.dense);
      scores[label] = one.bias + vector + this.#weights.sparse * (scores[label] as number);
    });
    return scores;
  }
}
