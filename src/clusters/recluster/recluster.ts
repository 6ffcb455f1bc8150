import type { SparseVector } from '../../learning/features.ts';
import { centreByLanguage, type LanguageMeans, languageMeans } from '../centre.ts';
import { type CommunityInput, findBoundCommunities } from '../communities/communities.ts';
import type { Before } from '../communities/loose.ts';
import { membersOf, renumber } from '../communities/partition.ts';
import { chooseResolution, type ResolutionScore } from '../communities/resolution.ts';
import { standIns } from '../distinct.ts';
import { type ClusterItem, isHeard } from '../item.ts';
import { LexicalSpace } from '../neighbours/lexical.ts';
import { type Features, findMixedNeighbours } from '../neighbours/mixed-neighbours.ts';
import { groupByRareWords } from '../neighbours/rare-words.ts';
import { SparseStore } from '../neighbours/sparse-store.ts';
import { type Constraint, type Contradiction, resolveConstraints } from './constraints.ts';
import { keepWorked } from './keep-worked.ts';
import { type Lineage, matchClusters } from './match.ts';

export interface ReclusterOptions {
  readonly seed: number;
  /**
   * The cluster that each item is in now, undefined for those that were left out; communities are searched from there,
   * and take over the ids.
   */
  readonly known?: ReadonlyMap<string, string | undefined> | undefined;
  /** Clusters that people have named or work on. */
  readonly worked?: ReadonlySet<string> | undefined;
  /** As found by an earlier run; chosen by stability when missing. */
  readonly resolution?: number | undefined;
  /** Decisions of people, oldest first. */
  readonly constraints?: readonly Constraint[] | undefined;
  /** Mean vectors known beforehand, for languages in which little was written. */
  readonly means?: LanguageMeans | undefined;
  readonly signal?: AbortSignal | undefined;
  newId(community: number): string;
  onProgress?(done: number, total: number): void;
}

export interface Reclustering {
  /** The cluster of every item, in their order; undefined for those that are in none. */
  readonly clusters: readonly (string | undefined)[];
  readonly resolution: number;
  /** How stable each resolution was; empty when it was given. */
  readonly scores: readonly ResolutionScore[];
  readonly lineage: readonly Lineage[];
  readonly contradictions: readonly Contradiction[];
  readonly means: LanguageMeans;
}

/** Steps of progress before and after the choice of a resolution. */
const STEPS = { neighbours: 14, resolution: 13, rest: 2 };
const ALL_STEPS = STEPS.neighbours + STEPS.resolution + STEPS.rest;

/**
 * Finds the clusters of all items anew: nearest neighbours by meaning and words, a graph by what they share,
 * communities, and the ids of the clusters that these continue. Pure and deterministic; aborting throws the reason.
 */
export function recluster(items: readonly ClusterItem[], options: ReclusterOptions): Reclustering {
  const { seed, signal, constraints = [], onProgress } = options;
  const ids = items.map(({ id }) => id);
  const bound = resolveConstraints(ids, constraints);
  const named = new Set(constraints.flatMap((one) => (one.kind === 'apart' ? [...one.items, ...one.from] : one.items)));
  const { rows, places } = standIns(items, (row) => named.has(ids[row] as string));
  const means = languageMeans(items, options.means);
  const units = rows.map((row) => items[row] as ClusterItem);
  const features = readFeatures(units, means);
  signal?.throwIfAborted();
  const groups = groupByRareWords(units.map(({ source }) => source));
  const lists = findMixedNeighbours(features, { groups, seed, signal });
  onProgress?.(STEPS.neighbours, ALL_STEPS);
  const known = (row: number) => options.known?.get(ids[row] as string);
  const chosen =
    options.resolution === undefined
      ? chooseResolution(lists, {
          seed,
          signal,
          onProgress: (done) => onProgress?.(STEPS.neighbours + done, ALL_STEPS),
        })
      : { resolution: options.resolution, scores: [] };
  const input: CommunityInput = {
    features,
    lists,
    resolution: chosen.resolution,
    seed,
    start: rows.map(known),
    before: (place) => beforeOf(options.known, ids[rows[place] as number] as string),
    bundles: renumber(Int32Array.from(rows, (row) => bound.bundles[row] as number)),
    apart: bound.apart.map(({ left, right }) => ({ left: toPlaces(left, places), right: toPlaces(right, places) })),
  };
  onProgress?.(STEPS.neighbours + STEPS.resolution, ALL_STEPS);
  const heard = keepHeard(items, Int32Array.from(places, spread(findBoundCommunities(input))), (row) =>
    named.has(ids[row] as string),
  );
  const current = ids.map((_, row) => known(row));
  const communities = keepWorked(heard, current, options.worked ?? new Set());
  const { ids: clusterIds, lineage } = matchClusters(current, communities, options.newId);
  onProgress?.(ALL_STEPS, ALL_STEPS);
  return {
    clusters: Array.from(communities, (community) => clusterIds[community]),
    ...chosen,
    lineage,
    contradictions: bound.contradictions,
    means,
  };
}

function beforeOf(known: ReclusterOptions['known'], id: string): Before {
  if (known?.has(id) !== true) return 'new';
  return known.get(id) === undefined ? 'single' : 'member';
}

/** What is compared: centred vectors and words, weighed by how rare they are among the items or in `space`. */
export function readFeatures(
  items: readonly ClusterItem[],
  means: LanguageMeans,
  space?: LexicalSpace | undefined,
): Features[] {
  const dense = centreByLanguage(items, means);
  let learned = space;
  const learn = () => {
    learned ??= LexicalSpace.learn(items.map(({ source }) => source));
    return learned;
  };
  const store = new SparseStore();
  const weigh = (source: ClusterItem['source']) => store.keep(learn().vector(source));
  return items.map((item, row) => new LazyFeatures(item, dense[row] as Float32Array, weigh));
}

type Weigh = (source: ClusterItem['source']) => SparseVector;

/** Words are weighed when they are first asked for: the search for neighbours needs the memory before that. */
class LazyFeatures implements Features {
  readonly dense: Float32Array;
  readonly language: Features['language'];
  readonly #source: ClusterItem['source'];
  readonly #weigh: Weigh;
  #lexical: SparseVector | undefined;

  constructor({ language, source }: ClusterItem, dense: Float32Array, weigh: Weigh) {
    this.dense = dense;
    this.language = language;
    this.#source = source;
    this.#weigh = weigh;
  }

  get lexical(): SparseVector {
    this.#lexical ??= this.#weigh(this.#source);
    return this.#lexical;
  }
}

const spread = (communities: Int32Array) => (place: number) => communities[place] as number;
const toPlaces = (rows: readonly number[], places: Int32Array) => rows.map((row) => places[row] as number);

/** Communities that enough different people speak of, numbered anew without gaps. */
function keepHeard(items: readonly ClusterItem[], groups: Int32Array, isNamed: (row: number) => boolean): Int32Array {
  const numbers = new Map<number, number>();
  for (const [group, members] of membersOf(groups).entries()) {
    const isKept = isHeard(members.map((row) => items[row] as ClusterItem)) || members.some(isNamed);
    if (members.length > 0 && isKept) numbers.set(group, numbers.size);
  }
  return groups.map((group) => numbers.get(group) ?? -1);
}
