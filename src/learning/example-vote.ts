import type { SparseVector } from './features.ts';
import { FADING, rankByTerms, type SparseRows, VOTERS } from './neighbour-vote.ts';
import { type Neighbour, NeighbourIndex } from './neighbours.ts';
import { quantizeRows } from './quantized.ts';

/** What the examples need to vote on labels beside their vectors. */
export interface VoteModel {
  readonly terms: SparseRows;
  /** Rows × labels: 1 where the example has the label. */
  readonly has: Int8Array;
}

/** Keeps the odds of what all or none of the voters say finite: at most 34 to 1. */
const DOUBT = 0.03;

/**
 * Per label, the log-odds that the examples nearest by vector and terms give it, the nearest counting most.
 *
 * @param neighbours examples near by their vector, nearest first
 */
export function voteByExamples(
  { terms, has }: VoteModel,
  neighbours: readonly Neighbour[],
  sparse: SparseVector,
): Float64Array {
  const labels = has.length / Math.max(1, terms.offsets.length - 1);
  const ranked = rankByTerms(neighbours, terms, sparse).slice(0, VOTERS);
  const votes = new Float64Array(labels);
  let total = 0;
  for (const { row, similarity } of ranked) {
    const weight = Math.exp(FADING * (similarity - (ranked[0]?.similarity ?? 0)));
    total += weight;
    for (let label = 0; label < labels; label++)
      votes[label] = (votes[label] as number) + weight * (has[row * labels + label] as number);
  }
  return votes.map((vote) => {
    const share = total === 0 ? 0 : vote / total;
    return Math.log((share + DOUBT) / (1 - share + DOUBT));
  });
}

/** For some rows, what the examples of other folds vote. */
export function voteHeldOut(
  model: VoteModel,
  rows: readonly { readonly dense: Float32Array; readonly sparse: SparseVector }[],
  folds: Uint8Array,
  shown: readonly number[],
  heard: number,
): Float64Array[] {
  const votes = new Map<number, Float64Array>();
  for (const fold of new Set(folds)) {
    const others = [...rows.keys()].filter((row) => folds[row] !== fold);
    const index = new NeighbourIndex(quantizeRows(others.map((row) => rows[row]?.dense ?? new Float32Array())));
    for (const row of shown) {
      const { dense, sparse } = rows[row] ?? {};
      if (folds[row] !== fold || dense === undefined || sparse === undefined) continue;
      const near = index.find(dense, heard).map(({ row: at, similarity }) => ({ row: others[at] ?? 0, similarity }));
      votes.set(row, voteByExamples(model, near, sparse));
    }
  }
  return shown.map((row) => votes.get(row) ?? new Float64Array());
}
