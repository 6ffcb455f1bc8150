import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchPairs, type Pair } from '../../../../src/clusters/recluster/assignment-problem.ts';
import { matchClusters } from '../../../../src/clusters/recluster/match.ts';

/** The worth of the best matching, by trying all. */
function bestWorth(pairs: readonly Pair[], usedLeft = new Set<number>(), usedRight = new Set<number>()): number {
  const [first, ...rest] = pairs;
  if (first === undefined) return 0;
  const without = bestWorth(rest, usedLeft, usedRight);
  if (usedLeft.has(first.left) || usedRight.has(first.right)) return without;
  const taken = bestWorth(rest, new Set(usedLeft).add(first.left), new Set(usedRight).add(first.right));
  return Math.max(without, first.worth + taken);
}

test('no matching is worth more', () => {
  const pair = fc.record({ left: fc.nat(4), right: fc.nat(4), worth: fc.integer({ min: -1, max: 9 }) });
  const pairs = fc.uniqueArray(pair, { maxLength: 11, selector: ({ left, right }) => `${left} ${right}` });
  fc.assert(
    fc.property(pairs, (given) => {
      const matched = matchPairs(given);
      expect(new Set(matched.map(({ left }) => left)).size).toBe(matched.length);
      expect(new Set(matched.map(({ right }) => right)).size).toBe(matched.length);
      expect(matched.reduce((sum, { worth }) => sum + worth, 0)).toBe(
        bestWorth(given.filter(({ worth }) => worth > 0)),
      );
    }),
    { numRuns: 300, seed: 1 },
  );
});

test('the matching that is best in all is taken, not the best pair first', () => {
  const pairs = [
    { left: 0, right: 0, worth: 10 },
    { left: 0, right: 1, worth: 9 },
    { left: 1, right: 0, worth: 9 },
  ];
  expect(matchPairs(pairs).map(({ left, right }) => [left, right])).toEqual([
    [0, 1],
    [1, 0],
  ]);
});

const newId = (community: number) => `new ${community}`;

test('ids go where most items went, whatever the communities are numbered', () => {
  const before = ['a', 'a', 'a', 'b', 'b', undefined];
  expect(matchClusters(before, [1, 1, 1, 0, 0, 0], newId)).toEqual({
    ids: ['b', 'a'],
    lineage: [
      { kind: 'continued', cluster: 'b' },
      { kind: 'continued', cluster: 'a' },
    ],
  });
});

test('a split keeps the id with the larger part and says where the other came from', () => {
  const { ids, lineage } = matchClusters(['a', 'a', 'a', 'a', 'a'], [0, 0, 0, 1, 1], newId);
  expect(ids).toEqual(['a', 'new 1']);
  expect(lineage).toContainEqual({ kind: 'split_from', cluster: 'new 1', from: 'a', items: 2 });
});

test('of merged clusters the larger one goes on and the other says where it went', () => {
  const { ids, lineage } = matchClusters(['a', 'a', 'a', 'b', 'b'], [0, 0, 0, 0, 0], newId);
  expect(ids).toEqual(['a']);
  expect(lineage).toContainEqual({ kind: 'merged_into', cluster: 'b', into: 'a', items: 2 });
});

test('new ones, gone ones, and nothing at all', () => {
  expect(matchClusters(['a', 'a', undefined, undefined], [-1, -1, 0, 0], newId)).toEqual({
    ids: ['new 0'],
    lineage: [
      { kind: 'new', cluster: 'new 0' },
      { kind: 'gone', cluster: 'a' },
    ],
  });
  expect(matchClusters([], [], newId)).toEqual({ ids: [], lineage: [] });
});

test('a few stray items do not carry an id away', () => {
  const before = [...Array(20).fill('a'), ...Array(20).fill(undefined)];
  const after = [...Array(19).fill(-1), 0, ...Array(20).fill(0)];
  expect(matchClusters(before, after, newId).ids).toEqual(['new 0']);
});
