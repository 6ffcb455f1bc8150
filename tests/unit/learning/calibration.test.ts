import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitSigmoid, fitSoftmax, selectThreshold, sigmoid, softmax } from '../../../src/learning/calibration.ts';
import { createRandom } from '../../../src/learning/random.ts';

/** Plain gradient descent with numerical derivatives: slow and obvious. */
function descend(loss: (point: number[]) => number, start: number[], steps: number, rate: number): number[] {
  const point = [...start];
  for (let step = 0; step < steps; step++) {
    const slopes = point.map((_, at) => {
      const moved = (by: number) => loss(point.map((value, index) => (index === at ? value + by : value)));
      return (moved(1e-5) - moved(-1e-5)) / 2e-5;
    });
    slopes.forEach((slope, at) => {
      point[at] = (point[at] ?? 0) - rate * slope;
    });
  }
  return point;
}

const logistic = (value: number) => 1 / (1 + Math.exp(-value));

function sampleScores(count: number, seed: number) {
  const random = createRandom(seed);
  const scores = Array.from({ length: count }, () => 4 * random() - 2);
  return { scores, positive: scores.map((score) => random() < logistic(3 * score - 1)) };
}

describe('Platt’s sigmoid', () => {
  test('is the one that slow descent on his smoothed targets finds', () => {
    const { scores, positive } = sampleScores(60, 1);
    const positives = positive.filter(Boolean).length;
    const target = (yes: boolean) => (yes ? (positives + 1) / (positives + 2) : 1 / (60 - positives + 2));
    const loss = ([scale = 0, bias = 0]: number[]) =>
      scores.reduce((sum, score, at) => {
        const wanted = target(positive[at] ?? false);
        const given = logistic(scale * score + bias);
        return sum - (wanted * Math.log(given) + (1 - wanted) * Math.log(1 - given)) / 60;
      }, 0);
    const slow = descend(loss, [1, 0], 4_000, 1);
    const { scale, bias } = fitSigmoid(scores, positive);
    expect(scale).toBeCloseTo(slow[0] ?? 0, 3);
    expect(bias).toBeCloseTo(slow[1] ?? 0, 3);
  });

  test('finds again what the scores were drawn from', () => {
    const { scores, positive } = sampleScores(20_000, 2);
    const { scale, bias } = fitSigmoid(scores, positive);
    expect(scale).toBeCloseTo(3, 0);
    expect(Math.abs(scale - 3)).toBeLessThan(0.15);
    expect(Math.abs(bias + 1)).toBeLessThan(0.1);
  });

  test('stays finite where the scores separate, and where there is one class only', () => {
    const scores = [-2, -1, 1, 2];
    const separated = fitSigmoid(scores, [false, false, true, true]);
    const all = fitSigmoid(scores, [true, true, true, true]);
    const none = fitSigmoid(scores, [false, false, false, false]);
    const given = (fitted: typeof all) => scores.map((score) => sigmoid(score, fitted));
    // Platt's targets: (positives + 1) / (positives + 2) and 1 / (negatives + 2).
    expect(given(separated).map((value) => value > 0.5)).toEqual([false, false, true, true]);
    for (const value of given(separated)) expect(Math.abs(value - 0.5)).toBeLessThan(0.45);
    for (const value of given(all)) expect(value).toBeCloseTo(5 / 6, 3);
    for (const value of given(none)) expect(value).toBeCloseTo(1 / 6, 3);
  });
});

