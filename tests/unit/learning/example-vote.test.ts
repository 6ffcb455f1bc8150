import { describe, expect, test } from 'vitest';
import { type VoteModel, voteByExamples, voteHeldOut } from '../../../src/learning/example-vote.ts';

/** Four examples: two of label 0 with term 0, two of label 1 with term 1. */
const model: VoteModel = {
  terms: {
    offsets: Int32Array.of(0, 1, 2, 3, 4),
    indices: Int32Array.of(0, 0, 1, 1),
    values: Float32Array.of(1, 1, 1, 1),
  },
  has: Int8Array.of(1, 0, 1, 0, 0, 1, 0, 1),
};
const term = (index: number) => ({ indices: Int32Array.of(index), values: Float32Array.of(1) });
const near = (similarities: readonly number[]) => similarities.map((similarity, row) => ({ row, similarity }));

describe('the vote of the nearest examples', () => {
  test('is even when examples are equally near by vector and by terms, and for no examples a firm no', () => {
    const even = voteByExamples(model, near([0.5, 0.5, 0.5, 0.5]), {
      indices: Int32Array.of(),
      values: Float32Array.of(),
    });
    expect([...even]).toEqual([0, 0]);
    const none = voteByExamples(model, [], term(0));
    expect(none[0]).toBeLessThan(-3);
  });

  test('follows the vector, and shared terms where vectors leave it open', () => {
    const [first = 0, second = 0] = voteByExamples(model, near([0.9, 0.9, 0.1, 0.1]), {
      indices: Int32Array.of(),
      values: Float32Array.of(),
    });
    expect(first).toBeGreaterThan(1);
    expect(second).toBeCloseTo(-first, 6);
    const byTerm = voteByExamples(model, near([0.5, 0.5, 0.5, 0.5]), term(1));
    expect(byTerm[1]).toBeGreaterThan(1);
    expect(byTerm[0]).toBeLessThan(-1);
  });

  test('stays finite where all say the same', () => {
    const sure = voteByExamples(model, near([0.9, 0.9]), term(0));
    expect(sure[0]).toBeCloseTo(Math.log(1.03 / 0.03), 6);
    expect(sure[1]).toBeCloseTo(Math.log(0.03 / 1.03), 6);
  });

  test('held out, a row hears only the rows of other folds', () => {
    const east = Float32Array.of(1, 0);
    const north = Float32Array.of(0, 1);
    const rows = [
      { dense: east, sparse: term(0) },
      { dense: east, sparse: term(0) },
      { dense: north, sparse: term(1) },
      { dense: north, sparse: term(1) },
    ];
    const twins = voteHeldOut(model, rows, Uint8Array.of(0, 1, 0, 1), [0, 3], 4);
    expect(twins.map((vote) => (vote[0] ?? 0) > (vote[1] ?? 0))).toEqual([true, false]);
    // With its twin in its own fold each row hears the other label alone.
    const strangers = voteHeldOut(model, rows, Uint8Array.of(0, 0, 1, 1), [0, 3], 4);
    expect(strangers.map((vote) => (vote[0] ?? 0) > (vote[1] ?? 0))).toEqual([false, true]);
  });
});
