import { describe, expect, it } from 'vitest';
import { normalize } from '../../../src/text/normalize.ts';
import { parsePattern } from '../../../src/text/pattern.ts';
import { indexUnits } from '../../../src/text/phrases.ts';
import { track } from '../../../src/text/tracked.ts';
import { toUnits } from '../../../src/text/units.ts';

function find(source: string, text: string, flags?: string) {
  const { text: normal } = normalize(track(text));
  const index = indexUnits(toUnits(normal), () => false);
  return parsePattern(source, flags)
    .findIn(normal, index)
    .map(({ start, end, firstUnit, endUnit }) => ({
      words: normal.slice(start, end),
      units: index.units.slice(firstUnit, endUnit).map(({ form }) => form),
    }));
}

describe('expressions of users’ own', () => {
  it('find places with the units that they touch, in normalised text', () => {
    expect(find('TX-\\d{4}', 'Order tx-1234 and ＴＸ-９９９９')).toEqual([
      { words: 'tx-1234', units: ['tx', '-', '1234'] },
      { words: 'tx-9999', units: ['tx', '-', '9999'] },
    ]);
    expect(find('帳戶.{0,2}盜', '我的账户被盗了')).toEqual([{ words: '账户被盗', units: ['账', '户', '被', '盗'] }]);
    expect(find('^b', 'a\nb')).toEqual([]);
    expect(find('^b', 'a\nb', 'm')).toEqual([{ words: 'b', units: ['b'] }]);
    expect(find('a.b', 'a\nb', 's')).toMatchObject([{ words: 'a\nb' }]);
    expect(find('\\p{Han}{2}', 'x 提现 y')).toMatchObject([{ words: '提现' }]);
    expect(find('x', '')).toEqual([]);
  });

  it('stop at a few places, also where they fit between characters only', () => {
    expect(find('a', 'a '.repeat(100))).toHaveLength(8);
    expect(find('\\b', 'a '.repeat(100))).toEqual([]);
  });

  it.each([
    ['(?=x)y', 'look-around'],
    ['(?<!x)y', 'look-around'],
    ['(a)\\1', 'back references'],
    ['(?>a+)b', 'possessive and atomic'],
    ['a++', 'possessive and atomic'],
    ['(', 'cannot be read: missing closing )'],
    ['[z-a]', 'cannot be read: invalid character class range'],
    ['((a{0,30}){0,30})b', 'too large'],
    ['a{1,1000}', 'too large'],
    ['a*', 'fits the empty text'],
    ['a'.repeat(513), 'at most 512 characters, this one has 513'],
  ])('refuse %s', (source, reason) => {
    expect(() => parsePattern(source)).toThrow(RangeError);
    expect(() => parsePattern(source)).toThrow(reason);
  });

  it('refuse flags that are not there', () => {
    expect(() => parsePattern('a', 'g')).toThrow('flags are letters of "ims"');
    expect(() => parsePattern('a', 'ii')).toThrow(RangeError);
  });
});
