import { minimize } from './lbfgs.ts';

/** Softmax of `scale · score + vote · said + bias`, fitted on scores of examples that the scorer had not seen. */
export interface SoftmaxCalibration {
  readonly scale: number;
  readonly bias: Float64Array;
  /** What a second opinion counts; 0 where there is none. */
  readonly vote?: number | undefined;
}

/** Sigmoid of `scale · score + vote · said + bias`. */
export interface SigmoidCalibration {
  readonly scale: number;
  readonly bias: number;
  /** What a second opinion counts; 0 where there is none. */
  readonly vote?: number | undefined;
}

const BIAS_PENALTY = 0.01;
/** Keeps what a second opinion counts small where few rows speak for it. */
const VOTE_PENALTY = 0.001;
/** What a second opinion counts when nothing is known yet. */
const VOTE_START = 0.3;

/**
 * Temperature with a bias per class (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017), by maximum
 * likelihood. `scores` is rows × classes, `labels` the class of each row, `said` a second opinion of the same shape.
 */
export function fitSoftmax(
  scores: readonly Float64Array[],
  labels: readonly number[],
  classes: number,
  said?: readonly Float64Array[],
): SoftmaxCalibration {
  const last = classes + 1;
  const fitted = minimize(
    (point, gradient) => {
      gradient.fill(0);
      let loss = 0;
      scores.forEach((row, index) => {
        const calibration = { scale: point[0] ?? 1, bias: point.subarray(1, last), vote: point[last] };
        const probabilities = softmax(row, calibration, said?.[index]);
        const label = labels[index] ?? 0;
        loss -= Math.log(Math.max(probabilities[label] ?? 0, 1e-12)) / scores.length;
        for (let at = 0; at < classes; at++) {
          const error = ((probabilities[at] ?? 0) - (at === label ? 1 : 0)) / scores.length;
          add(gradient, 0, error * (row[at] ?? 0));
          add(gradient, at + 1, error);
          if (said) add(gradient, last, error * (said[index]?.[at] ?? 0));
        }
      });
      if (said) loss += pullToNothing(point, gradient, last, VOTE_PENALTY);
      for (let at = 1; at <= classes; at++) loss += pullToNothing(point, gradient, at, BIAS_PENALTY);
      return loss;
    },
    Float64Array.from([2, ...new Array<number>(classes).fill(0), ...(said ? [VOTE_START] : [])]),
  );
  return { scale: fitted[0] ?? 1, bias: fitted.slice(1, last), ...(said && { vote: fitted[last] ?? 0 }) };
}

function add(sums: Float64Array, at: number, value: number): void {
  sums[at] = (sums[at] ?? 0) + value;
}

/** Adds the slope of a quadratic penalty on one number, and gives the penalty. */
function pullToNothing(point: Float64Array, gradient: Float64Array, at: number, penalty: number): number {
  const value = point[at] ?? 0;
  add(gradient, at, penalty * value);
  return (penalty / 2) * value ** 2;
}

/** Probabilities of the classes; `said` is a second opinion on each. */
export function softmax(
  scores: ArrayLike<number>,
  { scale, bias, vote = 0 }: SoftmaxCalibration,
  said?: ArrayLike<number>,
): Float64Array {
  const logits = Float64Array.from(scores, (score, at) => scale * score + vote * (said?.[at] ?? 0) + (bias[at] ?? 0));
  const top = Math.max(...logits);
  const exponentials = logits.map((logit) => Math.exp(logit - top));
  const total = exponentials.reduce((sum, value) => sum + value, 0);
  return exponentials.map((value) => value / total);
}

/**
 * Platt's scaling with his smoothed targets ("Probabilistic Outputs for Support Vector Machines", 1999), which keep
 * the fit finite when the scores separate perfectly. `said` is a second opinion on each row.
 */
export function fitSigmoid(
  scores: ArrayLike<number>,
  positive: ArrayLike<number | boolean>,
  said?: ArrayLike<number>,
): SigmoidCalibration {
  let positives = 0;
  for (let at = 0; at < scores.length; at++) positives += positive[at] ? 1 : 0;
  const yes = (positives + 1) / (positives + 2);
  const no = 1 / (scores.length - positives + 2);
  const fitted = minimize(
    (point, gradient) => {
      gradient.fill(0);
      let loss = 0;
      for (let at = 0; at < scores.length; at++) {
        const score = scores[at] ?? 0;
        const target = positive[at] ? yes : no;
        const opinion = said?.[at] ?? 0;
        const calibration = { scale: point[0] ?? 0, bias: point[1] ?? 0, vote: point[2] };
        const probability = sigmoid(score, calibration, opinion);
        loss -=
          (target * Math.log(Math.max(probability, 1e-12)) +
            (1 - target) * Math.log(Math.max(1 - probability, 1e-12))) /
          scores.length;
        const error = (probability - target) / scores.length;
        add(gradient, 0, error * score);
        add(gradient, 1, error);
        if (said) add(gradient, 2, error * opinion);
      }
      return said ? loss + pullToNothing(point, gradient, 2, VOTE_PENALTY) : loss;
    },
    Float64Array.from(said ? [2, 0, VOTE_START] : [2, 0]),
  );
  return { scale: fitted[0] ?? 1, bias: fitted[1] ?? 0, ...(said && { vote: fitted[2] ?? 0 }) };
}

/** The probability that a score stands for; `said` is a second opinion. */
export function sigmoid(score: number, { scale, bias, vote = 0 }: SigmoidCalibration, said = 0): number {
  return 1 / (1 + Math.exp(-(scale * score + vote * said + bias)));
}

/**
 * The smallest confidence above which the answers of held-out rows are wrong in at most `targetError` of cases, so
 * that as many as possible are answered. 1 when even the surest are wrong more often.
 */
export function selectThreshold(
  confidences: readonly number[],
  correct: readonly boolean[],
  targetError: number,
): number {
  const order = [...confidences.keys()].sort((left, right) => (confidences[right] ?? 0) - (confidences[left] ?? 0));
  let wrong = 0;
  let threshold = 1;
  order.forEach((row, rank) => {
    if (!correct[row]) wrong++;
    // Rows of equal confidence are answered together or not at all.
    const isLast = confidences[order[rank + 1] ?? -1] !== confidences[row];
    if (isLast && wrong / (rank + 1) <= targetError) threshold = confidences[row] ?? 1;
  });
  return threshold;
}
