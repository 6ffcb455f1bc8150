import type { Neighbour } from './neighbours.ts';

/** Examples that vote. */
export const VOTERS = 10;
/** How fast a vote fades with distance; with `VOTERS` chosen by cross-validation on Banking77 (docs/adr/0004). */
const FADING = 5;
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
