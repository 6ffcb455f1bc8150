import { dotAt } from '../learning/dot.ts';
import { type Arrival, decideArrival, type NearCentroid, type NearItem } from './arrive.ts';
import { type ClusterItem, textKey } from './item.ts';
import { type Features, mixedSimilarity } from './mixed-neighbours.ts';

const DAY_MS = 86_400_000;
/** Neighbours that are looked at, of the item's own language and of the other. */
const NEAREST = { own: 10, foreign: 5 };

interface Held {
  readonly item: ClusterItem;
  readonly text: string;
  readonly at: number;
  features: Features;
  cluster: string | undefined;
}

/** Messages in memory that clusters grow from as they arrive: what a database does with its index, for replays. */
export class Arrivals {
  readonly #held: Held[] = [];
  #clusters = 0;

  get size(): number {
    return this.#held.length;
  }

  /** The cluster of every item, in the order of arrival. */
  clusters(): (string | undefined)[] {
    return this.#held.map(({ cluster }) => cluster);
  }

  /** Compares with new features from now on, one per item held. */
  refresh(features: readonly Features[]): void {
    for (const [at, held] of this.#held.entries()) held.features = features[at] ?? held.features;
  }

  /** Takes an item in that came at `at`, milliseconds since 1970. When a cluster begins with it, its members are told in the order of their arrival. */
  add(
    item: ClusterItem,
    features: Features,
    at: number,
  ): { readonly arrival: Arrival; readonly began: readonly string[] } {
    const text = textKey(item);
    const nearest = this.#nearest(features, at);
    const arrival = decideArrival({
      customer: item.customer,
      text,
      nearest,
      centroids: this.#centroids(features, nearest),
    });
    const held: Held = { item, text, at, features, cluster: arrival.kind === 'join' ? arrival.cluster : undefined };
    this.#held.push(held);
    if (arrival.kind !== 'begin') return { arrival, began: [] };
    const cluster = `cluster ${this.#clusters++}`;
    const members = this.#held.filter((one) => one === held || arrival.with.includes(one.item.id));
    for (const member of members) member.cluster = cluster;
    return { arrival, began: members.map(({ item: { id } }) => id) };
  }

  #nearest(features: Features, now: number): NearItem[] {
    const near = (held: Held): NearItem => {
      const similarity = mixedSimilarity(features, held.features, dotAt(features.dense, 0, held.features.dense));
      return {
        id: held.item.id,
        similarity,
        cluster: held.cluster,
        customer: held.item.customer,
        isRecent: now - held.at <= DAY_MS,
        text: held.text,
      };
    };
    const best = (isOwn: boolean, count: number) =>
      this.#held
        .filter((held) => (held.features.language === features.language) === isOwn)
        .map(near)
        .sort((left, right) => right.similarity - left.similarity)
        .slice(0, count);
    return [...best(true, NEAREST.own), ...best(false, NEAREST.foreign)];
  }

  #centroids({ dense, language }: Features, nearest: readonly NearItem[]): NearCentroid[] {
    const near = new Set(nearest.flatMap(({ cluster }) => cluster ?? []));
    return [...near].map((cluster) => {
      const members = this.#held.filter((held) => held.cluster === cluster);
      const sum = members.reduce((total, { features }) => total + dotAt(dense, 0, features.dense), 0);
      const foreign = members.filter(({ features }) => features.language !== language).length;
      return { cluster, similarity: sum / members.length, isForeign: 2 * foreign > members.length };
    });
  }
}
