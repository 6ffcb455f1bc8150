import { expect, test } from 'vitest';
import { fitKernelRidge, scoreByKernel } from '../../../src/learning/kernel-ridge.ts';
import { allRows, quantize } from '../../../src/learning/quantized.ts';
import { createRandom } from '../../../src/learning/random.ts';

const DIMENSIONS = 6;
const CLASSES = 3;

function makeVectors(rows: number): { vectors: Float32Array; labels: Int32Array } {
  const random = createRandom(4);
  const vectors = new Float32Array(rows * DIMENSIONS);
  for (let row = 0; row < rows; row++) {
    const vector = Float32Array.from(
      { length: DIMENSIONS },
      (_, at) => random() - 0.5 + (at === row % CLASSES ? 1 : 0),
    );
    const length = Math.hypot(...vector);
    vectors.set(
      vector.map((value) => value / length),
      row * DIMENSIONS,
    );
  }
  // What a classifier keeps is what it was fitted to.
  return {
    vectors: allRows(quantize(vectors, DIMENSIONS)),
    labels: Int32Array.from({ length: rows }, (_, row) => row % CLASSES),
  };
}

test('held-out scores are those of a fit without the row', () => {
  const { vectors, labels } = makeVectors(21);
  const { heldOut } = fitKernelRidge(vectors, DIMENSIONS, labels, CLASSES);
  for (const row of [0, 7, 20]) {
    const others = labels.map((_, at) => at).filter((at) => at !== row);
    const rest = Float32Array.from(
      [...others].flatMap((at) => [...vectors.subarray(at * DIMENSIONS, (at + 1) * DIMENSIONS)]),
    );
    const { coefficients } = fitKernelRidge(
      rest,
      DIMENSIONS,
      others.map((at) => labels[at] ?? 0),
      CLASSES,
    );
    const vector = vectors.slice(row * DIMENSIONS, (row + 1) * DIMENSIONS);
    const scores = scoreByKernel(vector, quantize(rest, DIMENSIONS), coefficients, CLASSES);
    scores.forEach((score, label) => {
      expect(heldOut[row]?.[label]).toBeCloseTo(score, 4);
    });
  }
});

test('examples are recognised, and what lies opposite to all of them scores near nothing', () => {
  const { vectors, labels } = makeVectors(21);
  const { coefficients } = fitKernelRidge(vectors, DIMENSIONS, labels, CLASSES);
  const scores = scoreByKernel(vectors.slice(0, DIMENSIONS), quantize(vectors, DIMENSIONS), coefficients, CLASSES);
  expect(scores.indexOf(Math.max(...scores))).toBe(labels[0]);
  const away = scoreByKernel(
    new Float32Array([0, 0, 0, -1, 0, 0]),
    quantize(vectors, DIMENSIONS),
    coefficients,
    CLASSES,
  );
  expect(Math.max(...away)).toBeLessThan(Math.max(...scores) / 2);
});
