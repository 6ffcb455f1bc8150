import type { Graph } from './graph.ts';

/** Groups cut where they do not hang together, numbered from 0 in the order of first appearance. */
export function connectedParts({ size, offsets, targets }: Graph, groups: Int32Array): Int32Array {
  const parts = new Int32Array(size).fill(-1);
  let count = 0;
  for (let first = 0; first < size; first++) {
    if (parts[first] !== -1) continue;
    parts[first] = count;
    const reached = [first];
    for (let node = reached.pop(); node !== undefined; node = reached.pop()) {
      for (let at = offsets[node] as number; at < (offsets[node + 1] as number); at++) {
        const other = targets[at] as number;
        if (parts[other] !== -1 || groups[other] !== groups[first]) continue;
        parts[other] = count;
        reached.push(other);
      }
    }
    count++;
  }
  return parts;
}
