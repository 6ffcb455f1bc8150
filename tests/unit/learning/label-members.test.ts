import { describe, expect, test } from 'vitest';
import { fitDiscriminant, scoreByDiscriminant } from '../../../src/learning/discriminant.ts';
import { invert } from '../../../src/learning/invert.ts';
import { minimize } from '../../../src/learning/lbfgs.ts';
import { buildMatrix } from '../../../src/learning/matrix.ts';
import { countVotes, rankByTerms } from '../../../src/learning/neighbour-vote.ts';
import { createRandom } from '../../../src/learning/random.ts';
import { trainSoftmaxRegression } from '../../../src/learning/softmax-regression.ts';
import { scoreMatrixRow, scoreText } from '../../../src/learning/softmax-scores.ts';

const best = (scores: ArrayLike<number>) => Array.from(scores).indexOf(Math.max(...Array.from(scores)));

describe('multinomial regression', () => {
  const random = createRandom(2);
  const labels = Int32Array.from({ length: 90 }, (_, row) => row % 3);
  const rows = Array.from(labels, (label) => ({
    dense: Float32Array.from({ length: 3 }, (_, at) => random() + (at === label ? 0.3 : 0)),
    sparse: { indices: Int32Array.of(label), values: Float32Array.of(0.2 * random()) },
  }));
  const matrix = buildMatrix(rows, 3, 4, { dense: 1, sparse: 1 });
  const penalty = 0.01;
  const weights = trainSoftmaxRegression(matrix, Int32Array.from(labels.keys()), labels, 3, {
    epochs: 400,
    rate: 0.5,
    penalty,
    seed: 1,
  });
  const loss = (logits: (row: number) => ArrayLike<number>, squares: number) =>
    rows.reduce(
      (sum, _, row) => {
        const scores = Array.from(logits(row));
        const total = scores.reduce((all, score) => all + Math.exp(score), 0);
        return sum + (Math.log(total) - (scores[labels[row] ?? 0] ?? 0)) / rows.length;
      },
      (penalty / 2) * squares,
    );

  test('comes to where L-BFGS with numerical slopes comes', () => {
    const logits = (point: ArrayLike<number>, row: number) =>
      [0, 1, 2].map((label) => {
        const { dense, sparse } = rows[row] ?? { dense: [], sparse: { indices: [], values: [] } };
        let sum = point[15 + label] ?? 0;
        for (let at = 0; at < 3; at++) sum += (dense[at] ?? 0) * (point[at * 3 + label] ?? 0);
        const own = sparse.indices[0] ?? 0;
        return sum + (own < 2 ? (sparse.values[0] ?? 0) * (point[9 + own * 3 + label] ?? 0) : 0);
      });
    const value = (point: Float64Array) =>
      loss(
        (row) => logits(point, row),
        point.subarray(0, 15).reduce((sum, one) => sum + one ** 2, 0),
      );
    const fitted = minimize((point, gradient) => {
      for (let at = 0; at < point.length; at++) {
        const [up, down] = [Float64Array.from(point), Float64Array.from(point)];
        up[at] = (point[at] ?? 0) + 1e-5;
        down[at] = (point[at] ?? 0) - 1e-5;
        gradient[at] = (value(up) - value(down)) / 2e-5;
      }
      return value(point);
    }, new Float64Array(18));
    const squares = [...weights.dense, ...weights.sparse].reduce((sum, one) => sum + one ** 2, 0);
    // The reference leaves one term out, so it may only be a little worse.
    expect(loss((row) => scoreMatrixRow(matrix, row, weights), squares)).toBeLessThan(value(fitted) + 0.01);
  });

  test('scores a text as it scores the same row of the matrix', () => {
    const row = rows[4] ?? {
      dense: new Float32Array(3),
      sparse: { indices: new Int32Array(), values: new Float32Array() },
    };
    expect(scoreText(row.dense, row.sparse, 1, weights)).toEqual(scoreMatrixRow(matrix, 4, weights));
  });
});

test('an inverse times its matrix is one', () => {
  const inverse = invert(Float64Array.of(4, 1, 1, 3), 2);
  [3 / 11, -1 / 11, -1 / 11, 4 / 11].forEach((value, at) => {
    expect(inverse[at]).toBeCloseTo(value, 12);
  });
});

test('a discriminant looks away from what varies within every label', () => {
  // The first number is loud noise, the second tells the label.
  const random = createRandom(6);
  const labels = Int32Array.from({ length: 200 }, (_, row) => row % 2);
  const vectors = Float32Array.from({ length: 400 }, (_, at) =>
    at % 2 === 0 ? 4 * (random() - 0.5) : (Math.floor(at / 2) % 2) * 0.6 + 0.2 * random(),
  );
  const fitted = fitDiscriminant(vectors, 2, Int32Array.from(labels.keys()), labels, 2);
  const right = [...labels.keys()].filter((row) => best(scoreByDiscriminant(vectors, row * 2, fitted)) === labels[row]);
  expect(right.length).toBeGreaterThan(190);
});

describe('the vote of neighbours', () => {
  const near = [
    { row: 0, similarity: 0.9 },
    { row: 1, similarity: 0.8 },
    { row: 2, similarity: 0.8 },
  ];

  test('counts the near more, and labels nobody names hardly', () => {
    const scores = countVotes(near, [2, 1, 1], 4);
    expect(scores[1]).toBeCloseTo(Math.log(2 * Math.exp(-0.5) + 1e-3), 10);
    expect(scores[2]).toBeCloseTo(Math.log(1 + 1e-3), 10);
    expect(scores[0]).toBeCloseTo(Math.log(1e-3), 10);
    expect(best(scores)).toBe(1);
  });

  test('is led by those that share terms with the text', () => {
    const terms = {
      offsets: Int32Array.of(0, 1, 3, 3),
      indices: Int32Array.of(5, 2, 7),
      values: Float32Array.of(1, 0.5, 0.5),
    };
    const ranked = rankByTerms(near, terms, { indices: Int32Array.of(2, 3, 7), values: Float32Array.of(1, 1, 1) });
    expect(ranked.map(({ row }) => row)).toEqual([1, 0, 2]);
    expect(ranked[0]?.similarity).toBeCloseTo(0.8 + 0.5 * (0.5 + 0.5), 6);
  });
});
