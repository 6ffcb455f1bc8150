import { countPeople, LEAST_TEXTS } from '../item.ts';

/** One of the items nearest to a new one. */
export interface NearItem {
  readonly id: string;
  /** Meaning and words mixed; meaning alone across languages. */
  readonly similarity: number;
  readonly cluster: string | undefined;
  readonly customer: string | undefined;
  /** True when it came within a day before the new item. */
  readonly isRecent: boolean;
  /** The same for the same text (`textKey`). */
  readonly text: string;
}

export interface NearCentroid {
  readonly cluster: string;
  /**
   * Mean centred cosine with the members: the product with their mean vector as it is, not made a unit vector, so that
   * a cluster of three is asked for no less than one of a thousand.
   */
  readonly similarity: number;
  /** True when most of its members are written in another language than the item. */
  readonly isForeign: boolean;
}

/** What is known of a new item when it arrives. */
export interface ArrivingItem {
  readonly customer: string | undefined;
  readonly text: string;
  readonly nearest: readonly NearItem[];
  readonly centroids: readonly NearCentroid[];
}

export type Arrival =
  | { readonly kind: 'join'; readonly cluster: string; readonly similarity: number }
  /** It and these items begin a cluster: enough people, not all in the same words. */
  | { readonly kind: 'begin'; readonly with: readonly string[] }
  | { readonly kind: 'single' };

/**
 * Least similarities, set by feeding the stories of data/eval/dev, the public samples and draws of training rows of
 * Banking77 in order: to all members of a cluster that is joined, and to the nearest of them.
 */
export const JOIN = { own: { all: 0.22, nearest: 0.25 }, foreign: { all: 0.18, nearest: 0.2 } } as const;
/**
 * How many others must be how similar for a cluster to begin: the more there are, the less. Within a day less is enough,
 * because a fault is reported at one time: long messages about one incident are no more alike than 0.2 to 0.3.
 */
const BEGIN = [
  { others: 2, similarity: 0.32, recent: false },
  { others: 3, similarity: 0.26, recent: false },
  { others: 3, similarity: 0.2, recent: true },
] as const;
/** Two that are near are enough where a further one of the day is a little like it and belongs to these two. */
const CORE = { items: 2, similarity: 0.2, further: 0.1, others: 3 } as const;
/** So much nearer than the members of a cluster must one be who is in none to tell of another matter. */
const RIVAL_LEAD = 0.1;

/** How like a held item is to others; undefined where none of them is held. */
export type MeanOf = (id: string, ids: readonly string[]) => Omit<NearCentroid, 'cluster'> | undefined;

/** Where a new item belongs: in a cluster, in one that begins with it, or nowhere yet. */
export function decideArrival(item: ArrivingItem, meanOf: MeanOf): Arrival {
  return findCluster(item, meanOf) ?? beginCluster(item, meanOf) ?? { kind: 'single' };
}

/**
 * The single items among the nearest of one that joins a cluster, or begins one, that belong there too, now that more
 * have said what it is about.
 *
 * @param ids members of the cluster, the new one left out
 */
export function findFollowers(nearest: readonly NearItem[], ids: readonly string[], meanOf: MeanOf): string[] {
  return nearest.flatMap(({ id, cluster, similarity, isRecent }) => {
    if (cluster !== undefined || !isRecent || ids.includes(id)) return [];
    const mean = meanOf(id, ids);
    return mean !== undefined && belongs({ ...mean, nearest: similarity }) ? [id] : [];
  });
}

function belongs({
  similarity,
  nearest,
  isForeign,
}: Omit<NearCentroid, 'cluster'> & { readonly nearest: number }): boolean {
  const least = isForeign ? JOIN.foreign : JOIN.own;
  return similarity >= least.all && nearest >= least.nearest;
}

function findCluster({ nearest, centroids }: ArrivingItem, meanOf: MeanOf): Arrival | undefined {
  const members = new Map<string, number>();
  for (const { cluster, similarity } of nearest)
    if (cluster !== undefined) members.set(cluster, Math.max(members.get(cluster) ?? 0, similarity));
  const [best] = centroids
    .map((centroid) => ({ ...centroid, nearest: members.get(centroid.cluster) ?? 0 }))
    .filter((centroid) => belongs(centroid) && !hasRival(nearest, centroid, meanOf))
    .sort((left, right) => right.similarity + right.nearest - left.similarity - left.nearest);
  return best && { kind: 'join', cluster: best.cluster, similarity: best.similarity };
}

/** True where one that is in no cluster, and does not belong to this one either, is much nearer than its members. */
function hasRival(
  nearest: readonly NearItem[],
  centroid: { readonly cluster: string; readonly nearest: number },
  meanOf: MeanOf,
): boolean {
  const members = nearest.filter(({ cluster }) => cluster === centroid.cluster).map(({ id }) => id);
  return nearest.some(({ id, cluster, similarity }) => {
    if (cluster !== undefined || similarity < centroid.nearest + RIVAL_LEAD) return false;
    const mean = meanOf(id, members);
    return mean !== undefined && !belongs({ ...mean, nearest: mean.similarity });
  });
}

function beginCluster(item: ArrivingItem, meanOf: MeanOf): Arrival | undefined {
  const singles = item.nearest.filter(({ cluster }) => cluster === undefined);
  for (const { others, similarity: least, recent } of BEGIN) {
    const near = singles.filter(({ similarity, isRecent }) => similarity >= least && (isRecent || !recent));
    if (isEnough(item, near, others)) return { kind: 'begin', with: near.map(({ id }) => id) };
  }
  const together = findCore(singles, meanOf);
  return isEnough(item, together, CORE.others) ? { kind: 'begin', with: together.map(({ id }) => id) } : undefined;
}

/** Those of the day that are near, and those who belong to them. */
function findCore(singles: readonly NearItem[], meanOf: MeanOf): NearItem[] {
  const recent = singles.filter(({ isRecent }) => isRecent);
  const core = recent.filter(({ similarity }) => similarity >= CORE.similarity);
  if (core.length < CORE.items) return [];
  const ids = core.map(({ id }) => id);
  const further = recent.filter(({ id, similarity }) => {
    if (similarity >= CORE.similarity || similarity < CORE.further) return false;
    const mean = meanOf(id, ids);
    return mean !== undefined && mean.similarity >= (mean.isForeign ? JOIN.foreign : JOIN.own).all;
  });
  return [...core, ...further];
}

/** Enough other people, and not all in the same words. */
function isEnough(item: ArrivingItem, near: readonly NearItem[], others: number): boolean {
  const customers = countPeople([item.customer, ...near.map(({ customer }) => customer)]);
  const texts = new Set([item.text, ...near.map(({ text }) => text)]).size;
  return customers > others && texts >= LEAST_TEXTS;
}
