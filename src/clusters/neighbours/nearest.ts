import { dotAt } from '../../learning/dot.ts';
import { descend, type NearestOptions, type Similarity } from './nearest-descent.ts';
import { type NeighbourLists, NeighbourTable } from './neighbour-table.ts';

/** Below this many rows all pairs are compared: it is exact and as fast. */
const EXACT_ROWS = 4_000;

/**
 * Nearest neighbours of every row among unit vectors. All pairs for a few thousand rows; beyond,
 * NN-descent (Dong, Charikar and Li, "Efficient k-nearest neighbor graph construction", WWW 2011) from the leaves of
 * random projection trees, whose work grows with about the power 1.1 of the rows. The same seed gives the same lists.
 */
export function findNearest(rows: readonly Float32Array[], options: NearestOptions): NeighbourLists {
  const lists = new NeighbourTable(rows.length, options.k);
  const similarity = (left: number, right: number) => dotAt(rows[left] as Float32Array, 0, rows[right] as Float32Array);
  if (rows.length <= EXACT_ROWS) comparePairs(rows.length, similarity, lists, options);
  else descend(rows, similarity, lists, options);
  return lists.finish();
}

function comparePairs(count: number, similarity: Similarity, lists: NeighbourTable, options: NearestOptions): void {
  const { signal, onProgress } = options;
  for (let left = 0; left < count; left++) {
    if (left % 256 === 0) {
      signal?.throwIfAborted();
      onProgress?.(left, count);
    }
    for (let right = left + 1; right < count; right++) {
      const value = similarity(left, right);
      lists.offer(left, right, value);
      lists.offer(right, left, value);
    }
  }
}
