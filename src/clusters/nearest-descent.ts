import { createRandom } from '../learning/random.ts';
import type { NeighbourTable } from './neighbour-table.ts';
import { leavesOf } from './projection-trees.ts';

export interface NearestOptions {
  readonly k: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  onProgress?(done: number, total: number): void;
}

export type Similarity = (left: number, right: number) => number;

/** Share of updates of a round below which it ends (Dong et al., section 3.1). */
const DELTA = 0.001;
const MAX_ROUNDS = 10;
/** Neighbours of a row, in each direction, that one round joins with each other. */
const SAMPLE = 16;
/** Random trees whose leaves give the first neighbours. */
const TREES = 4;
const ROWS_PER_STEP = 1_024;

/** Fills the lists by NN-descent from the leaves of random projection trees. */
export function descend(
  rows: readonly Float32Array[],
  similarity: Similarity,
  lists: NeighbourTable,
  { seed, signal, onProgress }: NearestOptions,
): void {
  const random = createRandom(seed);
  const steps = TREES + MAX_ROUNDS;
  const offerBoth = (left: number, right: number) => {
    if (left === right) return 0;
    const value = similarity(left, right);
    return Number(lists.offer(left, right, value)) + Number(lists.offer(right, left, value));
  };
  for (let tree = 0; tree < TREES; tree++) {
    onProgress?.(tree, steps);
    for (const leaf of leavesOf(rows, random, signal)) joinAll(leaf, [], offerBoth);
  }
  for (let round = 0; round < MAX_ROUNDS; round++) {
    onProgress?.(TREES + round, steps);
    const { fresh, known } = joinable(lists, random);
    let updates = 0;
    for (let row = 0; row < rows.length; row++) {
      if (row % ROWS_PER_STEP === 0) signal?.throwIfAborted();
      updates += joinAll(fresh[row] as number[], known[row] as number[], offerBoth);
    }
    if (updates < DELTA * rows.length * lists.k) return;
  }
}

/** Compares the fresh rows with each other and with the known ones; gives how many lists were changed. */
function joinAll(fresh: readonly number[], known: readonly number[], offerBoth: Similarity): number {
  let updates = 0;
  for (let left = 0; left < fresh.length; left++) {
    const one = fresh[left] as number;
    for (let right = left + 1; right < fresh.length; right++) updates += offerBoth(one, fresh[right] as number);
    for (const other of known) updates += offerBoth(one, other);
  }
  return updates;
}

/** Per row what is near it and what it is near to, at most `SAMPLE` of each kind and direction. */
function joinable(lists: NeighbourTable, random: () => number): { fresh: number[][]; known: number[][] } {
  const fresh: number[][] = Array.from({ length: lists.count }, () => []);
  const known: number[][] = Array.from({ length: lists.count }, () => []);
  for (let row = 0; row < lists.count; row++) {
    const taken = lists.take(row);
    spread(taken.fresh, row, fresh, random);
    spread(taken.known, row, known, random);
  }
  return { fresh, known };
}

function spread(near: readonly number[], row: number, into: number[][], random: () => number): void {
  for (const other of near) {
    keep(into[row] as number[], other, random);
    keep(into[other] as number[], row, random);
  }
}

function keep(list: number[], row: number, random: () => number): void {
  if (list.includes(row)) return;
  if (list.length < 2 * SAMPLE) list.push(row);
  else if (random() < 0.5) list[Math.floor(random() * list.length)] = row;
}
