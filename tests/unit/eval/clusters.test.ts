import { expect, test } from 'vitest';
import { kMeans } from '../../../src/clusters/k-means.ts';
import { compareGroups } from '../../../src/eval/agreement.ts';
import { createRandom } from '../../../src/learning/random.ts';

test('agreement of divisions', () => {
  const labels = ['a', 'a', 'a', 'b', 'b', 'b'];
  expect(compareGroups([5, 5, 5, 9, 9, 9], labels)).toEqual({ vMeasure: 1, ari: 1, nmi: 1, purity: 1 });
  expect(compareGroups([1, 1, 1, 1, 1, 1], labels)).toMatchObject({ vMeasure: 0, ari: 0, purity: 0.5 });
  // scikit-learn: v_measure_score 0.4785, adjusted_rand_score 0.2424.
  const mixed = compareGroups([0, 0, 1, 1, 2, 2], labels);
  expect(mixed.vMeasure).toBeCloseTo(0.5158, 3);
  expect(mixed.ari).toBeCloseTo(0.2424, 4);
  expect(mixed.nmi).toBeCloseTo(mixed.vMeasure, 10);
  expect(mixed.purity).toBeCloseTo(5 / 6);
  expect(compareGroups([], [])).toMatchObject({ vMeasure: 1, ari: 1 });
});

test('k-means finds clouds that lie apart, and bears fewer rows than centres', () => {
  const random = createRandom(1);
  const rows = Array.from({ length: 90 }, (_, row) => {
    const vector = Float32Array.from({ length: 6 }, (_, at) => (at === row % 3 ? 1 : 0) + 0.2 * (random() - 0.5));
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  });
  const groups = kMeans(rows, 3, 1);
  expect(
    compareGroups(
      groups,
      rows.map((_, row) => row % 3),
    ).ari,
  ).toBe(1);
  expect(kMeans(rows, 3, 1)).toEqual(groups);
  expect(new Set(kMeans(rows.slice(0, 2), 5, 1)).size).toBe(2);
  expect(kMeans([], 3, 1)).toHaveLength(0);
});
