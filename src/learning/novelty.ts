import { fitSigmoid, type SigmoidCalibration, sigmoid } from './calibration.ts';
import { minimize } from './lbfgs.ts';

/** How a text lies beside the examples, and how sure the classes are of it. */
export interface Standing {
  /** Mean cosine to the nearest examples. */
  readonly closeness: number;
  /** Entropy of the probabilities, as a share of the largest possible. */
  readonly entropy: number;
  /** Highest probability less the second. */
  readonly margin: number;
}

/** The probability that a text belongs to none of the labels. */
export interface NoveltyModel {
  readonly weights: readonly number[];
  readonly center: readonly number[];
  readonly spread: readonly number[];
  readonly calibration: SigmoidCalibration;
  /** Texts above it are "none of these"; one in a hundred known ones is. */
  readonly threshold: number;
}

const KNOWN_SHARE = 0.99;
const PENALTY = 1e-2;

/** Distance, entropy and margin of a text. */
export function standingOf(closeness: number, probabilities: ArrayLike<number>): Standing {
  let entropy = 0;
  let first = 0;
  let second = 0;
  for (let at = 0; at < probabilities.length; at++) {
    const value = probabilities[at] as number;
    if (value > 0) entropy -= value * Math.log(value);
    if (value > first) [first, second] = [value, first];
    else if (value > second) second = value;
  }
  return { closeness, entropy: entropy / Math.log(Math.max(2, probabilities.length)), margin: first - second };
}

/**
 * Learns what the unknown looks like without any unknown text: each held-out row is shown once as it is, and once with
 * its own label taken away, as if that label did not exist.
 */
export function fitNovelty(known: readonly Standing[], unknown: readonly Standing[]): NoveltyModel {
  const rows = [...known, ...unknown].map(toRow);
  const center = [0, 1, 2].map((at) => rows.reduce((sum, row) => sum + (row[at] ?? 0), 0) / Math.max(1, rows.length));
  const spread = center.map((middle, at) => {
    const square = rows.reduce((sum, row) => sum + ((row[at] ?? 0) - middle) ** 2, 0) / Math.max(1, rows.length);
    return Math.sqrt(square) || 1;
  });
  const scaled = rows.map((row) => row.map((value, at) => (value - (center[at] ?? 0)) / (spread[at] ?? 1)));
  const isUnknown = rows.map((_, row) => row >= known.length);
  const weights = fitWeights(scaled, isUnknown);
  const scores = scaled.map((row) => dot(row, weights));
  const calibration = fitSigmoid(scores, isUnknown);
  const sorted = scores.slice(0, known.length).sort((left, right) => left - right);
  const edge = sorted[Math.floor(sorted.length * KNOWN_SHARE)] ?? Number.POSITIVE_INFINITY;
  return { weights, center, spread, calibration, threshold: sigmoid(edge, calibration) };
}

/** From 0 (like the examples) to 1 (like nothing that was seen). */
export function novelty(standing: Standing, model: NoveltyModel): number {
  const row = toRow(standing).map((value, at) => (value - (model.center[at] ?? 0)) / (model.spread[at] ?? 1));
  return sigmoid(dot(row, model.weights), model.calibration);
}

function fitWeights(rows: readonly number[][], isUnknown: readonly boolean[]): number[] {
  const fitted = minimize(
    (point, gradient) => {
      gradient.fill(0);
      let loss = 0;
      rows.forEach((row, at) => {
        const probability = 1 / (1 + Math.exp(-(dot(row, point) + (point[3] ?? 0))));
        const target = isUnknown[at] ? 1 : 0;
        loss -= Math.log(Math.max(target === 1 ? probability : 1 - probability, 1e-12)) / rows.length;
        [...row, 1].forEach((value, index) => {
          gradient[index] = (gradient[index] ?? 0) + ((probability - target) * value) / rows.length;
        });
      });
      for (let at = 0; at < 3; at++) {
        loss += (PENALTY / 2) * (point[at] ?? 0) ** 2;
        gradient[at] = (gradient[at] ?? 0) + PENALTY * (point[at] ?? 0);
      }
      return loss;
    },
    Float64Array.from([-1, 0, 0, 0]),
  );
  return [...fitted.subarray(0, 3)];
}

const toRow = ({ closeness, entropy, margin }: Standing): number[] => [closeness, entropy, margin];
const dot = (left: ArrayLike<number>, right: ArrayLike<number>): number => {
  let sum = 0;
  for (let at = 0; at < 3; at++) sum += (left[at] ?? 0) * (right[at] ?? 0);
  return sum;
};