describe('softmax', () => {
  test('gives a distribution that follows the order of the scores, however large they are', () => {
    const score = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(score, { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0, max: 50, noNaN: true }),
        (scores, scale) => {
          const given = softmax(scores, { scale, bias: new Float64Array(scores.length) });
          expect(given.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
          for (const [at, value] of given.entries()) {
            expect(value >= 0 && value <= 1).toBe(true);
            for (const [other, second] of given.entries()) {
              if ((scores[at] ?? 0) > (scores[other] ?? 0)) expect(value).toBeGreaterThanOrEqual(second);
            }
          }
        },
      ),
    );
  });

  test('its fit is the one that slow descent finds', () => {
    const random = createRandom(3);
    const labels = Array.from({ length: 45 }, (_, at) => at % 3);
    const scores = labels.map((label) =>
      Float64Array.from({ length: 3 }, (_, at) => (at === label ? 0.25 : 0) + random() - 0.5),
    );
    const loss = ([scale = 1, ...bias]: number[]) =>
      scores.reduce(
        (sum, row, index) => {
          const weights = Array.from(row, (score, at) => Math.exp(scale * score + (bias[at] ?? 0)));
          const total = weights.reduce((left, right) => left + right, 0);
          return sum - Math.log((weights[labels[index] ?? 0] ?? 0) / total) / scores.length;
        },
        bias.reduce((sum, value) => sum + 0.005 * value ** 2, 0),
      );
    const slow = descend(loss, [2, 0, 0, 0], 1_500, 2);
    const fitted = fitSoftmax(scores, labels, 3);
    expect(fitted.scale).toBeCloseTo(slow[0] ?? 0, 2);
    fitted.bias.forEach((bias, at) => {
      expect(bias).toBeCloseTo(slow[at + 1] ?? 0, 2);
    });
  });

  test('what it is sure of at 80 % is right in about 80 % of cases', () => {
    const random = createRandom(4);
    const labels: number[] = [];
    const scores = Array.from({ length: 6_000 }, () => {
      const row = Float64Array.from({ length: 3 }, () => 2 * random() - 1);
      const true_ = softmax(row, { scale: 4, bias: new Float64Array([0.5, 0, -0.5]) });
      const draw = random();
      labels.push(draw < (true_[0] ?? 0) ? 0 : draw < (true_[0] ?? 0) + (true_[1] ?? 0) ? 1 : 2);
      return row;
    });
    const fitted = fitSoftmax(scores, labels, 3);
    const bins = Array.from({ length: 10 }, () => ({ sum: 0, right: 0 }));
    scores.forEach((row, index) => {
      const given = softmax(row, fitted);
      const confidence = Math.max(...given);
      const bin = bins[Math.min(9, Math.floor(confidence * 10))];
      if (!bin) return;
      bin.sum += confidence;
      bin.right += given.indexOf(confidence) === labels[index] ? 1 : 0;
    });
    const error = bins.reduce((sum, { right, sum: total }) => sum + Math.abs(right - total), 0) / scores.length;
    expect(error).toBeLessThan(0.03);
  });
});

describe('the threshold for answering', () => {
  const errorFrom = (confidences: readonly number[], correct: readonly boolean[], threshold: number) => {
    const answered = correct.filter((_, row) => (confidences[row] ?? 0) >= threshold);
    return {
      answered: answered.length,
      error: answered.filter((right) => !right).length / Math.max(1, answered.length),
    };
  };
  /** Tries every confidence that occurs. */
  const slowThreshold = (confidences: readonly number[], correct: readonly boolean[], target: number) =>
    Math.min(1, ...confidences.filter((threshold) => errorFrom(confidences, correct, threshold).error <= target));

  test('is the smallest one that keeps the target, equal confidences included', () => {
    const row = fc.record({
      confidence: fc.constantFrom(0.2, 0.4, 0.5, 0.6, 0.61, 0.8, 0.9, 0.99),
      right: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 25 }), fc.constantFrom(0, 0.03, 0.1, 0.25, 0.5, 1), (rows, target) => {
        const confidences = rows.map(({ confidence }) => confidence);
        const correct = rows.map(({ right }) => right);
        const threshold = selectThreshold(confidences, correct, target);
        expect(threshold).toBe(slowThreshold(confidences, correct, target));
        expect(errorFrom(confidences, correct, threshold).error).toBeLessThanOrEqual(threshold === 1 ? 1 : target);
      }),
      { numRuns: 1_000 },
    );
  });

  test('is 1 when even the surest answers are wrong too often', () => {
    expect(selectThreshold([0.9, 0.8], [false, true], 0.03)).toBe(1);
    expect(selectThreshold([], [], 0.03)).toBe(1);
  });
});
