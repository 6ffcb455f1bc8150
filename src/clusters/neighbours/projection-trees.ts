import { dotAt } from '../../learning/dot.ts';

/** Rows that are left together in a leaf. */
const LEAF = 20;

/**
 * Cuts all rows in halves by the line between two random ones until few are left together (Dasgupta and Freund, "Random
 * projection trees and low dimensional manifolds", 2008).
 */
export function leavesOf(
  rows: readonly Float32Array[],
  random: () => number,
  signal: AbortSignal | undefined,
): number[][] {
  const leaves: number[][] = [];
  const waiting: number[][] = [Array.from(rows.keys())];
  for (let group = waiting.pop(); group !== undefined; group = waiting.pop()) {
    if (group.length <= LEAF) {
      leaves.push(group);
      continue;
    }
    signal?.throwIfAborted();
    waiting.push(...halve(rows, group, random));
  }
  return leaves;
}

/** The median cuts evenly, also where many rows are equal. */
function halve(rows: readonly Float32Array[], group: readonly number[], random: () => number): [number[], number[]] {
  const one = rows[group[Math.floor(random() * group.length)] as number] as Float32Array;
  const other = rows[group[Math.floor(random() * group.length)] as number] as Float32Array;
  const line = one.map((value, at) => value - (other[at] as number));
  const scored = group.map((row) => ({ row, score: dotAt(rows[row] as Float32Array, 0, line) }));
  scored.sort((left, right) => left.score - right.score || left.row - right.row);
  const half = scored.length >> 1;
  const rowsOf = (part: typeof scored) => part.map(({ row }) => row);
  return [rowsOf(scored.slice(0, half)), rowsOf(scored.slice(half))];
}
