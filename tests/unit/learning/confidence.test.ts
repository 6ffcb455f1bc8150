import { describe, expect, test } from 'vitest';
import { calibrate, fitConfidence } from '../../../src/learning/confidence.ts';
import { createRandom } from '../../../src/learning/random.ts';
import { combine, fitStack } from '../../../src/learning/stack.ts';

/** Answers whose chance of being right is `truth` of their confidence. */
function makeAnswers(rows: number, truth: (confidence: number) => number) {
  const random = createRandom(9);
  const confidences = Array.from({ length: rows }, () => 0.3 + 0.7 * random());
  return { confidences, correct: confidences.map((confidence) => random() < truth(confidence)) };
}

describe('confidence', () => {
  test('that is far too high is brought down, in the order it had', () => {
    const { confidences, correct } = makeAnswers(4_000, (confidence) => confidence ** 4);
    const calibration = fitConfidence(confidences, correct);
    expect(calibration.kind).toBe('isotonic');
    const grid = [0.35, 0.5, 0.65, 0.8, 0.95];
    const given = grid.map((confidence) => calibrate(confidence, calibration));
    expect(given).toEqual([...given].sort((left, right) => left - right));
    grid.forEach((confidence, at) => {
      expect(Math.abs((given[at] ?? 0) - confidence ** 4)).toBeLessThan(0.1);
    });
  });

  test('of few held-out rows is left as it is', () => {
    const { confidences, correct } = makeAnswers(200, (confidence) => confidence ** 4);
    const calibration = fitConfidence(confidences, correct);
    expect(confidences.map((confidence) => calibrate(confidence, calibration))).toEqual(confidences);
  });
});

describe('a stack', () => {
  const random = createRandom(3);
  const labels = Array.from({ length: 400 }, () => Math.floor(random() * 3));
  const noise = () => Float64Array.from({ length: 3 }, () => random());
  const telling = labels.map((label) => noise().map((value, at) => value + (at === label ? 0.5 : 0)));

  test('listens to the member that knows, whatever the scale of its scores', () => {
    const rows = telling.map((scores) => [scores.map((score) => score / 1_000), noise()]);
    const [knows = 0, guesses = 0] = fitStack(rows, labels);
    expect(knows / 1_000).toBeGreaterThan(10 * guesses);
  });

  test('gives the probabilities that best explain held-out labels', () => {
    const rows = telling.map((scores) => [scores]);
    const weights = fitStack(rows, labels);
    const loss = (factor: number) =>
      rows.reduce((sum, row, at) => {
        const probabilities = combine(
          row,
          weights.map((weight) => weight * factor),
        );
        expect(probabilities.reduce((total, value) => total + value, 0)).toBeCloseTo(1, 10);
        return sum - Math.log(probabilities[labels[at] ?? 0] ?? 0);
      }, 0);
    expect(loss(1)).toBeLessThan(loss(0.7));
    expect(loss(1)).toBeLessThan(loss(1.4));
  });
});
