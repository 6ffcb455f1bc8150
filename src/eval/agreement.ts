import { adjustedRand } from '../clusters/communities/agreement.ts';

/** How well found groups agree with labels; each between 0 (or less, for ARI) and 1. */
export interface Agreement {
  /** Harmonic mean of homogeneity and completeness (Rosenberg and Hirschberg, 2007). */
  readonly vMeasure: number;
  /** Rand index, adjusted for chance (Hubert and Arabie, 1985). */
  readonly ari: number;
  /** Mutual information over the arithmetic mean of the entropies: the same number as V, by another way. */
  readonly nmi: number;
  /** Share of items that have the commonest label of their group. */
  readonly purity: number;
}

/** Compares two divisions of the same items. */
export function compareGroups(groups: ArrayLike<number | string>, labels: ArrayLike<number | string>): Agreement {
  const n = groups.length;
  const cells = new Map<number | string, Map<number | string, number>>();
  const columns = new Map<number | string, number>();
  for (let at = 0; at < n; at++) {
    const group = groups[at] as number | string;
    const label = labels[at] as number | string;
    const row = cells.get(group) ?? new Map<number | string, number>();
    cells.set(group, row.set(label, (row.get(label) ?? 0) + 1));
    columns.set(label, (columns.get(label) ?? 0) + 1);
  }
  const rowSums = [...cells.values()].map((row) => sum(row.values()));
  const all = [...cells.values()].flatMap((row) => [...row.values()]);
  const ofGroups = entropy(rowSums, n);
  const ofLabels = entropy([...columns.values()], n);
  const mutual = ofGroups + ofLabels - entropy(all, n);
  const homogeneity = ofLabels === 0 ? 1 : mutual / ofLabels;
  const completeness = ofGroups === 0 ? 1 : mutual / ofGroups;
  const both = homogeneity + completeness;
  const mean = (ofGroups + ofLabels) / 2;
  return {
    vMeasure: both === 0 ? 0 : (2 * homogeneity * completeness) / both,
    ari: adjustedRand(groups, labels),
    nmi: mean === 0 ? 1 : mutual / mean,
    purity: n === 0 ? 0 : sum([...cells.values()].map((row) => Math.max(...row.values()))) / n,
  };
}

function entropy(counts: readonly number[], n: number): number {
  return -sum(counts.map((count) => (count === 0 ? 0 : (count / n) * Math.log(count / n))));
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
