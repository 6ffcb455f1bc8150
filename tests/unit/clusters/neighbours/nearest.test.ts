import { expect, test } from 'vitest';
import { shareNeighbours } from '../../../../src/clusters/communities/shared-neighbours.ts';
import { keepNeighbours } from '../../../../src/clusters/neighbours/mixed-neighbours.ts';
import { findNearest } from '../../../../src/clusters/neighbours/nearest.ts';
import { NeighbourTable } from '../../../../src/clusters/neighbours/neighbour-table.ts';
import { dotAt } from '../../../../src/learning/dot.ts';
import { createRandom } from '../../../../src/learning/random.ts';

const DIMENSIONS = 32;
const K = 10;

/** Unit vectors around some centres, row after row. */
function clouds(rows: number, centres: number, seed: number): Float32Array {
  const random = createRandom(seed);
  const draw = () => Float32Array.from({ length: DIMENSIONS }, () => random() + random() + random() - 1.5);
  const middles = Array.from({ length: centres }, draw);
  const flat = new Float32Array(rows * DIMENSIONS);
  for (let row = 0; row < rows; row++) {
    const own = draw().map((value, at) => value + (middles[row % centres]?.[at] ?? 0));
    const length = Math.sqrt(dotAt(own, 0, own));
    flat.set(
      own.map((value) => value / length),
      row * DIMENSIONS,
    );
  }
  return flat;
}

const rowOf = (flat: Float32Array, row: number) => flat.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS);

const rowsOf = (flat: Float32Array) => Array.from({ length: flat.length / DIMENSIONS }, (_, row) => rowOf(flat, row));

function exact(flat: Float32Array, row: number): number[] {
  return Array.from({ length: flat.length / DIMENSIONS }, (_, other) => other)
    .filter((other) => other !== row)
    .map((other) => ({ other, similarity: dotAt(flat, other * DIMENSIONS, rowOf(flat, row)) }))
    .sort((left, right) => right.similarity - left.similarity)
    .slice(0, K)
    .map(({ other }) => other);
}

test('few rows are compared with all others', () => {
  const flat = clouds(300, 12, 1);
  const { rows } = findNearest(rowsOf(flat), { k: K, seed: 1 });
  for (let row = 0; row < 300; row += 17) expect([...rows.subarray(row * K, row * K + K)]).toEqual(exact(flat, row));
});

test('of many rows nearly all neighbours are found, and the same ones by the same seed', () => {
  const flat = clouds(4_400, 60, 2);
  const lists = findNearest(rowsOf(flat), { k: K, seed: 3 });
  let hits = 0;
  let asked = 0;
  for (let row = 0; row < 4_400; row += 44) {
    const found = new Set(lists.rows.subarray(row * K, row * K + K));
    hits += exact(flat, row).filter((other) => found.has(other)).length;
    asked += K;
  }
  expect(hits / asked).toBeGreaterThan(0.95);
  expect(findNearest(rowsOf(flat), { k: K, seed: 3 })).toEqual(lists);
});

test('ten thousand equal rows are no trouble', () => {
  const one = rowOf(clouds(1, 1, 4), 0);
  const flat = new Float32Array(10_000 * DIMENSIONS);
  for (let row = 0; row < 10_000; row++) flat.set(one, row * DIMENSIONS);
  const { rows } = findNearest(rowsOf(flat), { k: K, seed: 1 });
  expect(rows.subarray(0, K).every((other) => other > 0)).toBe(true);
});

test('fewer rows than neighbours, one row, none', () => {
  expect([...findNearest(rowsOf(clouds(2, 1, 1)), { k: 3, seed: 1 }).rows]).toEqual([1, -1, -1, 0, -1, -1]);
  expect([...findNearest(rowsOf(clouds(1, 1, 1)), { k: 2, seed: 1 }).rows]).toEqual([-1, -1]);
  expect(findNearest([], { k: 2, seed: 1 }).rows).toHaveLength(0);
});

test('stops when it is told to', () => {
  const signal = AbortSignal.abort(new Error('enough'));
  for (const rows of [300, 5_000])
    expect(() => findNearest(rowsOf(clouds(rows, 5, 1)), { k: 3, seed: 1, signal })).toThrow('enough');
});

test('a table keeps the nearest, nearest first, each once', () => {
  const table = new NeighbourTable(1, 3);
  expect([4, 2, 9, 2].map((other, at) => table.offer(0, other, [0.2, 0.7, 0.5, 0.7][at] ?? 0))).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(table.offer(0, 7, 0.1)).toBe(false);
  expect(table.offer(0, 8, 0.6)).toBe(true);
  expect([...table.finish().rows]).toEqual([2, 8, 9]);
  expect(table.take(0)).toEqual({ fresh: [2, 8, 9], known: [] });
  expect(table.take(0)).toEqual({ fresh: [], known: [2, 8, 9] });
});

test('a part of the rows keeps the neighbours that are in it', () => {
  const lists = {
    k: 2,
    rows: Int32Array.from([1, 2, 2, 0, 1, 0]),
    similarities: Float32Array.from([3, 2, 3, 2, 3, 2]),
  };
  expect(keepNeighbours(lists, [0, 2], 2)).toEqual({
    k: 2,
    rows: Int32Array.from([1, -1, 0, -1]),
    similarities: Float32Array.from([2, Number.NEGATIVE_INFINITY, 2, Number.NEGATIVE_INFINITY]),
  });
});

test('edges weigh what two rows share', () => {
  // 0, 1 and 2 name each other; 3 names 0, and is named by nobody.
  const rows = Int32Array.from([1, 2, 0, 2, 0, 1, 0, -1]);
  const graph = shareNeighbours({ k: 2, rows, similarities: new Float32Array(8).fill(0.5) });
  const weight = (from: number, to: number) => {
    for (let at = graph.offsets[from] ?? 0; at < (graph.offsets[from + 1] ?? 0); at++)
      if (graph.targets[at] === to) return graph.weights[at];
    return 0;
  };
  expect(weight(0, 1)).toBeCloseTo(0.5);
  expect(weight(1, 0)).toBeCloseTo(0.5);
  expect(weight(3, 0)).toBeCloseTo(0.5 / 4);
  expect(weight(3, 1)).toBe(0);
});
