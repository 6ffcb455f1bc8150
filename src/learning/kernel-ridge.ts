import { dotAt } from './dot.ts';
import { invert } from './invert.ts';
import { dotRow, type QuantizedRows } from './quantized.ts';

/** Similarity 1 counts 1, and 0 counts 0.37; a kernel of unit vectors, so a Gaussian in their distance. */
const SHARPNESS = 1.5;
/** Chosen by leave-one-out on draws of 5 and 10 examples per label (docs/adr/0004). */
const PENALTY = 0.03;

/** What each example says for each class, rows × classes. */
export interface KernelFit {
  readonly coefficients: Float32Array;
  /** Per row, the scores that a fit without that row would give it. */
  readonly heldOut: readonly Float64Array[];
}

/**
 * Kernel ridge regression onto the classes, with leave-one-out scores in closed form (Rifkin and Lippert, "Notes on
 * Regularized Least Squares", 2007). The cost grows with the cube of the rows: for the few examples of a new label set.
 *
 * `vectors` are rows of unit length, one after the other.
 */
export function fitKernelRidge(
  vectors: Float32Array,
  dimensions: number,
  labels: Int32Array,
  classes: number,
): KernelFit {
  const rows = labels.length;
  const inverse = invert(gram(vectors, dimensions, rows), rows);
  const coefficients = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    for (let other = 0; other < rows; other++) {
      const place = row * classes + (labels[other] as number);
      coefficients[place] = (coefficients[place] as number) + (inverse[row * rows + other] as number);
    }
  }
  // The targets are one-hot less their mean, so what every class shares is taken off.
  for (let row = 0; row < rows; row++) {
    const line = coefficients.subarray(row * classes, (row + 1) * classes);
    const share = line.reduce((sum, value) => sum + value, 0) / classes;
    for (let label = 0; label < classes; label++) line[label] = (line[label] as number) - share;
  }
  const heldOut = Array.from({ length: rows }, (_, row) =>
    Float64Array.from({ length: classes }, (_, label) => {
      const target = (labels[row] === label ? 1 : 0) - 1 / classes;
      return target - (coefficients[row * classes + label] as number) / (inverse[row * rows + row] as number);
    }),
  );
  return { coefficients, heldOut };
}

/** The scores of one unit vector under examples and their coefficients. */
export function scoreByKernel(
  vector: Float32Array,
  examples: QuantizedRows,
  coefficients: Float32Array,
  classes: number,
): Float64Array {
  const scores = new Float64Array(classes);
  const rows = coefficients.length / classes;
  for (let row = 0; row < rows; row++) {
    const value = kernel(dotRow(examples, row, vector));
    for (let label = 0; label < classes; label++)
      scores[label] = (scores[label] as number) + value * (coefficients[row * classes + label] as number);
  }
  return scores;
}

function kernel(similarity: number): number {
  const none = Math.exp(-SHARPNESS);
  return (Math.exp(SHARPNESS * (similarity - 1)) - none) / (1 - none);
}

function gram(vectors: Float32Array, dimensions: number, rows: number): Float64Array {
  const matrix = new Float64Array(rows * rows);
  for (let row = 0; row < rows; row++) {
    const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions);
    for (let other = 0; other <= row; other++) {
      const value = kernel(dotAt(vectors, other * dimensions, vector)) + (row === other ? PENALTY : 0);
      matrix[row * rows + other] = value;
      matrix[other * rows + row] = value;
    }
  }
  return matrix;
}
