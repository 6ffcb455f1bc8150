import { type Features, keepNeighbours } from '../neighbours/mixed-neighbours.ts';
import type { NeighbourLists } from '../neighbours/neighbour-table.ts';
import { aggregate } from './aggregate.ts';
import type { Sides } from './apart.ts';
import { joinSides } from './apart.ts';
import { degreesOf, type Graph } from './graph.ts';
import { joinLanguages } from './join-languages.ts';
import { keepForeign } from './keep-foreign.ts';
import { findCommunities } from './leiden.ts';
import { type Before, releaseLoose } from './loose.ts';
import { countGroups } from './partition.ts';
import { graphNeighbours } from './resolution.ts';
import { shareNeighbours } from './shared-neighbours.ts';

const MEMORY = 5;

export interface CommunityInput {
  readonly features: readonly Features[];
  readonly lists: NeighbourLists;
  readonly resolution: number;
  readonly seed: number;
  /** The cluster that each row is in now. */
  readonly start: readonly (string | undefined)[];
  before(row: number): Before;
  /** The group of every row that stays together, numbered from 0 without gaps. */
  readonly bundles: Int32Array;
  readonly apart: readonly { readonly left: readonly number[]; readonly right: readonly number[] }[];
}

/** The community of every row, -1 for none; decisions of people are kept, and languages joined. */
export function findBoundCommunities(input: CommunityInput): Int32Array {
  const { features, lists, bundles, resolution, seed } = input;
  const every = Int32Array.from(features.keys());
  const fresh = shareNeighbours(keepNeighbours(lists, every, graphNeighbours(every.length)));
  const graph = remember(fresh, input.start);
  const count = countGroups(bundles);
  const sides = sidesOf(input);
  const apart = sides && joinSides(sides, bundles, count);
  const start = startGroups(input, count, apart);
  const found = findCommunities(aggregate(graph, bundles, count), { resolution, seed, start, apart });
  const groups = Int32Array.from(bundles, (bundle) => found[bundle] as number);
  const sizes = new Int32Array(count);
  for (const bundle of bundles) sizes[bundle] = (sizes[bundle] as number) + 1;
  const isBound = (row: number) => (sizes[bundles[row] as number] as number) > 1;
  const kept = releaseLoose(fresh, groups, isBound, input.before);
  const present = sides && joinSides(sides, groups, Math.max(0, ...groups) + 1);
  const clash = (left: number, right: number) =>
    [...(present?.[left] ?? [])].some((side) => present?.[right]?.has(side ^ 1));
  const joined = joinLanguages(features, kept, (left, right) => !clash(left, right));
  const decided = new Set(input.apart.flatMap(({ left, right }) => [...left, ...right]));
  return keepForeign(features, joined, input.start, (row) => decided.has(row));
}

/**
 * Edges between rows that share a cluster now count more (evolutionary clustering: Chakrabarti, Kumar and Tomkins,
 * 2006): what has a name is taken apart or joined when the messages say so clearly, not when the odds are even.
 */
function remember(graph: Graph, start: readonly (string | undefined)[]): Graph {
  if (start.every((cluster) => cluster === undefined)) return graph;
  const weights = Float64Array.from(graph.weights);
  for (const [row, cluster] of start.entries()) {
    if (cluster === undefined) continue;
    for (let at = graph.offsets[row] as number; at < (graph.offsets[row + 1] as number); at++)
      if (start[graph.targets[at] as number] === cluster) weights[at] = (weights[at] as number) * MEMORY;
  }
  return { ...graph, weights, degrees: degreesOf(graph) };
}

function sidesOf({ features, apart }: CommunityInput): Sides | undefined {
  if (apart.length === 0) return undefined;
  const sides: (Set<number> | undefined)[] = new Array(features.length).fill(undefined);
  const add = (row: number, side: number) => {
    sides[row] = (sides[row] ?? new Set()).add(side);
  };
  for (const [at, { left, right }] of apart.entries()) {
    for (const row of left) add(row, 2 * at);
    for (const row of right) add(row, 2 * at + 1);
  }
  return sides;
}

/**
 * Bundles begin where most of their rows are now, each language of a cluster by itself because no edge joins them; a
 * bundle that must keep apart from what began there before it begins alone.
 */
function startGroups(
  { features, start, bundles }: CommunityInput,
  count: number,
  apart: Sides | undefined,
): Int32Array {
  const homes: (string | undefined)[] = new Array(count).fill(undefined);
  for (const [row, cluster] of start.entries())
    if (cluster !== undefined) homes[bundles[row] as number] ??= `${features[row]?.language} ${cluster}`;
  const numbers = new Map<string, number>();
  const present: Set<number>[] = [];
  const groups = new Int32Array(count);
  let next = 0;
  for (const [bundle, home] of homes.entries()) {
    const known = home === undefined ? undefined : numbers.get(home);
    const sides = [...(apart?.[bundle] ?? [])];
    const fits = known !== undefined && !sides.some((side) => present[known]?.has(side ^ 1));
    const group = fits ? known : next++;
    if (home !== undefined && known === undefined) numbers.set(home, group);
    present[group] = new Set([...(present[group] ?? []), ...sides]);
    groups[bundle] = group;
  }
  return groups;
}
