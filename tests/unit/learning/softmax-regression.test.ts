import { expect, test } from 'vitest';
import { buildMatrix } from '../../../src/learning/matrix.ts';
import { createRandom } from '../../../src/learning/random.ts';
import { trainSoftmaxRegression } from '../../../src/learning/softmax-regression.ts';
import { scoreMatrixRow } from '../../../src/learning/softmax-scores.ts';

const DIMENSIONS = 24;
const OPTIONS = { epochs: 14, rate: 2, penalty: 1e-6, seed: 5 };

/** Rows around a centre per class, and one term per class that half of its rows carry. */
function makeRows(classes: number, perClass: number) {
  const random = createRandom(11);
  const noise = () => random() + random() + random() - 1.5;
  const centres = Array.from({ length: classes }, () => Array.from({ length: DIMENSIONS }, noise));
  const labels = Int32Array.from({ length: classes * perClass }, (_, at) => at % classes);
  const rows = Array.from(labels, (label, at) => ({
    dense: Float32Array.from(centres[label] ?? [], (value) => value + 0.5 * noise()),
    sparse: { indices: Int32Array.of(label), values: Float32Array.of(at % 2) },
  }));
  return { labels, matrix: buildMatrix(rows, DIMENSIONS, classes, { dense: 1, sparse: 1 }) };
}

/** Trained on the first three quarters; the share of the rest whose class has the greatest score. */
function heldOutAccuracy(classes: number, perClass: number): number {
  const { labels, matrix } = makeRows(classes, perClass);
  const shown = Math.floor(labels.length * 0.75);
  const rows = Int32Array.from({ length: shown }, (_, at) => at);
  const weights = trainSoftmaxRegression(matrix, rows, labels, classes, OPTIONS);
  let right = 0;
  for (let row = shown; row < labels.length; row++) {
    const scores = scoreMatrixRow(matrix, row, weights);
    if (scores.indexOf(Math.max(...scores)) === labels[row]) right++;
  }
  return right / (labels.length - shown);
}

test('few classes are learned', () => {
  expect(heldOutAccuracy(8, 20)).toBeGreaterThan(0.95);
});

test('many classes, of which most passes meet the likely ones only, are learned as well', () => {
  expect(heldOutAccuracy(400, 12)).toBeGreaterThan(0.95);
});

test('the same seed gives the same weights', () => {
  const { labels, matrix } = makeRows(250, 4);
  const rows = Int32Array.from(labels.keys());
  const [one, other] = [1, 2].map(() => trainSoftmaxRegression(matrix, rows, labels, 250, OPTIONS));
  expect(other).toEqual(one);
});
