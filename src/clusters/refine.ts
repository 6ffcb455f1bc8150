import { shuffle } from '../learning/random.ts';
import { degreesOf, type Graph } from './graph.ts';

/**
 * Splits every group into parts that hold together well: nodes begin alone and join a part of their own group that is,
 * like themselves, well connected with the rest of the group. Of several the one that gains most is taken, where the
 * paper draws one at random, so that the result hangs on the seed alone.
 */
export function refine(graph: Graph, groups: Int32Array, resolution: number, random: () => number): Int32Array {
  const { size, offsets, targets, weights } = graph;
  const degrees = degreesOf(graph);
  const total = degrees.reduce((sum, degree) => sum + degree, 0) || 1;
  const groupTotals = sumBy(groups, degrees);
  const parts = Int32Array.from({ length: size }, (_, node) => node);
  const partTotals = Float64Array.from(degrees);
  const partSizes = new Int32Array(size).fill(1);
  /** Weight between a part and the rest of its group. */
  const cuts = cutsInside(graph, groups);
  const order = Int32Array.from({ length: size }, (_, node) => node);
  shuffle(order, random);
  const links = new Float64Array(size);
  const holds = (part: number, group: number) => {
    const own = partTotals[part] as number;
    return (cuts[part] as number) >= (resolution * own * ((groupTotals[group] as number) - own)) / total;
  };
  for (const node of order) {
    const group = groups[node] as number;
    if (partSizes[node] !== 1 || parts[node] !== node || !holds(node, group)) continue;
    const seen: number[] = [];
    for (let at = offsets[node] as number; at < (offsets[node + 1] as number); at++) {
      const other = targets[at] as number;
      if (groups[other] !== group) continue;
      const part = parts[other] as number;
      if (links[part] === 0) seen.push(part);
      links[part] = (links[part] as number) + (weights[at] as number);
    }
    const degree = degrees[node] as number;
    let best = node;
    let bestGain = 0;
    for (const part of seen) {
      const gain = (links[part] as number) - (resolution * degree * (partTotals[part] as number)) / total;
      if (gain > bestGain && holds(part, group)) {
        best = part;
        bestGain = gain;
      }
    }
    if (best !== node) {
      parts[node] = best;
      partTotals[best] = (partTotals[best] as number) + degree;
      partSizes[best] = (partSizes[best] as number) + 1;
      cuts[best] = (cuts[best] as number) + (cuts[node] as number) - 2 * (links[best] as number);
    }
    for (const part of seen) links[part] = 0;
  }
  return parts;
}

function sumBy(groups: Int32Array, values: Float64Array): Float64Array {
  const sums = new Float64Array(groups.length);
  for (const [node, group] of groups.entries()) sums[group] = (sums[group] as number) + (values[node] as number);
  return sums;
}

function cutsInside({ size, offsets, targets, weights }: Graph, groups: Int32Array): Float64Array {
  const cuts = new Float64Array(size);
  for (let node = 0; node < size; node++) {
    for (let at = offsets[node] as number; at < (offsets[node + 1] as number); at++) {
      if (groups[targets[at] as number] === groups[node])
        cuts[node] = (cuts[node] as number) + (weights[at] as number);
    }
  }
  return cuts;
}
