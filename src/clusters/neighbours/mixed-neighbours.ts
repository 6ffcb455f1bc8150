import type { SparseVector } from '../../learning/features.ts';
import type { ClusterLanguage } from '../item.ts';
import { sparseDot } from './lexical.ts';
import { findNearest } from './nearest.ts';
import type { NearestOptions } from './nearest-descent.ts';
import { type NeighbourLists, NeighbourTable } from './neighbour-table.ts';

/**
 * Share of the words in a similarity, and neighbours by meaning that are ordered by it: on draws from the training
 * rows of Banking77 as good as TF-IDF hashed into 512 dimensions beside the vector, at less than half the time.
 */
const LEXICAL_SHARE = 0.3;
export const CANDIDATES = 32;

export interface Features {
  /** Centred, unit length. */
  readonly dense: Float32Array;
  readonly lexical: SparseVector;
  readonly language: ClusterLanguage;
}

/** Cosine of meaning mixed with cosine of words; words of two languages have nothing to compare. */
export function mixedSimilarity(left: Features, right: Features, dense: number): number {
  if (left.language !== right.language) return dense;
  return (1 - LEXICAL_SHARE) * dense + LEXICAL_SHARE * sparseDot(left.lexical, right.lexical);
}

/** The nearest of every row in either language: by meaning first, then ordered by meaning and words. */
export function findMixedNeighbours(rows: readonly Features[], options: Omit<NearestOptions, 'k'>): NeighbourLists {
  const near = findNearest(
    rows.map(({ dense }) => dense),
    { ...options, k: CANDIDATES },
  );
  const lists = new NeighbourTable(rows.length, CANDIDATES);
  for (let at = 0; at < near.rows.length; at++) {
    const [row, other] = [Math.floor(at / near.k), near.rows[at] as number];
    if (other === -1) continue;
    const cosine = near.similarities[at] as number;
    lists.offer(row, other, mixedSimilarity(rows[row] as Features, rows[other] as Features, cosine));
  }
  return lists.finish();
}

/** The first `k` neighbours of the rows in `kept` that are in it too, numbered by their place there. */
export function keepNeighbours(lists: NeighbourLists, kept: ArrayLike<number>, k: number): NeighbourLists {
  const places = new Int32Array(lists.k === 0 ? 0 : lists.rows.length / lists.k).fill(-1);
  for (let at = 0; at < kept.length; at++) places[kept[at] as number] = at;
  const rows = new Int32Array(kept.length * k).fill(-1);
  const similarities = new Float32Array(kept.length * k).fill(Number.NEGATIVE_INFINITY);
  for (let at = 0; at < kept.length; at++) {
    let found = 0;
    const start = (kept[at] as number) * lists.k;
    for (let slot = start; slot < start + lists.k && found < k; slot++) {
      const place = lists.rows[slot] === -1 ? -1 : (places[lists.rows[slot] as number] as number);
      if (place === -1) continue;
      rows[at * k + found] = place;
      similarities[at * k + found++] = lists.similarities[slot] as number;
    }
  }
  return { k, rows, similarities };
}
