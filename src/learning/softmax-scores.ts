import type { SparseVector } from './features.ts';
import type { FeatureMatrix } from './matrix.ts';

/** A linear function per class, feature after feature (`feature * classes + class`), so that one text reads in a row. */
export interface SoftmaxWeights {
  readonly classes: number;
  readonly dense: Float32Array;
  readonly sparse: Float32Array;
  readonly bias: Float32Array;
}

/** The scores of one row of a matrix. */
export function scoreMatrixRow(matrix: FeatureMatrix, row: number, weights: SoftmaxWeights): Float32Array {
  return addScores(matrix, row, weights, Float32Array.from(weights.bias));
}

/** The scores of one text. `sparseWeight` is what the matrix of the training multiplied sparse values with. */
export function scoreText(
  dense: Float32Array,
  sparse: SparseVector,
  sparseWeight: number,
  weights: SoftmaxWeights,
): Float32Array {
  const scores = Float32Array.from(weights.bias);
  addDense(dense, 0, dense.length, weights.dense, scores);
  addSparse(
    sparse.indices,
    sparse.values.map((value) => value * sparseWeight),
    0,
    sparse.indices.length,
    weights.sparse,
    scores,
  );
  return scores;
}

/** Adds a row's scores, without the bias, to those of all classes. */
export function addScores(
  { dimensions, dense, offsets, indices, values }: FeatureMatrix,
  row: number,
  weights: SoftmaxWeights,
  scores: Float32Array,
): Float32Array {
  addDense(dense, row * dimensions, dimensions, weights.dense, scores);
  const [from, to] = [offsets[row] as number, offsets[row + 1] as number];
  addSparse(indices, values, from, to, weights.sparse, scores);
  return scores;
}

/** Writes a row's scores, without the bias, of the classes in `some` to `scores`, in their order. */
export function scoreSome(
  { dimensions, dense, offsets, indices, values }: FeatureMatrix,
  row: number,
  { classes, dense: denseWeights, sparse: sparseWeights }: SoftmaxWeights,
  some: Int32Array,
  scores: Float32Array,
): void {
  scores.fill(0);
  const start = row * dimensions;
  for (let at = 0; at < dimensions; at++)
    addSome(denseWeights, at * classes, dense[start + at] as number, some, scores);
  const end = offsets[row + 1] as number;
  for (let at = offsets[row] as number; at < end; at++)
    addSome(sparseWeights, (indices[at] as number) * classes, values[at] as number, some, scores);
}

function addSome(weights: Float32Array, start: number, value: number, some: Int32Array, scores: Float32Array): void {
  for (let at = 0; at < some.length; at++)
    scores[at] = (scores[at] as number) + value * (weights[start + (some[at] as number)] as number);
}

function addDense(
  values: Float32Array,
  from: number,
  count: number,
  weights: Float32Array,
  scores: Float32Array,
): void {
  const classes = scores.length;
  let at = 0;
  for (; at + 3 < count; at += 4)
    addFour(
      weights,
      at * classes,
      (at + 1) * classes,
      (at + 2) * classes,
      (at + 3) * classes,
      values,
      from + at,
      scores,
    );
  for (; at < count; at++) addOne(weights, at * classes, values[from + at] as number, scores);
}

function addSparse(
  indices: Int32Array,
  values: Float32Array,
  from: number,
  to: number,
  weights: Float32Array,
  scores: Float32Array,
): void {
  const classes = scores.length;
  const start = (at: number) => (indices[at] as number) * classes;
  let at = from;
  for (; at + 3 < to; at += 4)
    addFour(weights, start(at), start(at + 1), start(at + 2), start(at + 3), values, at, scores);
  for (; at < to; at++) addOne(weights, start(at), values[at] as number, scores);
}

/** Four features at a time, so that a score is read and written once for all of them: half the time. */
function addFour(
  weights: Float32Array,
  first: number,
  second: number,
  third: number,
  fourth: number,
  values: Float32Array,
  at: number,
  scores: Float32Array,
): void {
  const [one, two] = [values[at] as number, values[at + 1] as number];
  const [three, four] = [values[at + 2] as number, values[at + 3] as number];
  for (let label = 0; label < scores.length; label++)
    scores[label] =
      (scores[label] as number) +
      one * (weights[first + label] as number) +
      two * (weights[second + label] as number) +
      three * (weights[third + label] as number) +
      four * (weights[fourth + label] as number);
}

function addOne(weights: Float32Array, start: number, value: number, scores: Float32Array): void {
  for (let label = 0; label < scores.length; label++)
    scores[label] = (scores[label] as number) + value * (weights[start + label] as number);
}
