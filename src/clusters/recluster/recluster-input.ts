import type { Policy } from '../../policy.ts';
import type { LanguageMeans } from '../centre.ts';
import type { ClusterLanguage } from '../item.ts';
import type { ClusterName } from '../naming/name.ts';
import type { Constraint, Contradiction } from './constraints.ts';
import type { Lineage } from './match.ts';

/**
 * Items as they are carried into the thread: vectors one after the other, to be handed over without a copy, each with
 * room behind it for what the thread finds in the text.
 */
export interface ItemChunk {
  readonly items: readonly {
    readonly id: string;
    /** Masked. */
    readonly text: string;
    readonly language: ClusterLanguage;
    readonly customer: string | undefined;
    readonly topics: readonly string[];
  }[];
  readonly vectors: Float32Array;
}

export interface ReclusterInput {
  readonly chunks: readonly ItemChunk[];
  /** Of a vector with the room behind it. */
  readonly dimensions: number;
  /** See `ReclusterOptions.known`. */
  readonly known: ReadonlyMap<string, string | undefined>;
  /** See `ReclusterOptions.worked`. */
  readonly worked: ReadonlySet<string>;
  readonly constraints: readonly Constraint[];
  readonly means: LanguageMeans;
  readonly seed: number;
  readonly words: readonly string[];
  readonly naming: Policy['naming'];
  readonly topics: Policy['taxonomy']['topics'];
}

/** A cluster as the items in it tell. */
export interface DescribedCluster {
  readonly id: string;
  readonly items: number;
  readonly name: ClusterName;
  /** Ids of items that show it best. */
  readonly quotes: readonly string[];
}

export interface ReclusterOutput {
  /** The items in the order of the input, each with its cluster. */
  readonly items: readonly string[];
  readonly clusters: readonly (string | undefined)[];
  readonly lineage: readonly Lineage[];
  readonly contradictions: readonly Contradiction[];
  readonly described: readonly DescribedCluster[];
  readonly resolution: number;
}
