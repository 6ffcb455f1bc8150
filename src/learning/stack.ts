import { softmax } from './calibration.ts';
import { minimize } from './lbfgs.ts';

/** Scores of several members for one text, each classes long. */
export type MemberScores = readonly ArrayLike<number>[];

/** What a member's scores, brought to a spread of one, count when nothing is known yet. */
const START = 1;
/** Keeps weights finite where every held-out row is right. */
const PENALTY = 1e-3;

/**
 * The weights under which the members' summed scores make the best probabilities on held-out rows (Wolpert, "Stacked
 * Generalization", 1992); each holds the temperature of its member (Guo et al., 2017). None is negative.
 */
export function fitStack(given: readonly MemberScores[], labels: ArrayLike<number>): Float64Array {
  const members = given[0]?.length ?? 0;
  const spreads = Float64Array.from({ length: members }, (_, member) => spreadOf(given, member));
  const rows = given.map((scores) =>
    scores.map((row, member) => Float64Array.from(row, (score) => score / (spreads[member] ?? 1))),
  );
  const fitted = minimize(
    (point, gradient) => {
      gradient.fill(0);
      let loss = 0;
      rows.forEach((scores, row) => {
        const label = labels[row] as number;
        const probabilities = combine(scores, point);
        loss -= Math.log(Math.max(probabilities[label] as number, 1e-12)) / rows.length;
        for (let member = 0; member < members; member++)
          gradient[member] =
            (gradient[member] as number) + slope(scores[member] ?? [], probabilities, label) / rows.length;
      });
      for (let member = 0; member < members; member++) {
        loss += (PENALTY / 2) * (point[member] as number) ** 2;
        gradient[member] = (gradient[member] as number) + PENALTY * (point[member] as number);
      }
      return loss;
    },
    new Float64Array(members).fill(START),
    60,
    1e-5,
  );
  return fitted.map((weight, member) => Math.max(0, weight) / (spreads[member] ?? 1));
}

/** The probabilities of the classes. */
export function combine(scores: MemberScores, weights: ArrayLike<number>): Float64Array {
  const sum = new Float64Array(scores[0]?.length ?? 0);
  scores.forEach((member, at) => {
    const weight = weights[at] as number;
    for (let label = 0; label < sum.length; label++)
      sum[label] = (sum[label] as number) + weight * (member[label] as number);
  });
  return softmax(sum, { scale: 1, bias: new Float64Array(sum.length) });
}

/** Standard deviation of a member's scores round the mean of their row. */
function spreadOf(rows: readonly MemberScores[], member: number): number {
  let squares = 0;
  let count = 0;
  for (const scores of rows) {
    const row = Float64Array.from(scores[member] ?? []);
    const mean = row.reduce((sum, score) => sum + score, 0) / row.length;
    for (const score of row) squares += (score - mean) ** 2;
    count += row.length;
  }
  return Math.sqrt(squares / Math.max(1, count)) || 1;
}

/** The derivative of the loss of one row by a member's weight. */
function slope(scores: ArrayLike<number>, probabilities: Float64Array, label: number): number {
  let expected = 0;
  for (let at = 0; at < probabilities.length; at++) expected += (probabilities[at] as number) * (scores[at] as number);
  return expected - (scores[label] as number);
}
