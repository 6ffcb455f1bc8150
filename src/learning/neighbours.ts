import { dotRow, type QuantizedRows } from './quantized.ts';

/** A row and its cosine. */
export interface Neighbour {
  readonly row: number;
  readonly similarity: number;
}

const BITS = 32;
/** Rows that are compared in full: among 2 184 seeds these hold the true nearest of other seeds in 98.8 %. */
const CANDIDATES = 72;

/**
 * Nearest rows among unit vectors that are centred: the signs of their numbers, one bit each, tell the candidates
 * (Charikar, "Similarity Estimation Techniques from Rounding Algorithms", STOC 2002), and only these are compared in
 * full. Approximate, deterministic, and a tenth of the work.
 */
export class NeighbourIndex {
  readonly #vectors: QuantizedRows;
  readonly #words: number;
  readonly #codes: Int32Array;

  /** `vectors` are kept, not copied. */
  constructor(vectors: QuantizedRows) {
    const { dimensions, values, scales } = vectors;
    this.#vectors = vectors;
    this.#words = Math.ceil(dimensions / BITS);
    this.#codes = new Int32Array(scales.length * this.#words);
    for (let row = 0; row < scales.length; row++)
      this.#encode(values.subarray(row * dimensions, (row + 1) * dimensions), row * this.#words, this.#codes);
  }

  get rows(): number {
    return this.#vectors.scales.length;
  }

  /** At most `count` rows, nearest first; of equals the one that stands first. */
  find(vector: Float32Array, count: number): Neighbour[] {
    const rows = this.#candidates(vector, Math.max(count, CANDIDATES));
    return rows
      .map((row) => ({ row, similarity: dotRow(this.#vectors, row, vector) }))
      .sort((left, right) => right.similarity - left.similarity || left.row - right.row)
      .slice(0, count);
  }

  /** The rows with the fewest differing signs: at least `count` of them, all that tie with the last included. */
  #candidates(vector: Float32Array, count: number): number[] {
    const { rows } = this;
    const distances = new Uint16Array(rows);
    const histogram = new Uint32Array(this.#vectors.dimensions + 1);
    const query = new Int32Array(this.#words);
    this.#encode(vector, 0, query);
    for (let row = 0; row < rows; row++) {
      const distance = countDifferences(this.#codes, row * this.#words, query);
      distances[row] = distance;
      histogram[distance] = (histogram[distance] as number) + 1;
    }
    let limit = 0;
    for (let seen = histogram[0] as number; seen < Math.min(count, rows); seen += histogram[limit] as number) limit++;
    const found: number[] = [];
    for (let row = 0; row < rows; row++) if ((distances[row] as number) <= limit) found.push(row);
    return found;
  }

  #encode(vector: Float32Array | Int8Array, offset: number, codes: Int32Array): void {
    for (let at = 0; at < this.#vectors.dimensions; at++) {
      if ((vector[at] as number) <= 0) continue;
      const word = offset + Math.floor(at / BITS);
      codes[word] = (codes[word] as number) | (1 << (at % BITS));
    }
  }
}

/** In how many places the bits at `offset` differ from those of the query, as many words as it has. */
export function countDifferences(codes: Int32Array, offset: number, query: Int32Array): number {
  let distance = 0;
  let word = 0;
  for (; word + 2 < query.length; word += 3)
    distance += sumBytes(
      countInNibbles((codes[offset + word] as number) ^ (query[word] as number)) +
        countInNibbles((codes[offset + word + 1] as number) ^ (query[word + 1] as number)) +
        countInNibbles((codes[offset + word + 2] as number) ^ (query[word + 2] as number)),
    );
  for (; word < query.length; word++)
    distance += sumBytes(countInNibbles((codes[offset + word] as number) ^ (query[word] as number)));
  return distance;
}

/** How many bits are set in each four of 32 (Warren, "Hacker's Delight", figure 5-2): three such counts fit together. */
function countInNibbles(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  return (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
}

/** The sum of eight counts of four bits each. */
function sumBytes(nibbles: number): number {
  return Math.imul((nibbles & 0x0f0f0f0f) + ((nibbles >>> 4) & 0x0f0f0f0f), 0x01010101) >>> 24;
}
