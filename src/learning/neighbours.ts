import { dotRow, type QuantizedRows } from './quantized.ts';
import { SignCodes } from './sign-codes.ts';

/** A row and its cosine. */
export interface Neighbour {
  readonly row: number;
  readonly similarity: number;
}

/** Rows that are compared in full: among 2 184 seeds these hold the true nearest of other seeds in 98.8 %. */
const CANDIDATES = 72;

/**
 * Nearest rows among unit vectors that are centred: the signs of their numbers, one bit each, tell the candidates
 * (Charikar, "Similarity Estimation Techniques from Rounding Algorithms", STOC 2002), and only these are compared in
 * full. Approximate, deterministic, and a tenth of the work.
 */
export class NeighbourIndex {
  readonly #vectors: QuantizedRows;
  readonly #all: Int32Array;
  readonly #codes: SignCodes;

  /** `vectors` are kept, not copied. */
  constructor(vectors: QuantizedRows) {
    const { dimensions, values, scales } = vectors;
    this.#vectors = vectors;
    this.#all = Int32Array.from(scales.keys());
    this.#codes = new SignCodes(dimensions, scales.length);
    for (const row of this.#all) this.#codes.put(row, values, row * dimensions);
  }

  get rows(): number {
    return this.#all.length;
  }

  /** At most `count` rows, nearest first; of equals the one that stands first. */
  find(vector: Float32Array, count: number): Neighbour[] {
    return this.#codes
      .nearest(vector, this.#all, Math.max(count, CANDIDATES))
      .map((row) => ({ row, similarity: dotRow(this.#vectors, row, vector) }))
      .sort((left, right) => right.similarity - left.similarity || left.row - right.row)
      .slice(0, count);
  }
}
