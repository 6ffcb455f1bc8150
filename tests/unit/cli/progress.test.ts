import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import { wholeNumber } from '../../../src/cli/command.ts';
import { showProgress } from '../../../src/cli/progress.ts';

/** What a stream was given, as a terminal or as a pipe. */
function makeStream(isTTY: boolean) {
  const written: string[] = [];
  return { stream: { isTTY, write: (text: string) => written.push(text) }, written };
}

test('a terminal gets a bar that ends without a trace', () => {
  const { stream, written } = makeStream(true);
  const progress = showProgress('正在判断', stream);
  progress.update(3, 12);
  progress.update(12, 12);
  progress.end();
  const text = written.join('');
  expect(text).toContain('正在判断');
  expect(text).toContain('3/12');
  expect(text).toContain('█'.repeat(24));
  expect(text.endsWith('\r\u001b[K')).toBe(true);
  expect(text).not.toContain('\n');
});

test('a pipe gets nothing', () => {
  const { stream, written } = makeStream(false);
  const progress = showProgress('Deciding', stream);
  progress.update(12, 12);
  progress.end();
  expect(written).toEqual([]);
});

test('whole numbers of options', () => {
  const parse = wholeNumber(1);
  expect([parse('1'), parse('250')]).toEqual([1, 250]);
  for (const value of ['0', '-1', '1.5', 'ten', '']) expect(() => parse(value)).toThrow(InvalidArgumentError);
});
