import { expect, test } from 'vitest';
import { type Constraint, resolveConstraints } from '../../../../src/clusters/recluster/constraints.ts';

const together = (id: string, ...items: string[]): Constraint => ({ id, kind: 'together', items });
const apart = (id: string, items: string[], from: string[]): Constraint => ({ id, kind: 'apart', items, from });
const IDS = ['a', 'b', 'c', 'd', 'e'];

function bundlesOf(constraints: readonly Constraint[], ids = IDS): string[] {
  const { bundles } = resolveConstraints(ids, constraints);
  const groups = new Map<number, string>();
  for (const [row, bundle] of bundles.entries()) groups.set(bundle, (groups.get(bundle) ?? '') + ids[row]);
  return [...groups.values()].sort();
}

test('what is bound to one thing is bound to all that it is bound to', () => {
  expect(bundlesOf([together('1', 'a', 'b'), together('2', 'b', 'c')])).toEqual(['abc', 'd', 'e']);
});

test('a thing merged with itself, and decisions about items that are gone, change nothing', () => {
  expect(bundlesOf([together('1', 'a', 'a'), together('2', 'gone', 'b'), apart('3', ['gone'], ['a'])])).toEqual(IDS);
  expect(resolveConstraints(IDS, [apart('3', ['gone'], ['a'])]).apart).toEqual([]);
  expect(resolveConstraints([], [together('1', 'a', 'b')]).bundles).toHaveLength(0);
});

test('the newer of two decisions that contradict each other is kept, and the other is named', () => {
  const merge = together('merge', 'a', 'b', 'c');
  const split = apart('split', ['a'], ['b']);
  const splitLater = resolveConstraints(IDS, [merge, split]);
  expect(splitLater.contradictions).toEqual([{ constraint: 'merge', with: ['split'] }]);
  expect(splitLater.apart).toHaveLength(1);
  expect(new Set(splitLater.bundles).size).toBe(5);
  const mergedLater = resolveConstraints(IDS, [split, merge]);
  expect(mergedLater.contradictions).toEqual([{ constraint: 'split', with: ['merge'] }]);
  expect(mergedLater.apart).toEqual([]);
  expect(new Set(mergedLater.bundles).size).toBe(3);
});

test('a contradiction over several steps is seen', () => {
  const result = resolveConstraints(IDS, [
    apart('split', ['a'], ['c']),
    together('1', 'a', 'b'),
    together('2', 'b', 'c'),
  ]);
  expect(result.contradictions).toEqual([{ constraint: 'split', with: ['1', '2'] }]);
});

test('an item that is to be kept apart from itself contradicts itself', () => {
  expect(resolveConstraints(IDS, [apart('odd', ['a', 'b'], ['b'])]).contradictions).toEqual([
    { constraint: 'odd', with: ['odd'] },
  ]);
});
