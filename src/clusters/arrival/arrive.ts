import { LEAST_TEXTS } from '../item.ts';

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
 * How many others must be how similar for a cluster to begin. Within a day less is enough, because a fault is reported
 * at one time: long messages about one incident are no more alike than 0.2 to 0.3.
 */
const BEGIN = [
  { others: 2, similarity: 0.34, recent: false },
  { others: 3, similarity: 0.2, recent: true },
] as const;

/** Where a new item belongs: in a cluster, in one that begins with it, or nowhere yet. */
export function decideArrival(item: ArrivingItem): Arrival {
  return findCluster(item) ?? beginCluster(item) ?? { kind: 'single' };
}

/**
 * The single items among the nearest of one that joins a cluster, or begins one, that belong there too, now that more
 * have said what it is about.
 *
 * @param ids members of the cluster, the new one left out
 */
export function findFollowers(
  nearest: readonly NearItem[],
  ids: readonly string[],
  meanOf: (id: string, ids: readonly string[]) => Omit<NearCentroid, 'cluster'> | undefined,
): string[] {
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

function findCluster({ nearest, centroids }: ArrivingItem): Arrival | undefined {
  const members = new Map<string, number>();
  for (const { cluster, similarity } of nearest)
    if (cluster !== undefined) members.set(cluster, Math.max(members.get(cluster) ?? 0, similarity));
  const [best] = centroids
    .map((centroid) => ({ ...centroid, nearest: members.get(centroid.cluster) ?? 0 }))
    .filter(belongs)
    .sort((left, right) => right.similarity + right.nearest - left.similarity - left.nearest);
  return best && { kind: 'join', cluster: best.cluster, similarity: best.similarity };
}

function beginCluster(item: ArrivingItem): Arrival | undefined {
  for (const { others, similarity: least, recent } of BEGIN) {
    const near = item.nearest.filter(
      ({ cluster, similarity, isRecent }) => cluster === undefined && similarity >= least && (isRecent || !recent),
    );
    const people = [item.customer, ...near.map(({ customer }) => customer)];
    const known = new Set(people.filter((one) => one !== undefined)).size;
    const customers = known + people.filter((one) => one === undefined).length;
    const texts = new Set([item.text, ...near.map(({ text }) => text)]).size;
    if (customers > others && texts >= LEAST_TEXTS) return { kind: 'begin', with: near.map(({ id }) => id) };
  }
  return undefined;
}
