import type { Graph } from './graph.ts';
import { membersOf } from './partition.ts';

/**
 * Weight of the edges between an item and the rest of its community below which it is there by chance, and the mean of
 * it below which the whole community is. Set on two sets of stories by different authors, where 0.3 lets more strangers
 * in; with 0.4 more than 5 % of the items of Banking77 are left out.
 */
const LEAST_ITEM = 0.33;
const LEAST_COMMUNITY = 0.45;
const LEAST_SIZE = 3;
/** What is in a cluster stays on weaker ties, and what was left out before comes in on stronger ones. */
const STAY = 0.6;
const ENTER = 1.5;

/** What an item was before: in a cluster, left out, or not there. */
export type Before = 'member' | 'single' | 'new';

/** Weight of the edges from every node to others of its group. */
export function weightInside({ size, offsets, targets, weights }: Graph, groups: ArrayLike<number>): Float64Array {
  const inside = new Float64Array(size);
  for (let node = 0; node < size; node++) {
    for (let at = offsets[node] as number; at < (offsets[node + 1] as number); at++) {
      if (groups[targets[at] as number] === groups[node])
        inside[node] = (inside[node] as number) + (weights[at] as number);
    }
  }
  return inside;
}

/** Makes singles (-1) of items that hang on their community by little, and of small and loose communities. */
export function releaseLoose(
  graph: Graph,
  groups: Int32Array,
  isBound: (node: number) => boolean,
  before: (node: number) => Before = () => 'new',
): Int32Array {
  const inside = weightInside(graph, groups);
  const least = { member: STAY * LEAST_ITEM, single: ENTER * LEAST_ITEM, new: LEAST_ITEM };
  const kept = Int32Array.from(groups, (group, node) =>
    (inside[node] as number) < least[before(node)] && !isBound(node) ? -1 : group,
  );
  const left = weightInside(graph, kept);
  for (const members of membersOf(kept)) {
    if (members.some(isBound)) continue;
    const mean = members.reduce((sum, node) => sum + (left[node] as number), 0) / members.length;
    const old = members.filter((node) => before(node) === 'member').length;
    const enough = LEAST_COMMUNITY * (2 * old >= members.length ? STAY : 1);
    if (members.length < LEAST_SIZE || mean < enough) for (const node of members) kept[node] = -1;
  }
  return kept;
}
