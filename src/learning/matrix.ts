import { dotAt } from './dot.ts';
import type { SparseVector } from './features.ts';

/**
 * Rows of a training matrix: a dense block (rows × dimensions) beside a sparse one (compressed rows), each scaled by
 * its weight, and a constant for the intercept.
 */
export interface FeatureMatrix {
  readonly rows: number;
  readonly dimensions: number;
  readonly dense: Float32Array;
  readonly vocabularySize: number;
  readonly offsets: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float32Array;
}

/** How much each block counts; set by cross-validation on the seed examples (docs/adr/0002). */
export interface BlockWeights {
  readonly dense: number;
  readonly sparse: number;
}

export interface FeatureRow {
  readonly dense: Float32Array;
  readonly sparse: SparseVector;
}

export function buildMatrix(
  rows: readonly FeatureRow[],
  dimensions: number,
  vocabularySize: number,
  weights: BlockWeights,
): FeatureMatrix {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, index) => {
    offsets[index + 1] = (offsets[index] ?? 0) + row.sparse.indices.length;
  });
  const total = offsets[rows.length] ?? 0;
  const matrix = {
    rows: rows.length,
    dimensions,
    dense: new Float32Array(rows.length * dimensions),
    vocabularySize,
    offsets,
    indices: new Int32Array(total),
    values: new Float32Array(total),
  };
  rows.forEach((row, index) => {
    for (let at = 0; at < dimensions; at++)
      matrix.dense[index * dimensions + at] = (row.dense[at] ?? 0) * weights.dense;
    const offset = offsets[index] ?? 0;
    matrix.indices.set(row.sparse.indices, offset);
    row.sparse.values.forEach((value, at) => {
      matrix.values[offset + at] = value * weights.sparse;
    });
  });
  return matrix;
}

/** One linear function of the features: `dense · x + sparse · s + bias`. */
export interface LinearFunction {
  readonly dense: Float32Array;
  readonly sparse: Float32Array;
  readonly bias: number;
}

/** The function's value on one row of the matrix. */
export function scoreRow(matrix: FeatureMatrix, row: number, { dense, sparse, bias }: LinearFunction): number {
  let sum = bias + dotAt(matrix.dense, row * matrix.dimensions, dense);
  const end = matrix.offsets[row + 1] as number;
  for (let at = matrix.offsets[row] as number; at < end; at++) {
    sum += (matrix.values[at] as number) * (sparse[matrix.indices[at] as number] as number);
  }
  return sum;
}
