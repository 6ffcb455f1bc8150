import { centreByLanguage } from '../clusters/centre.ts';
import type { ClusterItem } from '../clusters/item.ts';
import { kMeans } from '../clusters/k-means.ts';
import { type Reclustering, recluster } from '../clusters/recluster/recluster.ts';
import { createRandom, shuffle } from '../learning/random.ts';
import { type Agreement, compareGroups } from './agreement.ts';
import { type ClusterSources, readClusterItems } from './cluster-items.ts';
import type { LabelledRow } from './labelled-csv.ts';

export interface ClusterScores {
  readonly v_measure: number;
  readonly ari: number;
  readonly nmi: number;
  readonly purity: number;
  readonly clusters: number;
  readonly outlier_share: number;
}

export interface ClusterEvaluation extends ClusterScores {
  readonly encoder: { readonly id: string; readonly hash: string };
  readonly rows: number;
  readonly labels: number;
  readonly resolution: number;
  /**
   * Share of the items that are in the same cluster, or in none, after the share of more data that was asked for has
   * come and all was clustered again; null when none was asked for.
   */
  readonly stability: number | null;
  /** From vectors and words to clusters; reading and embedding apart. */
  readonly ms: number;
  /** k-means on the same centred vectors, told the true number. */
  readonly k_means: ClusterScores;
}

export interface ClusterOptions {
  readonly seed: number;
  /** Data that comes later, as a share of what was there before. */
  readonly stability?: number | undefined;
  readonly signal: AbortSignal;
  onProgress?(done: number, total: number): void;
}

/**
 * Clusters a labelled set without its labels and compares. Every item that is left out counts as a group of its own.
 * Deterministic for a seed, timings apart.
 */
export async function evaluateClusters(
  sources: ClusterSources,
  rows: readonly LabelledRow[],
  options: ClusterOptions,
): Promise<ClusterEvaluation> {
  const { signal, onProgress } = options;
  const named = rows.map(({ text, line }) => ({ id: String(line), text }));
  const items = await readClusterItems(sources, named, { signal, ...(onProgress && { onProgress }) });
  const labels = rows.map(({ label }) => label);
  const started = performance.now();
  const found = run(items, options);
  const ms = performance.now() - started;
  const dense = centreByLanguage(items, found.means);
  const count = new Set(labels).size;
  return {
    encoder: { id: sources.encoder.info.id, hash: sources.encoder.info.hash },
    rows: rows.length,
    labels: count,
    ...score(found.clusters, labels),
    resolution: found.resolution,
    stability: options.stability === undefined ? null : measureStability(items, options.stability, options),
    ms,
    k_means: score(Array.from(kMeans(dense, count, options.seed), String), labels),
  };
}

function run(
  items: readonly ClusterItem[],
  { seed, signal, onProgress }: ClusterOptions,
  before: Partial<Pick<Reclustering, 'resolution'>> & { known?: ReadonlyMap<string, string | undefined> } = {},
): Reclustering {
  const prefix = before.known === undefined ? 'first' : 'later';
  return recluster(items, {
    seed,
    signal,
    ...before,
    newId: (at) => `${prefix}-${at}`,
    ...(onProgress && { onProgress }),
  });
}

/** Clusters a part of the items, then all of them with the resolution and the ids of the first run. */
function measureStability(items: readonly ClusterItem[], more: number, options: ClusterOptions): number {
  const order = Int32Array.from(items.keys());
  shuffle(order, createRandom(options.seed));
  const earlier = Array.from(order.slice(0, Math.round(items.length / (1 + more))), (row) => items[row] as ClusterItem);
  const first = run(earlier, options);
  const known = new Map(earlier.map(({ id }, at) => [id, first.clusters[at]]));
  const second = run(items, options, { known, resolution: first.resolution });
  const same = items.filter(({ id }, at) => known.has(id) && known.get(id) === second.clusters[at]).length;
  return earlier.length === 0 ? 1 : same / earlier.length;
}

function score(clusters: readonly (string | undefined)[], labels: readonly string[]): ClusterScores {
  const groups = clusters.map((cluster, row) => cluster ?? `single ${row}`);
  const { vMeasure, ari, nmi, purity }: Agreement = compareGroups(groups, labels);
  return {
    v_measure: vMeasure,
    ari,
    nmi,
    purity,
    clusters: new Set(clusters.filter((cluster) => cluster !== undefined)).size,
    outlier_share: clusters.filter((cluster) => cluster === undefined).length / Math.max(1, clusters.length),
  };
}
