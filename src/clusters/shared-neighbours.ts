import { createGraph, type Edge, type Graph } from './graph.ts';
import type { NeighbourLists } from './neighbour-table.ts';

/**
 * Joins rows that are near each other by the share of neighbours that they have in common, a row itself included
 * (Jarvis and Patrick, 1973; Jaccard's index of the two lists), times their similarity: two reports of one fault have
 * the same neighbours, while a vague message is near to everything and shares little.
 */
export function shareNeighbours({ k, rows, similarities }: NeighbourLists): Graph {
  const count = k === 0 ? 0 : rows.length / k;
  const sets = Array.from({ length: count }, (_, row) => {
    const set = new Set<number>([row]);
    for (let at = row * k; at < (row + 1) * k; at++) if ((rows[at] as number) >= 0) set.add(rows[at] as number);
    return set;
  });
  const edges: Edge[] = [];
  for (let row = 0; row < count; row++) {
    for (let at = row * k; at < (row + 1) * k; at++) {
      const other = rows[at] as number;
      if (other < 0 || (other < row && sets[other]?.has(row))) continue;
      const weight =
        jaccard(sets[row] as Set<number>, sets[other] as Set<number>) * Math.max(0, similarities[at] as number);
      if (weight > 0) edges.push({ from: row, to: other, weight });
    }
  }
  return createGraph(count, edges);
}

function jaccard(left: ReadonlySet<number>, right: ReadonlySet<number>): number {
  let shared = 0;
  for (const one of left) if (right.has(one)) shared++;
  return shared / (left.size + right.size - shared);
}
