import { matchPairs, type Pair } from './assignment-problem.ts';

/** What became of a cluster: the clusters it came from or went into, with the items that they share. */
export type Lineage =
  | { readonly kind: 'continued' | 'new' | 'gone'; readonly cluster: string }
  | { readonly kind: 'split_from'; readonly cluster: string; readonly from: string; readonly items: number }
  | { readonly kind: 'merged_into'; readonly cluster: string; readonly into: string; readonly items: number };

export interface Matching {
  /** The id of every new community. */
  readonly ids: readonly string[];
  readonly lineage: readonly Lineage[];
}

/** Share of the items of a cluster that must go one way for it to count as split from or merged into another. */
const LINEAGE_SHARE = 0.5;
/** A community takes an old id only when it holds at least this share of the cluster's items or of its own. */
const LEAST_OVERLAP = 0.25;

/**
 * Gives communities the ids of the clusters that they continue: the assignment in which most items keep their id.
 *
 * @param before the cluster of every item, undefined for none
 * @param after the community of every item, numbered from 0; -1 for singles
 * @param newId gives an id for what continues nothing
 */
export function matchClusters(
  before: readonly (string | undefined)[],
  after: ArrayLike<number>,
  newId: (community: number) => string,
): Matching {
  const clusters = [...new Set(before.flatMap((id) => id ?? []))].sort();
  const overlaps = countOverlaps(before, after, clusters);
  const pairs = overlaps.pairs.filter(({ left, right, worth }) => {
    const [old, now] = [overlaps.before[left] as number, overlaps.after[right] as number];
    return worth >= LEAST_OVERLAP * Math.min(old, now);
  });
  const kept = new Map(matchPairs(pairs).map(({ left, right }) => [right, clusters[left] as string]));
  const ids = overlaps.after.map((_, community) => kept.get(community) ?? newId(community));
  const continued = new Set(kept.values());
  const lineage = [
    ...ids.flatMap((id, community) => origin(id, community, continued.has(id), overlaps, clusters)),
    ...clusters.flatMap((id, cluster) => (continued.has(id) ? [] : [fate(id, cluster, ids, overlaps)])),
  ];
  return { ids, lineage };
}

interface Overlaps {
  readonly pairs: readonly Pair[];
  readonly before: readonly number[];
  readonly after: readonly number[];
}

function countOverlaps(
  before: readonly (string | undefined)[],
  after: ArrayLike<number>,
  clusters: readonly string[],
): Overlaps {
  const places = new Map(clusters.map((id, at) => [id, at]));
  const communities = Array.from(after).reduce((most, community) => Math.max(most, community + 1), 0);
  const sizes = { before: new Array<number>(clusters.length).fill(0), after: new Array<number>(communities).fill(0) };
  const shared = new Map<number, number>();
  for (const [item, id] of before.entries()) {
    const community = after[item] as number;
    const cluster = id === undefined ? -1 : (places.get(id) ?? -1);
    if (cluster >= 0) sizes.before[cluster] = (sizes.before[cluster] ?? 0) + 1;
    if (community < 0) continue;
    sizes.after[community] = (sizes.after[community] ?? 0) + 1;
    if (cluster >= 0)
      shared.set(cluster * communities + community, (shared.get(cluster * communities + community) ?? 0) + 1);
  }
  const pairs = [...shared].map(([key, worth]) => ({
    left: Math.floor(key / communities),
    right: key % communities,
    worth,
  }));
  return { pairs, ...sizes };
}

function origin(
  id: string,
  community: number,
  isContinued: boolean,
  overlaps: Overlaps,
  clusters: readonly string[],
): Lineage[] {
  if (isContinued) return [{ kind: 'continued', cluster: id }];
  const [from] = overlaps.pairs
    .filter(({ right }) => right === community)
    .sort((one, other) => other.worth - one.worth || one.left - other.left);
  if (from === undefined || from.worth < LINEAGE_SHARE * (overlaps.after[community] ?? 0))
    return [{ kind: 'new', cluster: id }];
  return [{ kind: 'split_from', cluster: id, from: clusters[from.left] as string, items: from.worth }];
}

function fate(id: string, cluster: number, ids: readonly string[], overlaps: Overlaps): Lineage {
  const [into] = overlaps.pairs
    .filter(({ left }) => left === cluster)
    .sort((one, other) => other.worth - one.worth || one.right - other.right);
  if (into === undefined || into.worth < LINEAGE_SHARE * (overlaps.before[cluster] ?? 0))
    return { kind: 'gone', cluster: id };
  return { kind: 'merged_into', cluster: id, into: ids[into.right] as string, items: into.worth };
}
