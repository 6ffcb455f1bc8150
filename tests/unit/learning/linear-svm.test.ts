import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { trainLinearSvm } from '../../../src/learning/linear-svm.ts';
import { buildMatrix, type FeatureMatrix, type LinearFunction, scoreRow } from '../../../src/learning/matrix.ts';
import { createRandom } from '../../../src/learning/random.ts';

interface Point {
  readonly dense: readonly number[];
  /** Values of the sparse features 0, 1, …; zeros are left out of the matrix. */
  readonly sparse: readonly number[];
}

function matrixOf(points: readonly Point[], weights = { dense: 1, sparse: 1 }): FeatureMatrix {
  const rows = points.map(({ dense, sparse }) => {
    const present = [...sparse.keys()].filter((index) => sparse[index] !== 0);
    return {
      dense: Float32Array.from(dense),
      sparse: { indices: Int32Array.from(present), values: Float32Array.from(present, (index) => sparse[index] ?? 0) },
    };
  });
  return buildMatrix(rows, points[0]?.dense.length ?? 0, points[0]?.sparse.length ?? 0, weights);
}

const flat = ({ dense, sparse, bias }: LinearFunction) => [...dense, ...sparse, bias];
const allRows = (count: number) => Int32Array.from({ length: count }, (_, row) => row);
/** Weights are 32-bit floats: a smaller violation is rounding, and going on adds more of it. */
const EXACT = { seed: 1, maxEpochs: 20_000, tolerance: 1e-5 };

/** ½‖w‖² + Σ cᵢ · max(0, 1 − yᵢ f(xᵢ))², the bias being a weight like the others. */
function objective(
  points: readonly Point[],
  positive: readonly boolean[],
  costs: readonly number[],
  w: readonly number[],
) {
  const features = points.map(({ dense, sparse }) => [...dense, ...sparse, 1]);
  let value = w.reduce((sum, weight) => sum + weight * weight, 0) / 2;
  const slope = [...w];
  features.forEach((x, row) => {
    const sign = positive[row] ? 1 : -1;
    const missing = 1 - sign * x.reduce((sum, feature, at) => sum + feature * (w[at] ?? 0), 0);
    if (missing <= 0) return;
    value += (costs[row] ?? 0) * missing ** 2;
    x.forEach((feature, at) => {
      slope[at] = (slope[at] ?? 0) - 2 * (costs[row] ?? 0) * missing * sign * feature;
    });
  });
  return { value, slope };
}

/** Plain gradient descent on the primal: slow and obvious. */
function slowOptimum(points: readonly Point[], positive: readonly boolean[], costs: readonly number[]): number[] {
  let w = new Array<number>((points[0]?.dense.length ?? 0) + (points[0]?.sparse.length ?? 0) + 1).fill(0);
  for (let step = 0; step < 30_000; step++) {
    const { slope } = objective(points, positive, costs, w);
    w = w.map((weight, at) => weight - 0.004 * (slope[at] ?? 0));
  }
  return w;
}

const POINTS: Point[] = [
  { dense: [1, 0.5], sparse: [1, 0] },
  { dense: [0.8, -0.2], sparse: [0, 1] },
  { dense: [-0.4, 0.9], sparse: [1, 1] },
  { dense: [-1, -0.6], sparse: [0, 0.5] },
  { dense: [-0.7, 0.1], sparse: [0, 0] },
  { dense: [0.3, -1], sparse: [0.2, 0] },
];
const POSITIVE = [true, true, false, false, false, true];

