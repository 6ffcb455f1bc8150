import type { NeighbourLists } from '../neighbours/neighbour-table.ts';
import { createGraph, EdgeList, type Graph } from './graph.ts';

/**
 * Joins rows that are near each other by the share of neighbours that they have in common, a row itself included
 * (Jarvis and Patrick, 1973; Jaccard's index of the two lists), times their similarity: two reports of one fault have
 * the same neighbours, while a vague message is near to everything and shares little.
 */
export function shareNeighbours({ k, rows, similarities }: NeighbourLists): Graph {
  const count = k === 0 ? 0 : rows.length / k;
  const circles = circlesOf(rows, k, count);
  const edges = new EdgeList();
  for (let row = 0; row < count; row++) {
    const own = circles[row] as Int32Array;
    for (let at = row * k; at < (row + 1) * k; at++) {
      const other = rows[at] as number;
      if (other < 0) continue;
      const circle = circles[other] as Int32Array;
      // Of two that name each other the lower row makes the edge.
      if (other < row && circle.includes(row)) continue;
      const weight = jaccard(own, circle) * Math.max(0, similarities[at] as number);
      if (weight > 0) edges.add(row, other, weight);
    }
  }
  return createGraph(count, edges);
}

/** Every row with its neighbours, in ascending order. */
function circlesOf(rows: Int32Array, k: number, count: number): Int32Array[] {
  return Array.from({ length: count }, (_, row) => {
    const near = rows.subarray(row * k, (row + 1) * k).filter((other) => other >= 0);
    return Int32Array.of(row, ...near).sort();
  });
}

/** Jaccard's index of two ascending lists. */
function jaccard(left: Int32Array, right: Int32Array): number {
  let shared = 0;
  for (let one = 0, other = 0; one < left.length && other < right.length; ) {
    const difference = (left[one] as number) - (right[other] as number);
    if (difference === 0) shared++;
    if (difference <= 0) one++;
    if (difference >= 0) other++;
  }
  return shared / (left.length + right.length - shared);
}
