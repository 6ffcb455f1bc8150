import { invert } from './invert.ts';

/** Linear scores of dense vectors: classes × dimensions, and one constant per class. */
export interface Discriminant {
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** Part of the covariance that is replaced by a sphere; chosen on draws of 5 and 10 per label (docs/adr/0004). */
const SHRINKAGE = 0.7;

/**
 * Linear discriminant analysis with a shrunken covariance and equal priors (Friedman, "Regularized Discriminant
 * Analysis", 1989): what varies within every label alike tells nothing about which one it is.
 *
 * `vectors` are rows, one after the other; only `rows` of them are learned from.
 */
export function fitDiscriminant(
  vectors: Float32Array,
  dimensions: number,
  rows: Int32Array,
  labels: Int32Array,
  classes: number,
): Discriminant {
  const means = classMeans(vectors, dimensions, rows, labels, classes);
  const precision = invert(shrunkenCovariance(vectors, dimensions, rows, labels, means), dimensions);
  const weights = new Float32Array(classes * dimensions);
  const bias = new Float32Array(classes);
  for (let label = 0; label < classes; label++) {
    let constant = 0;
    for (let at = 0; at < dimensions; at++) {
      let sum = 0;
      for (let other = 0; other < dimensions; other++)
        sum += (precision[at * dimensions + other] as number) * (means[label * dimensions + other] as number);
      weights[label * dimensions + at] = sum;
      constant -= (sum * (means[label * dimensions + at] as number)) / 2;
    }
    bias[label] = constant;
  }
  return { weights, bias };
}

/** The scores of one vector, which begins at `offset`. */
export function scoreByDiscriminant(
  vector: Float32Array,
  offset: number,
  { weights, bias }: Discriminant,
): Float64Array {
  const dimensions = weights.length / bias.length;
  return Float64Array.from(bias, (constant, label) => {
    let sum = constant;
    for (let at = 0; at < dimensions; at++)
      sum += (weights[label * dimensions + at] as number) * (vector[offset + at] as number);
    return sum;
  });
}

function classMeans(
  vectors: Float32Array,
  dimensions: number,
  rows: Int32Array,
  labels: Int32Array,
  classes: number,
): Float64Array {
  const means = new Float64Array(classes * dimensions);
  const counts = new Float64Array(classes);
  for (const row of rows) {
    const label = labels[row] as number;
    counts[label] = (counts[label] as number) + 1;
    for (let at = 0; at < dimensions; at++)
      means[label * dimensions + at] =
        (means[label * dimensions + at] as number) + (vectors[row * dimensions + at] as number);
  }
  return means.map((sum, at) => sum / Math.max(1, counts[Math.floor(at / dimensions)] as number));
}

function shrunkenCovariance(
  vectors: Float32Array,
  dimensions: number,
  rows: Int32Array,
  labels: Int32Array,
  means: Float64Array,
): Float64Array {
  const covariance = new Float64Array(dimensions * dimensions);
  const rest = new Float64Array(dimensions);
  for (const row of rows) {
    const mean = (labels[row] as number) * dimensions;
    for (let at = 0; at < dimensions; at++)
      rest[at] = (vectors[row * dimensions + at] as number) - (means[mean + at] as number);
    for (let at = 0; at < dimensions; at++) {
      const scale = (rest[at] as number) / rows.length;
      for (let other = 0; other < dimensions; other++)
        covariance[at * dimensions + other] =
          (covariance[at * dimensions + other] as number) + scale * (rest[other] as number);
    }
  }
  let trace = 0;
  for (let at = 0; at < dimensions; at++) trace += covariance[at * dimensions + at] as number;
  // Where every example is its label's mean there is no covariance, and any sphere will do.
  const sphere = trace > 0 ? (SHRINKAGE * trace) / dimensions : 1;
  return covariance.map((value, at) => (1 - SHRINKAGE) * value + (at % (dimensions + 1) === 0 ? sphere : 0));
}
