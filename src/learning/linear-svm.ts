import { type FeatureMatrix, type LinearFunction, scoreRow } from './matrix.ts';
import { createRandom, shuffle } from './random.ts';

export interface SvmOptions {
  /** Cost of an error: larger fits the examples more closely. */
  readonly cost: number;
  /** Extra weight of positive examples, for labels that are rare. */
  readonly positiveWeight?: number;
  readonly seed: number;
  readonly maxEpochs?: number;
  /** The largest violation of the optimality conditions that is let pass. */
  readonly tolerance?: number;
}

/**
 * A linear support vector machine with squared hinge loss, by dual coordinate descent (Hsieh et al., "A Dual
 * Coordinate Descent Method for Large-scale Linear SVM", ICML 2008, algorithm 1).
 *
 * `rows` are the rows of the matrix to learn from, `positive[i]` says whether row `rows[i]` is one of the label.
 */
export function trainLinearSvm(
  matrix: FeatureMatrix,
  rows: Int32Array,
  positive: Uint8Array,
  options: SvmOptions,
): LinearFunction {
  const { cost, seed, positiveWeight = 1, maxEpochs = 60, tolerance = 0.05 } = options;
  const dense = new Float32Array(matrix.dimensions);
  const sparse = new Float32Array(matrix.vocabularySize);
  const weights = { dense, sparse, bias: 0 };
  const alpha = new Float64Array(rows.length);
  const slack = Float64Array.from(positive, (yes) => 1 / (2 * cost * (yes ? positiveWeight : 1)));
  const norms = Float64Array.from(rows, (row) => squaredNorm(matrix, row) + 1);
  const order = Int32Array.from(rows.keys());
  const random = createRandom(seed);
  for (let epoch = 0; epoch < maxEpochs; epoch++) {
    shuffle(order, random);
    let worst = 0;
    for (const at of order) {
      const row = rows[at] as number;
      const sign = positive[at] ? 1 : -1;
      const before = alpha[at] as number;
      const gradient = sign * scoreRow(matrix, row, weights) - 1 + before * (slack[at] as number);
      const projected = before === 0 ? Math.min(gradient, 0) : gradient;
      worst = Math.max(worst, Math.abs(projected));
      if (Math.abs(projected) < 1e-12) continue;
      const after = Math.max(before - gradient / ((norms[at] as number) + (slack[at] as number)), 0);
      alpha[at] = after;
      move(matrix, row, weights, (after - before) * sign);
    }
    if (worst < tolerance) break;
  }
  return weights;
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
