import type { FeatureSource, SparseVector } from '../../learning/features.ts';
import type { LanguageMeans } from '../centre.ts';
import { CLUSTER_LANGUAGES, type ClusterItem, type ClusterLanguage, textKey } from '../item.ts';
import type { LexicalSpace } from '../neighbours/lexical.ts';
import { mixedSimilarity } from '../neighbours/mixed-neighbours.ts';
import { ArrivalVectors } from './arrival-vectors.ts';

const DAY_MS = 86_400_000;
/** Neighbours that are looked at, of the item's own language and of the other. */
const NEAREST = { own: 10, foreign: 5 };
/** Neighbours by meaning that are ordered again with their words. */
const ORDERED = 24;

/** A message that others are compared with when they arrive. */
export interface ArrivalEntry {
  readonly id: string;
  readonly vector: Float32Array;
  readonly language: ClusterLanguage;
  /** When it happened, milliseconds since 1970. */
  readonly at: number;
  readonly customer: string | undefined;
  /** Its words; asked for once, when they are first compared. */
  source(): FeatureSource;
}

/** One of the nearest, before anybody has looked into which cluster it is. */
export interface NearEntry {
  readonly id: string;
  readonly similarity: number;
  readonly customer: string | undefined;
  readonly isRecent: boolean;
  readonly text: string;
}

export interface MeanSimilarity {
  readonly similarity: number;
  /** True when most of them are written in another language. */
  readonly isForeign: boolean;
}

interface Held extends Omit<ArrivalEntry, 'vector' | 'source'> {
  readonly row: number;
  source: (() => FeatureSource) | undefined;
  said: Said | undefined;
}

interface Said {
  readonly lexical: SparseVector;
  readonly text: string;
}

const NOTHING_SAID: FeatureSource = { words: [], cues: [], normal: { text: '' } };

export interface ArrivalIndexOptions {
  readonly dimensions: number;
  /** What is known of the encoder's languages before the first message. */
  readonly prior: LanguageMeans;
  readonly space: LexicalSpace;
  /** Messages that are held; the oldest go. */
  readonly capacity: number;
}

/** The messages of late, in memory: which of them are nearest to one that arrives. Which cluster they are in it does not know. */
export class ArrivalIndex {
  readonly #vectors: ArrivalVectors;
  readonly #space: LexicalSpace;
  readonly #capacity: number;
  readonly #held = new Map<string, Held>();
  readonly #rows: (Held | undefined)[] = [];

  constructor({ dimensions, prior, space, capacity }: ArrivalIndexOptions) {
    this.#vectors = new ArrivalVectors(dimensions, prior);
    this.#space = space;
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#held.size;
  }

  has(id: string): boolean {
    return this.#held.has(id);
  }

  /** Takes a message in; when it is full, the oldest goes, which may be this one. */
  add({ vector, source, ...entry }: ArrivalEntry): void {
    if (this.has(entry.id)) return;
    if (this.size >= this.#capacity) {
      const oldest = [...this.#held.values()].reduce((first, one) => (one.at < first.at ? one : first));
      if (oldest.at >= entry.at) return;
      this.remove(oldest.id);
    }
    const free = this.size < this.#rows.length ? this.#rows.indexOf(undefined) : this.#rows.length;
    const held: Held = { ...entry, row: free, source, said: undefined };
    this.#held.set(entry.id, held);
    this.#rows[free] = held;
    this.#vectors.put(free, vector, entry.language);
  }

  remove(id: string): void {
    const held = this.#held.get(id);
    if (held === undefined) return;
    this.#held.delete(id);
    this.#rows[held.row] = undefined;
    this.#vectors.remove(held.row);
  }

  /** The nearest messages to one that is not held, of its own language and of the other. */
  nearest(item: ClusterItem, now: number): NearEntry[] {
    const dense = this.#vectors.centre(item.vector, item.language);
    const own = { lexical: this.#space.vector(item.source), language: item.language, dense };
    return CLUSTER_LANGUAGES.flatMap((language) => {
      const isOwn = language === item.language;
      return this.#vectors
        .nearest(dense, language, isOwn ? ORDERED : NEAREST.foreign)
        .flatMap(({ row, similarity }) => {
          const held = this.#rows[row];
          if (held === undefined) return [];
          const { lexical, text } = this.#said(held);
          const mixed = mixedSimilarity(own, { lexical, language, dense }, similarity);
          const { id, customer, at } = held;
          return [{ id, similarity: mixed, customer, isRecent: Math.abs(now - at) <= DAY_MS, text }];
        })
        .sort((left, right) => right.similarity - left.similarity)
        .slice(0, isOwn ? NEAREST.own : NEAREST.foreign);
    });
  }

  /** Mean centred cosine with those of the messages that are held; undefined when none is. */
  meanSimilarity({ vector, language }: ClusterItem, ids: readonly string[]): MeanSimilarity | undefined {
    return this.#meanOf(this.#vectors.centre(vector, language), language, ids);
  }

  /** The same for a message that is held; undefined when it is not. */
  meanSimilarityOf(id: string, ids: readonly string[]): MeanSimilarity | undefined {
    const held = this.#held.get(id);
    return held && this.#meanOf(this.#vectors.centred(held.row), held.language, ids);
  }

  #meanOf(dense: Float32Array, language: ClusterLanguage, ids: readonly string[]): MeanSimilarity | undefined {
    const held = ids.flatMap((id) => this.#held.get(id) ?? []);
    if (held.length === 0) return undefined;
    const sum = held.reduce((total, { row }) => total + this.#vectors.similarity(row, dense), 0);
    const foreign = held.filter((one) => one.language !== language).length;
    return { similarity: sum / held.length, isForeign: 2 * foreign > held.length };
  }

  #said(held: Held): Said {
    if (held.said === undefined) {
      const source = held.source?.() ?? NOTHING_SAID;
      held.said = { lexical: this.#space.vector(source), text: textKey({ source }) };
      held.source = undefined;
    }
    return held.said;
  }
}
