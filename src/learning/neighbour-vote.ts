import type { SparseVector } from './features.ts';
import type { Neighbour } from './neighbours.ts';

/** Sparse rows, one after the other: row `r` is what lies from `offsets[r]` to `offsets[r + 1]`. */
export interface SparseRows {
  readonly offsets: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float32Array;
}

/** Examples near by their vector; those that share most words with the text as well are asked to vote. */
export const HEARD = 60;
/** What shared terms count beside the cosine of the vectors. */
const TERM_SHARE = 0.5;
/** Examples that vote. */
export const VOTERS = 10;
/** How fast a vote fades with distance; with `VOTERS` chosen by cross-validation on Banking77 (docs/adr/0004). */
export const FADING = 5;
const UNHEARD = 1e-3;

/** Scores of the classes: the logarithm of the votes of the nearest examples, the nearest counting 1. */
export function countVotes(neighbours: readonly Neighbour[], labels: ArrayLike<number>, classes: number): Float64Array {
  const votes = new Float64Array(classes).fill(UNHEARD);
  const [nearest] = neighbours;
  for (const { row, similarity } of neighbours.slice(0, VOTERS)) {
    const label = labels[row] as number;
    votes[label] = (votes[label] as number) + Math.exp(FADING * (similarity - (nearest?.similarity ?? 0)));
  }
  return votes.map(Math.log);
}

/** Neighbours by vector in the order of vector and terms together. */
export function rankByTerms(
  neighbours: readonly Neighbour[],
  terms: SparseRows,
  { indices, values }: SparseVector,
): Neighbour[] {
  return neighbours
    .map(({ row, similarity }) => ({
      row,
      similarity: similarity + TERM_SHARE * sharedTerms(terms, row, indices, values),
    }))
    .sort((left, right) => right.similarity - left.similarity || left.row - right.row);
}

function sharedTerms(terms: SparseRows, row: number, indices: Int32Array, values: Float32Array): number {
  const end = terms.offsets[row + 1] as number;
  let here = terms.offsets[row] as number;
  let there = 0;
  let sum = 0;
  while (here < end && there < indices.length) {
    const difference = (terms.indices[here] as number) - (indices[there] as number);
    if (difference === 0) sum += (terms.values[here] as number) * (values[there] as number);
    if (difference <= 0) here++;
    if (difference >= 0) there++;
  }
  return sum;
}
