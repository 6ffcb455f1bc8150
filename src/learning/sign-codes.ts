const BITS = 32;

/**
 * The signs of centred vectors, one bit per number: rows whose signs differ in few places point the same way (Charikar,
 * STOC 2002). Rows are written in place, because they come and go.
 */
export class SignCodes {
  readonly #dimensions: number;
  readonly #words: number;
  #codes: Int32Array;

  constructor(dimensions: number, rows: number) {
    this.#dimensions = dimensions;
    this.#words = Math.ceil(dimensions / BITS);
    this.#codes = new Int32Array(rows * this.#words);
  }

  grow(rows: number): void {
    const codes = new Int32Array(rows * this.#words);
    codes.set(this.#codes);
    this.#codes = codes;
  }

  /** Keeps the signs of `vectors[offset…] - mean`; without a mean of what is centred already. */
  put(row: number, vectors: Float32Array | Int8Array, offset: number, mean?: Float32Array): void {
    this.#encode(vectors, offset, mean, this.#codes, row * this.#words);
  }

  /** The `count` of the rows that differ least from a vector that is centred already, and all that tie with the last. */
  nearest(vector: Float32Array, rows: Int32Array, count: number): number[] {
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
    const found: number[] = [];
    for (let at = 0; at < rows.length; at++) if ((distances[at] as number) <= limit) found.push(rows[at] as number);
    return found;
  }

  #encode(
    from: Float32Array | Int8Array,
    offset: number,
    mean: Float32Array | undefined,
    into: Int32Array,
    start: number,
  ): void {
    into.fill(0, start, start + this.#words);
    for (let at = 0; at < this.#dimensions; at++) {
      if ((from[offset + at] as number) <= (mean?.[at] ?? 0)) continue;
      const word = start + Math.floor(at / BITS);
      into[word] = (into[word] as number) | (1 << (at % BITS));
    }
  }
}

/** In how many places the bits at `offset` differ from those of the query, as many words as it has. */
function countDifferences(codes: Int32Array, offset: number, query: Int32Array): number {
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
