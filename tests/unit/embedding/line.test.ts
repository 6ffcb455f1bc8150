import { expect, test } from 'vitest';
import { Line } from '../../../src/embedding/line.ts';

test('first in, first out; those that come back go before, in their own order', () => {
  const line = new Line<string>();
  for (const member of ['a', 'b', 'c', 'd']) line.push(member);
  const first = [line.shift(), line.shift()];
  for (const member of first) line.comeBack(member ?? '');
  line.leave('c');
  expect(line.size).toBe(3);
  expect([line.shift(), line.shift(), line.shift(), line.shift()]).toEqual(['a', 'b', 'd', undefined]);
});

test('one that came back can leave', () => {
  const line = new Line<string>();
  line.comeBack('a');
  line.leave('a');
  expect(line.shift()).toBeUndefined();
});
