import { expect, test } from 'vitest';
import { dotAt } from '../../../src/learning/dot.ts';
import { LinearBank } from '../../../src/learning/linear-bank.ts';
import { NeighbourIndex } from '../../../src/learning/neighbours.ts';
import { dotRow, quantize, rowAt } from '../../../src/learning/quantized.ts';
import { createRandom } from '../../../src/learning/random.ts';

const DIMENSIONS = 384;

/** Unit vectors around a few centres, as those of sentences are. */
function clouds(rows: number, seed: number): Float32Array[] {
  const random = createRandom(seed);
  const direction = () => Float32Array.from({ length: DIMENSIONS }, () => random() + random() + random() - 1.5);
  const centres = Array.from({ length: 12 }, direction);
  return Array.from({ length: rows }, (_, row) => {
    const noise = direction();
    const vector = noise.map((value, at) => value + (centres[row % centres.length]?.[at] ?? 0));
    const length = Math.sqrt(dotAt(vector, 0, vector));
    return vector.map((value) => value / length);
  });
}

const join = (vectors: readonly Float32Array[]) => {
  const joined = new Float32Array(vectors.length * DIMENSIONS);
  vectors.forEach((vector, row) => {
    joined.set(vector, row * DIMENSIONS);
  });
  return joined;
};

test('the nearest rows come first, with their cosines', () => {
  const all = clouds(800, 1);
  const rows = all.slice(200);
  const index = new NeighbourIndex(quantize(join(rows), DIMENSIONS));
  expect(index.rows).toBe(600);
  const queries = all.slice(0, 200);
  const found = queries.map((query) => index.find(query, 3));
  const exact = queries.map((query) => rows.map((row) => dotAt(row, 0, query)).sort((left, right) => right - left));
  const hits = found.filter((three, at) => Math.abs((three[0]?.similarity ?? 0) - (exact[at]?.[0] ?? 9)) < 0.002);
  expect(hits.length).toBeGreaterThan(180);
  for (const three of found) {
    expect(three).toHaveLength(3);
    expect([...three].sort((left, right) => right.similarity - left.similarity)).toEqual(three);
  }
});

test('a row finds itself; of equal rows the first is told', () => {
  const rows = clouds(200, 3);
  const twice = new NeighbourIndex(quantize(join([...rows, ...rows]), DIMENSIONS));
  for (const [at, row] of rows.entries()) expect(twice.find(row, 2).map((found) => found.row)).toEqual([at, at + 200]);
});

test('fewer rows than asked for, and none', () => {
  const rows = clouds(2, 4);
  const query = rows[0] ?? new Float32Array();
  expect(new NeighbourIndex(quantize(join(rows), DIMENSIONS)).find(query, 5)).toHaveLength(2);
  expect(new NeighbourIndex(quantize(new Float32Array(), DIMENSIONS)).find(query, 5)).toEqual([]);
  expect(new NeighbourIndex(quantize(new Float32Array(), 0)).find(new Float32Array(), 5)).toEqual([]);
});

test('a bank gives each function the value that it has alone', () => {
  const functions = [
    { dense: Float32Array.from([1, 2]), sparse: Float32Array.from([3, 0, 5]), bias: 7 },
    { dense: Float32Array.from([-1, 0]), sparse: Float32Array.from([0, 11, -2]), bias: 0 },
  ];
  const bank = new LinearBank(functions, { dense: 2, sparse: 10 });
  const sparse = { indices: Int32Array.from([0, 2]), values: Float32Array.from([1, 0.5]) };
  // 7 + 2·(1·3 + 2·4) + 10·(3·1 + 5·0.5), and -2·3 + 10·(-2·0.5)
  expect([...bank.score(Float32Array.from([3, 4]), sparse)]).toEqual([84, -16]);
  expect([...new LinearBank([], { dense: 1, sparse: 1 }).score(new Float32Array(2), sparse)]).toEqual([]);
});

test('in a quarter of the bytes rows keep their length, and no cosine moves by 0.002', () => {
  const rows = clouds(300, 6);
  const kept = quantize(join(rows), DIMENSIONS);
  expect(kept.values.byteLength + kept.scales.byteLength).toBeLessThan(join(rows).byteLength / 3.9);
  for (const [at, row] of rows.entries()) {
    const back = rowAt(kept, at);
    expect(dotAt(back, 0, back)).toBeCloseTo(1, 5);
    expect(dotRow(kept, at, row)).toBeGreaterThan(0.9999);
    expect(dotRow(kept, at, row)).toBeLessThanOrEqual(1.000001);
    const other = rows[(at * 7 + 1) % rows.length] ?? row;
    expect(Math.abs(dotRow(kept, at, other) - dotAt(row, 0, other))).toBeLessThan(0.002);
  }
  expect([...rowAt(quantize(new Float32Array(3), 3), 0)]).toEqual([0, 0, 0]);
});
