import { createRandom, shuffle } from '../learning/random.ts';
import { aggregate, degreesOf, type Graph } from './graph.ts';
import { refine } from './refine.ts';

/** Gains below this are rounding. */
const EPSILON = 1e-12;
const MAX_LEVELS = 32;

export interface LeidenOptions {
  /** Higher values give more and smaller communities; 1 is plain modularity. */
  readonly resolution: number;
  /** Order of looking at nodes; the same seed gives the same communities. */
  readonly seed: number;
}

/**
 * Communities by modularity with a resolution (Reichardt and Bornholdt, 2006), found by the Leiden algorithm (Traag,
 * Waltman and van Eck, "From Louvain to Leiden", 2019): every community is connected inside.
 *
 * @returns the community of every node, numbered from 0 in the order of first appearance
 */
export function findCommunities(graph: Graph, { resolution, seed }: LeidenOptions): Int32Array {
  const random = createRandom(seed);
  const member: Int32Array = Int32Array.from({ length: graph.size }, (_, node) => node);
  let level = graph;
  let groups: Int32Array = Int32Array.from(member);
  for (let round = 0; round < MAX_LEVELS; round++) {
    groups = moveNodes(level, groups, resolution, random);
    const found = countGroups(groups);
    if (found === level.size) break;
    const parts = renumber(refine(level, groups, resolution, random));
    const count = countGroups(parts);
    const next = new Int32Array(count);
    for (let node = 0; node < level.size; node++) next[parts[node] as number] = groups[node] as number;
    for (let node = 0; node < member.length; node++) member[node] = parts[member[node] as number] as number;
    // Nothing was merged in this round: the groups are as good as they get.
    if (count === level.size) break;
    level = aggregate(level, parts, count);
    groups = renumber(next);
  }
  return renumber(member.map((node) => groups[node] as number));
}

/** Moves nodes to the neighbouring group that gains most until none gains. */
function moveNodes(graph: Graph, start: Int32Array, resolution: number, random: () => number): Int32Array {
  const { size, offsets, targets, weights } = graph;
  const groups = Int32Array.from(start);
  const degrees = degreesOf(graph);
  const total = degrees.reduce((sum, degree) => sum + degree, 0) || 1;
  const totals = new Float64Array(size);
  for (let node = 0; node < size; node++) {
    const group = groups[node] as number;
    totals[group] = (totals[group] as number) + (degrees[node] as number);
  }
  const order = Int32Array.from({ length: size }, (_, node) => node);
  shuffle(order, random);
  const queue = [...order];
  const waiting = new Uint8Array(size).fill(1);
  const links = new Float64Array(size);
  for (let head = 0; head < queue.length; head++) {
    const node = queue[head] as number;
    waiting[node] = 0;
    const own = groups[node] as number;
    const degree = degrees[node] as number;
    totals[own] = (totals[own] as number) - degree;
    const seen: number[] = [own];
    for (let at = offsets[node] as number; at < (offsets[node + 1] as number); at++) {
      const group = groups[targets[at] as number] as number;
      if (links[group] === 0 && group !== own) seen.push(group);
      links[group] = (links[group] as number) + (weights[at] as number);
    }
    let best = own;
    let bestGain = (links[own] as number) - (resolution * degree * (totals[own] as number)) / total;
    for (const group of seen) {
      const gain = (links[group] as number) - (resolution * degree * (totals[group] as number)) / total;
      if (gain > bestGain + EPSILON) {
        best = group;
        bestGain = gain;
      }
    }
    for (const group of seen) links[group] = 0;
    totals[best] = (totals[best] as number) + degree;
    if (best === own) continue;
    groups[node] = best;
    for (let at = offsets[node] as number; at < (offsets[node + 1] as number); at++) {
      const other = targets[at] as number;
      if (waiting[other] === 1 || groups[other] === best) continue;
      waiting[other] = 1;
      queue.push(other);
    }
  }
  return groups;
}

function countGroups(groups: Int32Array): number {
  return new Set(groups).size;
}

/** The same groups, numbered from 0 in the order of first appearance. */
function renumber(groups: Int32Array): Int32Array {
  const numbers = new Map<number, number>();
  return groups.map((group) => {
    const known = numbers.get(group);
    if (known !== undefined) return known;
    numbers.set(group, numbers.size);
    return numbers.size - 1;
  });
}
