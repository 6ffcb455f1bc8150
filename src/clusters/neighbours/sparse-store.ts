import type { SparseVector } from '../../learning/features.ts';

const SLAB = 65_536;

/** Keeps sparse vectors side by side: arrays of its own for each take more memory than what is in them. */
export class SparseStore {
  #indices = new Int32Array(SLAB);
  #values = new Float32Array(SLAB);
  #used = 0;

  /** The same vector, kept here. */
  keep({ indices, values }: SparseVector): SparseVector {
    if (this.#used + indices.length > this.#indices.length) {
      this.#indices = new Int32Array(Math.max(SLAB, indices.length));
      this.#values = new Float32Array(this.#indices.length);
      this.#used = 0;
    }
    const [from, to] = [this.#used, this.#used + indices.length];
    this.#used = to;
    this.#indices.set(indices, from);
    this.#values.set(values, from);
    return { indices: this.#indices.subarray(from, to), values: this.#values.subarray(from, to) };
  }
}
