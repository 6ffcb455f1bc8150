import { type FeatureMatrix, type LinearFunction, scoreRow } from './matrix.ts';
import { createRandom, shuffle } from './random.ts';

export interface SvmOptions {
  /** Cost of an error: larger fits the examples more closely. */
  readonly cost: number;
  /** What each row counts, in the order of `rows`; all the same unless given. */
  readonly weights?: Float64Array;
  readonly seed: number;
  readonly maxEpochs?: number;
  /** The largest violation of the optimality conditions that is let pass. */
  readonly tolerance?: number;
}

/**
 * A linear support vector machine with squared hinge loss, by dual coordinate descent with shrinking (Hsieh et al., "A
 * Dual Coordinate Descent Method for Large-scale Linear SVM", ICML 2008, algorithms 1 and 3).
 *
 * `rows` are the rows of the matrix to learn from, `positive[i]` says whether row `rows[i]` is one of the label.
 */
export function trainLinearSvm(
  matrix: FeatureMatrix,
  rows: Int32Array,
  positive: Uint8Array,
  options: SvmOptions,
): LinearFunction {
  const { seed, maxEpochs = 60, tolerance = 0.1 } = options;
  const problem = createProblem(matrix, rows, positive, options);
  const order = Int32Array.from(rows.keys());
  const random = createRandom(seed);
  let active = rows.length;
  let bound = Number.POSITIVE_INFINITY;
  for (let epoch = 0; epoch < maxEpochs; epoch++) {
    shuffle(order.subarray(0, active), random);
    const pass = sweep(problem, order, active, bound);
    active = pass.active;
    bound = pass.highest > 0 ? pass.highest : Number.POSITIVE_INFINITY;
    if (pass.highest - pass.lowest > tolerance) continue;
    if (active === rows.length) break;
    active = rows.length;
    bound = Number.POSITIVE_INFINITY;
  }
  return problem.weights;
}

interface Problem {
  readonly matrix: FeatureMatrix;
  readonly rows: Int32Array;
  readonly positive: Uint8Array;
  readonly weights: { dense: Float32Array; sparse: Float32Array; bias: number };
  readonly alpha: Float64Array;
  /** The part of the diagonal that the squared loss adds. */
  readonly slack: Float64Array;
  readonly diagonal: Float64Array;
}

function createProblem(
  matrix: FeatureMatrix,
  rows: Int32Array,
  positive: Uint8Array,
  { cost, weights }: SvmOptions,
): Problem {
  const slack = Float64Array.from(rows, (_, at) => 1 / (2 * cost * (weights?.[at] ?? 1)));
  return {
    matrix,
    rows,
    positive,
    weights: { dense: new Float32Array(matrix.dimensions), sparse: new Float32Array(matrix.vocabularySize), bias: 0 },
    alpha: new Float64Array(rows.length),
    slack,
    diagonal: Float64Array.from(rows, (row, at) => squaredNorm(matrix, row) + 1 + (slack[at] ?? 0)),
  };
}

/**
 * One pass over the active rows. Rows at their bound whose gradient is above the last pass's largest violation are
 * moved behind the active ones: they stay at the bound and need not be looked at for a while.
 */
function sweep(problem: Problem, order: Int32Array, activeBefore: number, bound: number) {
  let active = activeBefore;
  let highest = Number.NEGATIVE_INFINITY;
  let lowest = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < active; turn++) {
    const at = order[turn] as number;
    const gradient = gradientAt(problem, at);
    const isAtBound = problem.alpha[at] === 0;
    if (isAtBound && gradient > bound) {
      active--;
      order[turn] = order[active] as number;
      order[active] = at;
      turn--;
      continue;
    }
    const violation = isAtBound ? Math.min(gradient, 0) : gradient;
    highest = Math.max(highest, violation);
    lowest = Math.min(lowest, violation);
    if (violation !== 0) descend(problem, at, gradient);
  }
  return { active, highest, lowest };
}

function gradientAt({ matrix, rows, positive, weights, alpha, slack }: Problem, at: number): number {
  const sign = positive[at] ? 1 : -1;
  return sign * scoreRow(matrix, rows[at] as number, weights) - 1 + (alpha[at] as number) * (slack[at] as number);
}

function descend({ matrix, rows, positive, weights, alpha, diagonal }: Problem, at: number, gradient: number): void {
  const before = alpha[at] as number;
  const after = Math.max(before - gradient / (diagonal[at] as number), 0);
  alpha[at] = after;
  move(matrix, rows[at] as number, weights, (after - before) * (positive[at] ? 1 : -1));
}

function move(
  matrix: FeatureMatrix,
  row: number,
  weights: { dense: Float32Array; sparse: Float32Array; bias: number },
  step: number,
): void {
  const { dimensions, offsets, indices, values } = matrix;
  const start = row * dimensions;
  for (let at = 0; at < dimensions; at++)
    weights.dense[at] = (weights.dense[at] as number) + step * (matrix.dense[start + at] as number);
  const end = offsets[row + 1] as number;
  for (let at = offsets[row] as number; at < end; at++) {
    const index = indices[at] as number;
    weights.sparse[index] = (weights.sparse[index] as number) + step * (values[at] as number);
  }
  weights.bias += step;
}

function squaredNorm(matrix: FeatureMatrix, row: number): number {
  let sum = 0;
  const start = row * matrix.dimensions;
  for (let at = start; at < start + matrix.dimensions; at++) sum += (matrix.dense[at] as number) ** 2;
  const end = matrix.offsets[row + 1] as number;
  for (let at = matrix.offsets[row] as number; at < end; at++) sum += (matrix.values[at] as number) ** 2;
  return sum;
}
