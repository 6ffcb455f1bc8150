import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalize } from '../../../src/text/normalize.ts';
import { stem } from '../../../src/text/stem.ts';
import { track } from '../../../src/text/tracked.ts';
import { toUnits } from '../../../src/text/units.ts';
import { anyText } from '../../_util/text.ts';

const show = (text: string) => toUnits(normalize(track(text)).text).map(({ kind, form }) => `${kind}:${form}`);

describe('units', () => {
  it.each([
    ["I can't log in!", ['word:i', 'word:cant', 'word:log', 'word:in', 'stop:!']],
    ['提现12,000.50U没到。', ['han:提', 'han:现', 'number:12,000.50', 'word:u', 'han:没', 'han:到', 'stop:。']],
    ['用的是iPhone15', ['han:用', 'han:的', 'han:是', 'word:iphone', 'number:15']],
    ['$5 😡', ['mark:$', 'number:5', 'mark:😡']],
    ['联系 [PHONE] 谢谢', ['han:联', 'han:系', 'mark:[phone]', 'han:谢', 'han:谢']],
    ['你好，在吗？', ['han:你', 'han:好', 'stop:,', 'han:在', 'han:吗', 'stop:?']],
    ['wait -- what', ['word:wait', 'stop:--', 'word:what']],
    ['お金', ['han:お', 'han:金']],
    ['Ça s’arrête', ['word:ça', 'word:sarrête']],
    ['𠮷', ['han:𠮷']],
    ['v1.2.3', ['word:v', 'number:1.2.3']],
    ['  \n ', ['stop:\n']],
    ['', []],
  ])('cuts %j', (text, expected) => {
    expect(show(text)).toEqual(expected);
  });

  it('leaves out nothing but spaces, in order and without overlaps', () => {
    fc.assert(
      fc.property(anyText, (source) => {
        const { text } = normalize(track(source));
        const units = toUnits(text);
        const joined = units.map(({ start, end }) => text.slice(start, end)).join('');
        expect(joined.replace(/\s/gu, '')).toBe(text.replace(/\s/gu, ''));
        expect(units.every((unit, index) => unit.start >= (units[index - 1]?.end ?? 0) && unit.end > unit.start)).toBe(
          true,
        );
      }),
      { numRuns: 300 },
    );
  });
});

describe('stems', () => {
  it.each([
    ['withdraw', 'withdrawal', 'withdrawals', 'withdrew', 'withdrawn', 'withdrawing', 'withdrawl'],
    ['steal', 'stole', 'stolen', 'stealing'],
    ['lose', 'lost', 'losing', 'loss', 'losses'],
    ['freeze', 'froze', 'frozen', 'freezing'],
    ['hack', 'hacked', 'hacking', 'hacks'],
    ['deposit', 'deposited', 'deposits', 'depositing'],
    ['break', 'broke', 'broken'],
  ])('are one for %s and its forms', (...forms) => {
    expect(new Set(forms.map(stem)).size).toBe(1);
  });

  it('tell different words apart, and leave short and endless ones alone', () => {
    expect(stem('hacked')).not.toBe(stem('happy'));
    expect(stem('is')).toBe('is');
    expect(stem('a'.repeat(5000))).toHaveLength(5000);
  });
});
