/** The `k` nearest of every row, nearest first; -1 where there are fewer. */
export interface NeighbourLists {
  readonly k: number;
  readonly rows: Int32Array;
  readonly similarities: Float32Array;
}

/** Lists of the nearest known so far, each in falling similarity, in two flat arrays. */
export class NeighbourTable {
  readonly count: number;
  readonly k: number;
  readonly #rows: Int32Array;
  readonly #similarities: Float32Array;
  /** 1 where a neighbour has not been joined with the others of its list. */
  readonly #fresh: Uint8Array;

  constructor(count: number, k: number) {
    this.count = count;
    this.k = k;
    this.#rows = new Int32Array(count * k).fill(-1);
    this.#similarities = new Float32Array(count * k).fill(Number.NEGATIVE_INFINITY);
    this.#fresh = new Uint8Array(count * k);
  }

  /** True when `other` comes into the list of `row`. Of equals the row that stands first. */
  offer(row: number, other: number, similarity: number): boolean {
    const { k } = this;
    const start = row * k;
    let at = start + k - 1;
    const value = Math.fround(similarity);
    if (value < (this.#similarities[at] as number)) return false;
    if (value === this.#similarities[at] && other >= (this.#rows[at] as number) && this.#rows[at] !== -1) return false;
    for (let slot = start; slot < start + k; slot++) if (this.#rows[slot] === other) return false;
    for (; at > start; at--) {
      const before = this.#similarities[at - 1] as number;
      if (before > value || (before === value && (this.#rows[at - 1] as number) < other && this.#rows[at - 1] !== -1))
        break;
      this.#rows[at] = this.#rows[at - 1] as number;
      this.#similarities[at] = before;
      this.#fresh[at] = this.#fresh[at - 1] as number;
    }
    this.#rows[at] = other;
    this.#similarities[at] = value;
    this.#fresh[at] = 1;
    return true;
  }

  /** Neighbours of a row; `fresh` ones have come since they were last asked for, and are known from now on. */
  take(row: number): { readonly fresh: number[]; readonly known: number[] } {
    const fresh: number[] = [];
    const known: number[] = [];
    for (let slot = row * this.k; slot < (row + 1) * this.k; slot++) {
      const other = this.#rows[slot] as number;
      if (other === -1) break;
      if (this.#fresh[slot] === 1) fresh.push(other);
      else known.push(other);
      this.#fresh[slot] = 0;
    }
    return { fresh, known };
  }

  finish(): NeighbourLists {
    return { k: this.k, rows: this.#rows, similarities: this.#similarities };
  }
}
