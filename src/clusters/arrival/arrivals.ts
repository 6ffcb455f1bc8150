import { type ClusterItem, textKey } from '../item.ts';
import { ArrivalIndex, type ArrivalIndexOptions } from './arrival-index.ts';
import { type Arrival, decideArrival, findFollowers } from './arrive.ts';

/** Messages in memory that clusters grow from as they arrive: what the service does with a database, for replays. */
export class Arrivals {
  readonly #index: ArrivalIndex;
  readonly #clusters = new Map<string, string | undefined>();
  readonly #members = new Map<string, string[]>();

  constructor(options: Omit<ArrivalIndexOptions, 'capacity'>) {
    this.#index = new ArrivalIndex({ ...options, capacity: Number.POSITIVE_INFINITY });
  }

  /** The cluster of every item, in the order of arrival. */
  clusters(): (string | undefined)[] {
    return [...this.#clusters.values()];
  }

  /**
   * Takes an item in that came at `at`, milliseconds since 1970, and tells all who join a cluster by it, in the order of
   * their arrival.
   */
  add(item: ClusterItem, at: number): { readonly arrival: Arrival; readonly joined: readonly string[] } {
    const nearest = this.#index.nearest(item, at).map((near) => ({ ...near, cluster: this.#clusters.get(near.id) }));
    const clusters = [...new Set(nearest.flatMap(({ cluster }) => cluster ?? []))];
    const centroids = clusters.flatMap((cluster) => {
      const found = this.#index.meanSimilarity(item, this.#members.get(cluster) ?? []);
      return found === undefined ? [] : [{ cluster, ...found }];
    });
    const meanOf = (one: string, ids: readonly string[]) => this.#index.meanSimilarityOf(one, ids);
    const arrival = decideArrival({ customer: item.customer, text: textKey(item), nearest, centroids }, meanOf);
    const { id, vector, language, customer, source } = item;
    this.#index.add({ id, vector, language, at, customer, source: () => source });
    this.#clusters.set(id, undefined);
    if (arrival.kind === 'single') return { arrival, joined: [] };
    const members = arrival.kind === 'join' ? (this.#members.get(arrival.cluster) ?? []) : arrival.with;
    const followers = findFollowers(nearest, members, meanOf);
    const together = new Set([id, ...(arrival.kind === 'begin' ? arrival.with : []), ...followers]);
    const joined = [...this.#clusters.keys()].filter((other) => together.has(other));
    this.#join(arrival.kind === 'join' ? arrival.cluster : `cluster ${this.#members.size}`, joined);
    return { arrival, joined };
  }

  #join(cluster: string, ids: readonly string[]): void {
    for (const id of ids) this.#clusters.set(id, cluster);
    this.#members.set(cluster, [...(this.#members.get(cluster) ?? []), ...ids]);
  }
}
