import { dotAt } from '../learning/dot.ts';
import { createRandom } from '../learning/random.ts';
import type { NearestOptions } from './nearest.ts';
import type { NeighbourTable } from './neighbour-table.ts';

export type Similarity = (left: number, right: number) => number;

/** Share of updates of a round below which it ends (Dong et al., section 3.1). */
const DELTA = 0.001;
const MAX_ROUNDS = 10;
/** Neighbours of a row, in each direction, that one round joins with each other. */
const SAMPLE = 16;
/** Random trees whose leaves give the first neighbours, and the rows of a leaf. */
const TREES = 4;
const LEAF = 20;
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
    for (const leaf of leavesOf(rows, random, signal)) {
      for (let left = 0; left < leaf.length; left++)
        for (let right = left + 1; right < leaf.length; right++) offerBoth(leaf[left] as number, leaf[right] as number);
    }
  }
  for (let round = 0; round < MAX_ROUNDS; round++) {
    onProgress?.(TREES + round, steps);
    const { fresh, known } = joinable(lists, random);
    let updates = 0;
    for (let row = 0; row < rows.length; row++) {
      if (row % ROWS_PER_STEP === 0) signal?.throwIfAborted();
      const news = fresh[row] as number[];
      const olds = known[row] as number[];
      for (let left = 0; left < news.length; left++) {
        const one = news[left] as number;
        for (let right = left + 1; right < news.length; right++) updates += offerBoth(one, news[right] as number);
        for (const other of olds) updates += offerBoth(one, other);
      }
    }
    if (updates < DELTA * rows.length * lists.k) return;
  }
}

/** Per row what is near it and what it is near to, at most `SAMPLE` of each kind and direction. */
function joinable(lists: NeighbourTable, random: () => number): { fresh: number[][]; known: number[][] } {
  const fresh: number[][] = Array.from({ length: lists.count }, () => []);
  const known: number[][] = Array.from({ length: lists.count }, () => []);
  for (let row = 0; row < lists.count; row++) {
    const taken = lists.take(row);
    for (const [from, to] of [
      [taken.fresh, fresh],
      [taken.known, known],
    ] as const) {
      for (const other of from) {
        keep(to[row] as number[], other, random);
        keep(to[other] as number[], row, random);
      }
    }
  }
  return { fresh, known };
}

function keep(list: number[], row: number, random: () => number): void {
  if (list.includes(row)) return;
  if (list.length < 2 * SAMPLE) list.push(row);
  else if (random() < 0.5) list[Math.floor(random() * list.length)] = row;
}

/** Cuts all rows in halves by the line between two random ones until few are left together. */
function leavesOf(rows: readonly Float32Array[], random: () => number, signal: AbortSignal | undefined): number[][] {
  const leaves: number[][] = [];
  const waiting: number[][] = [rows.map((_, row) => row)];
  for (let group = waiting.pop(); group !== undefined; group = waiting.pop()) {
    if (group.length <= LEAF) {
      leaves.push(group);
      continue;
    }
    signal?.throwIfAborted();
    const pick = () => rows[group?.[Math.floor(random() * (group?.length ?? 0))] as number] as Float32Array;
    const [one, other] = [pick(), pick()];
    const scores = group.map((row) => dotAt(rows[row] as Float32Array, 0, one) - dotAt(rows[row] as Float32Array, 0, other));
    // The median cuts evenly, also where many rows are equal.
    const order = group.map((_, at) => at).sort((left, right) => (scores[left] as number) - (scores[right] as number) || left - right);
    const half = order.length >> 1;
    waiting.push(order.slice(0, half).map((at) => group?.[at] as number), order.slice(half).map((at) => group?.[at] as number));
  }
  return leaves;
}
