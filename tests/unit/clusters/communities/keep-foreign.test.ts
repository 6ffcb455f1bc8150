import { expect, test } from 'vitest';
import { keepForeign } from '../../../../src/clusters/communities/keep-foreign.ts';
import type { Features } from '../../../../src/clusters/neighbours/mixed-neighbours.ts';

const row = (language: 'zh' | 'en', ...dense: number[]): Features => ({
  language,
  dense: Float32Array.from(dense),
  lexical: { indices: new Int32Array(), values: new Float32Array() },
});
const near = row('en', 0.4, 0.9);
const far = row('en', 0, 1);
const chinese = [row('zh', 1, 0), row('zh', 1, 0), row('zh', 1, 0)];
const run = (rows: Features[], groups: number[], start: (string | undefined)[], fixed: number[] = []) =>
  Array.from(keepForeign(rows, Int32Array.from(groups), start, (at) => fixed.includes(at)));

test('a report in the other language stays where it would be placed if it came now', () => {
  expect(run([...chinese, near], [0, 0, 0, -1], ['a', 'a', 'a', 'a'])).toEqual([0, 0, 0, 0]);
});

test.each([
  ['tells of something else', [...chinese, far], ['a', 'a', 'a', 'a'], []],
  ['was in no cluster', [...chinese, near], ['a', 'a', 'a', undefined], []],
  ['was in a cluster of which nothing is left', [...chinese, near], ['a', 'a', 'a', 'b'], []],
  ['is what people decided about', [...chinese, near], ['a', 'a', 'a', 'a'], [3]],
])('one that %s does not', (_, rows, start, fixed) => {
  expect(run(rows, [0, 0, 0, -1], start, fixed)).toEqual([0, 0, 0, -1]);
});

test('what is left out of a cluster of its own language stays out', () => {
  const rows = [...chinese, row('zh', 0.4, 0.9)];
  expect(run(rows, [0, 0, 0, -1], ['a', 'a', 'a', 'a'])).toEqual([0, 0, 0, -1]);
});
