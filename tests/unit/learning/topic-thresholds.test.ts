import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sigmoid } from '../../../src/learning/calibration.ts';
import { type HeldOutLabel, selectThresholds } from '../../../src/learning/topic-thresholds.ts';

const calibration = { scale: 1, bias: 0 };
/** The score whose probability this is. */
const logit = (probability: number) => {
  const sign = Math.sign(sigmoid(1, calibration) - 0.5);
  return sign * Math.log(probability / (1 - probability));
};
/** One label per column of `rows`: its probability and whether the row has it. */
function labelsOf(rows: readonly (readonly [number, boolean])[][]): HeldOutLabel[] {
  return (rows[0] ?? []).map((_, at) => ({
    heldOut: Float64Array.from(rows, (row) => logit(row[at]?.[0] ?? 0.5)),
    positive: Uint8Array.from(rows, (row) => (row[at]?.[1] ? 1 : 0)),
    calibration,
  }));
}
function f1(rows: readonly (readonly [number, boolean])[][], first: number, further: number): number {
  const told = rows.flatMap((row) =>
    [...row]
      .sort((left, right) => right[0] - left[0])
      .map(([probability, isRight], at) => ({ isGiven: probability >= (at === 0 ? first : further), isRight })),
  );
  const hits = told.filter(({ isGiven, isRight }) => isGiven && isRight).length;
  const both = told.filter(({ isGiven }) => isGiven).length + told.filter(({ isRight }) => isRight).length;
  return (2 * hits) / Math.max(1, both);
}

describe('from which probability on topics are given', () => {
  it('is lower for the first where it is right though unsure, and higher for others that are wrong', () => {
    const rows = Array.from({ length: 20 }, () => [[0.3, true] as const, [0.25, false] as const]);
    const { first, further } = selectThresholds(labelsOf(rows));
    expect(first).toBeLessThanOrEqual(0.3);
    expect(further).toBeGreaterThan(0.25);
  });

  it('is about as good as the best single threshold, whatever the rows', () => {
    const cell = fc.tuple(
      fc.integer({ min: 2, max: 49 }).map((step) => step / 50 + 0.005),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 5, maxLength: 40 }), (rows) => {
        const { first, further } = selectThresholds(labelsOf(rows));
        const single = Math.max(...[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8].map((step) => f1(rows, step, step)));
        expect(f1(rows, first - 1e-9, further - 1e-9)).toBeGreaterThanOrEqual(single - 1e-9);
      }),
      { numRuns: 100 },
    );
  });
});
