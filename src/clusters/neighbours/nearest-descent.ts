import { createRandom } from '../../learning/random.ts';
import type { NeighbourTable } from './neighbour-table.ts';
import { leavesOf } from './projection-trees.ts';

export interface NearestOptions {
  readonly k: number;
  /** Rows that are likely to be near each other for another reason than their vectors. */
  readonly groups?: Iterable<readonly number[]> | undefined;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  onProgress?(done: number, total: number): void;
}

export type Similarity = (left: number, right: number) => number;

/** Share of updates of a round below which it ends (Dong et al., section 3.1); the next one would find a thousandth more. */
const DELTA = 0.01;
const MAX_ROUNDS = 10;
/** Neighbours of a row, in each direction, that one round joins with each other. */
const SAMPLE = 10;
/** Random trees whose leaves give the first neighbours. */
const TREES = 4;
const ROWS_PER_STEP = 1_024;

/** Fills the lists by NN-descent from the leaves of random projection trees and what is known to be near. */
export function descend(
  rows: readonly Float32Array[],
  similarity: Similarity,
  lists: NeighbourTable,
  { groups = [], seed, signal, onProgress }: NearestOptions,
): void {
  const random = createRandom(seed);
  const steps = TREES + MAX_ROUNDS;
  const offerBoth = (left: number, right: number) => {
    if (left === right) return 0;
    const value = similarity(left, right);
    return Number(lists.offer(left, right, value)) + Number(lists.offer(right, left, value));
  };
  for (const group of groups) joinAll(group, [], offerBoth);
  for (let tree = 0; tree < TREES; tree++) {
    onProgress?.(tree, steps);
    for (const leaf of leavesOf(rows, random, signal)) joinAll(leaf, [], offerBoth);
  }
  const fresh = new Meetings(rows.length, random);
  const known = new Meetings(rows.length, random);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    onProgress?.(TREES + round, steps);
    arrange(lists, fresh, known);
    let updates = 0;
    for (let row = 0; row < rows.length; row++) {
      if (row % ROWS_PER_STEP === 0) signal?.throwIfAborted();
      updates += joinAll(fresh.of(row), known.of(row), offerBoth);
    }
    if (updates < DELTA * rows.length * lists.k) return;
  }
}

/** Compares the fresh rows with each other and with the known ones; gives how many lists were changed. */
function joinAll(fresh: ArrayLike<number>, known: ArrayLike<number>, offerBoth: Similarity): number {
  let updates = 0;
  for (let left = 0; left < fresh.length; left++) {
    const one = fresh[left] as number;
    for (let right = left + 1; right < fresh.length; right++) updates += offerBoth(one, fresh[right] as number);
    for (let right = 0; right < known.length; right++) updates += offerBoth(one, known[right] as number);
  }
  return updates;
}

/** Per row what is near it and what it is near to. */
function arrange(lists: NeighbourTable, fresh: Meetings, known: Meetings): void {
  fresh.clear();
  known.clear();
  for (let row = 0; row < lists.count; row++) {
    const taken = lists.take(row);
    for (const other of taken.fresh) fresh.add(row, other);
    for (const other of taken.known) known.add(row, other);
  }
}

/** Rows that one round compares with each other, at each row at most `SAMPLE` of each direction, in one flat array. */
class Meetings {
  readonly #random: () => number;
  readonly #rows: Int32Array;
  readonly #sizes: Int32Array;

  constructor(count: number, random: () => number) {
    this.#random = random;
    this.#rows = new Int32Array(count * 2 * SAMPLE);
    this.#sizes = new Int32Array(count);
  }

  clear(): void {
    this.#sizes.fill(0);
  }

  of(row: number): Int32Array {
    return this.#rows.subarray(row * 2 * SAMPLE, row * 2 * SAMPLE + (this.#sizes[row] as number));
  }

  add(one: number, other: number): void {
    this.#keep(one, other);
    this.#keep(other, one);
  }

  #keep(at: number, row: number): void {
    const list = this.of(at);
    if (list.includes(row)) return;
    if (list.length < 2 * SAMPLE) {
      this.#rows[at * 2 * SAMPLE + list.length] = row;
      this.#sizes[at] = list.length + 1;
    } else if (this.#random() < 0.5) list[Math.floor(this.#random() * list.length)] = row;
  }
}
