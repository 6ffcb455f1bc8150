import { ArrivalIndex, type ArrivalIndexOptions } from './arrival-index.ts';
import { type Arrival, decideArrival } from './arrive.ts';
import { type ClusterItem, textKey } from './item.ts';

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
   * Takes an item in that came at `at`, milliseconds since 1970. When a cluster begins with it, its members are told in
   * the order of their arrival.
   */
  add(item: ClusterItem, at: number): { readonly arrival: Arrival; readonly began: readonly string[] } {
    const nearest = this.#index.nearest(item, at).map((near) => ({ ...near, cluster: this.#clusters.get(near.id) }));
    const clusters = [...new Set(nearest.flatMap(({ cluster }) => cluster ?? []))];
    const centroids = clusters.flatMap((cluster) => {
      const found = this.#index.meanSimilarity(item, this.#members.get(cluster) ?? []);
      return found === undefined ? [] : [{ cluster, ...found }];
    });
    const arrival = decideArrival({ customer: item.customer, text: textKey(item), nearest, centroids });
    const { id, vector, language, customer, source } = item;
    this.#index.add({ id, vector, language, at, customer, source: () => source });
    this.#clusters.set(id, undefined);
    if (arrival.kind === 'join') this.#join(arrival.cluster, [id]);
    if (arrival.kind !== 'begin') return { arrival, began: [] };
    const began = [...this.#clusters.keys()].filter((other) => other === id || arrival.with.includes(other));
    this.#join(`cluster ${this.#members.size}`, began);
    return { arrival, began };
  }

  #join(cluster: string, ids: readonly string[]): void {
    for (const id of ids) this.#clusters.set(id, cluster);
    this.#members.set(cluster, [...(this.#members.get(cluster) ?? []), ...ids]);
  }
}
