import { countDifferences } from '../learning/neighbours.ts';

const BITS = 32;

/**
 * The signs of centred vectors, one bit per number: rows whose signs differ in few places point the same way (Charikar,
 * STOC 2002). Rows are written in place, because they come and go.
 */
export class SignCodes {
  readonly #words: number;
  #codes: Int32Array;

  constructor(dimensions: number, rows: number) {
    this.#words = Math.ceil(dimensions / BITS);
    this.#codes = new Int32Array(rows * this.#words);
  }

  grow(rows: number): void {
    const codes = new Int32Array(rows * this.#words);
    codes.set(this.#codes);
    this.#codes = codes;
  }

  /** Keeps the signs of `vectors[offset…] - mean`. */
  put(row: number, vectors: Float32Array, offset: number, mean: Float32Array): void {
    this.#encode(vectors, offset, mean, this.#codes, row * this.#words);
  }

  /** The `count` of the rows that differ least from a vector that is centred already, and all that tie with the last. */
  nearest(vector: Float32Array, rows: ArrayLike<number>, count: number): number[] {
    if (rows.length <= count) return Array.from(rows);
    const query = new Int32Array(this.#words);
    this.#encode(vector, 0, undefined, query, 0);
    const distances = new Uint16Array(rows.length);
    const histogram = new Uint32Array(this.#words * BITS + 1);
    for (let at = 0; at < rows.length; at++) {
      const distance = countDifferences(this.#codes, (rows[at] as number) * this.#words, query);
      distances[at] = distance;
      histogram[distance] = (histogram[distance] as number) + 1;
    }
    let limit = 0;
    for (let seen = histogram[0] as number; seen < count; seen += histogram[limit] as number) limit++;
    return Array.from(rows).filter((_, at) => (distances[at] as number) <= limit);
  }

  #encode(from: Float32Array, offset: number, mean: Float32Array | undefined, into: Int32Array, start: number): void {
    const end = mean?.length ?? from.length - offset;
    into.fill(0, start, start + this.#words);
    for (let at = 0; at < end; at++) {
      if ((from[offset + at] as number) <= (mean?.[at] ?? 0)) continue;
      const word = start + Math.floor(at / BITS);
      into[word] = (into[word] as number) | (1 << (at % BITS));
    }
  }
}
