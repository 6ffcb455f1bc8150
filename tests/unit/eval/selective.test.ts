import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { auroc, coverageAtError, expectedCalibrationError } from '../../../src/eval/selective.ts';

describe('expected calibration error', () => {
  test('by hand: two bins, gaps of 0.2 and 0.1 over two rows each', () => {
    const answers = { confidences: [0.2, 0.4, 0.9, 0.9], correct: [true, false, true, true] };
    // Lower bin: mean confidence 0.3, half right; upper bin: 0.9, all right.
    expect(expectedCalibrationError(answers, 2)).toBeCloseTo((2 * 0.2 + 2 * 0.1) / 4, 12);
  });

  test('a confidence on an edge belongs to the bin below it, and 0 and 1 have a bin', () => {
    const answers = { confidences: [0.5, 0.5, 0, 1], correct: [true, false, false, true] };
    expect(expectedCalibrationError(answers, 2)).toBe(0);
  });

  test('nothing to judge is no error', () => {
    expect(expectedCalibrationError({ confidences: [], correct: [] })).toBe(0);
  });
});

describe('coverage at an error', () => {
  const answers = { confidences: [0.9, 0.8, 0.7, 0.6], correct: [true, false, true, true] };
  test.each([
    [0.01, 0.25],
    [0.25, 1],
    [0.5, 1],
  ])('at most %s wrong: %s', (error, covered) => {
    expect(coverageAtError(answers, error)).toBe(covered);
  });

  test('rows of equal confidence are answered together or not at all', () => {
    expect(coverageAtError({ confidences: [0.9, 0.9], correct: [true, false] }, 0.1)).toBe(0);
  });
});

describe('AUROC', () => {
  test('by hand: three of four pairs in order', () => {
    expect(auroc([0.9, 0.4], [0.5, 0.1])).toBe(0.75);
  });

  test('is the share of pairs in order, ties counting half', () => {
    const scores = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(scores, scores, (positives, negatives) => {
        const pairs = positives.flatMap((yes) => negatives.map((no) => (yes > no ? 1 : yes === no ? 0.5 : 0)));
        const share = pairs.reduce<number>((sum, pair) => sum + pair, 0) / pairs.length;
        expect(auroc(positives, negatives)).toBeCloseTo(share, 10);
      }),
    );
  });
});