describe('the linear support vector machine', () => {
  test.each([
    [0.1, 1],
    [1, 1],
    [5, 1],
    [1, 3],
  ])('finds the optimum that slow descent finds, at cost %d and weight %d', (cost, positiveWeight) => {
    const costs = POSITIVE.map((yes) => cost * (yes ? positiveWeight : 1));
    const slow = slowOptimum(POINTS, POSITIVE, costs);
    const positive = Uint8Array.from(POSITIVE, Number);
    const found = trainLinearSvm(matrixOf(POINTS), allRows(POINTS.length), positive, {
      ...EXACT,
      cost,
      weights: Float64Array.from(POSITIVE, (yes) => (yes ? positiveWeight : 1)),
    });
    flat(found).forEach((weight, at) => {
      expect(weight).toBeCloseTo(slow[at] ?? 0, 3);
    });
  });

  test('is near the optimum for any little problem, also with a coarse tolerance', () => {
    const value = fc.integer({ min: -10, max: 10 }).map((number) => number / 10);
    const point = fc.record({ dense: fc.tuple(value, value), sparse: fc.tuple(value, value), yes: fc.boolean() });
    fc.assert(
      fc.property(fc.array(point, { minLength: 2, maxLength: 12 }), (points) => {
        const yes = points.map((one) => one.yes);
        const costs = points.map(() => 1);
        const train = (options: { maxEpochs?: number; tolerance?: number }) =>
          objective(
            points,
            yes,
            costs,
            flat(
              trainLinearSvm(matrixOf(points), allRows(points.length), Uint8Array.from(yes, Number), {
                cost: 1,
                seed: 1,
                ...options,
              }),
            ),
          );
        const exact = train(EXACT);
        for (const slope of exact.slope) expect(Math.abs(slope)).toBeLessThan(1e-3);
        expect(train({ tolerance: 0.01, maxEpochs: 2_000 }).value).toBeLessThan(exact.value * 1.05 + 0.05);
      }),
      { numRuns: 150 },
    );
  });

  test('separates what can be separated, dense and sparse', () => {
    const random = createRandom(5);
    const points = Array.from({ length: 200 }, (_, at) => ({
      dense: [random() + (at % 2 ? 0.3 : -1.3), random()],
      sparse: [random() > 0.5 ? 1 : 0, at % 2 ? 0.5 : 0],
    }));
    const matrix = matrixOf(points);
    const positive = Uint8Array.from(points, (_, at) => at % 2);
    const scorer = trainLinearSvm(matrix, allRows(200), positive, { cost: 10, seed: 1 });
    points.forEach((_, row) => {
      expect(scoreRow(matrix, row, scorer) > 0).toBe(row % 2 === 1);
    });
  });

  test('learns from the rows it is given and from no other', () => {
    const matrix = matrixOf(POINTS);
    const some = trainLinearSvm(matrix, Int32Array.from([4, 0, 2]), Uint8Array.from([0, 1, 0]), { ...EXACT, cost: 1 });
    const few = [POINTS[4], POINTS[0], POINTS[2]].filter((point) => point !== undefined);
    const alone = trainLinearSvm(matrixOf(few), allRows(3), Uint8Array.from([0, 1, 0]), { ...EXACT, cost: 1 });
    expect(flat(some)).toEqual(flat(alone));
  });

  test('is the same for a seed, and without examples says nothing', () => {
    const train = (seed: number) =>
      flat(trainLinearSvm(matrixOf(POINTS), allRows(6), Uint8Array.from(POSITIVE, Number), { cost: 1, seed }));
    expect(train(3)).toEqual(train(3));
    const none = trainLinearSvm(matrixOf(POINTS), new Int32Array(), new Uint8Array(), { cost: 1, seed: 1 });
    expect(flat(none)).toEqual([0, 0, 0, 0, 0]);
  });
});

test('block weights scale the features, and a row is scored as it is written', () => {
  const matrix = matrixOf(POINTS, { dense: 2, sparse: 0.5 });
  const scorer = { dense: Float32Array.from([1, 10]), sparse: Float32Array.from([100, 1000]), bias: 7 };
  POINTS.forEach(({ dense: [x = 0, y = 0], sparse: [s = 0, t = 0] }, row) => {
    expect(scoreRow(matrix, row, scorer)).toBeCloseTo(7 + 2 * (x + 10 * y) + 0.5 * (100 * s + 1000 * t), 3);
  });
});
