import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalize } from '../../../src/text/normalize.ts';
import { replaceSpans, type TrackedText, toSource, track } from '../../../src/text/tracked.ts';
import { anyText, spanOf } from '../../_util/text.ts';

const original = (source: string, tracked: TrackedText, start: number, end: number) => {
  const span = toSource(tracked, { start, end });
  return source.slice(span.start, span.end);
};

describe('tracked text', () => {
  it.each([
    ['ＵＳＤＴ没到', 'usdt', 'ＵＳＤＴ'],
    ['我的帳戶被盜了', '账户被盗', '帳戶被盜'],
    ['被\u200B盜\uFE0F了', '被盗', '被\u200B盜\uFE0F'],
    ['Cafe\u0301 closed', 'café', 'Cafe\u0301'],
    ['👩‍💻 locked out', 'locked', 'locked'],
    ['I paid ½ BTC', '1', '½'],
    ['I paid ½ BTC', '⁄2', '½'],
    ['20㎏ of gold', 'k', '㎏'],
    ['加油ﷺ！', 'صلى', 'ﷺ'],
  ])('shows in %j what "%s" was found in', (source, found, expected) => {
    const tracked = normalize(track(source));
    const start = tracked.text.indexOf(found);
    expect(start).toBeGreaterThanOrEqual(0);
    expect(original(source, tracked, start, start + found.length)).toBe(expected);
  });

  it('gives an empty span for an empty span, and refuses one outside the text', () => {
    const tracked = normalize(track('被盜'));
    expect(toSource(tracked, { start: 1, end: 1 })).toEqual({ start: 1, end: 1 });
    expect(() => toSource(tracked, { start: 0, end: 3 })).toThrow(RangeError);
    expect(() => toSource(tracked, { start: -1, end: 1 })).toThrow(RangeError);
  });

  it('maps every span of a normalised text onto the characters that it came from', () => {
    const textAndSpan = anyText.chain((source) => {
      const tracked = normalize(track(source));
      return spanOf(tracked.text).map((span) => ({ source, tracked, span }));
    });
    fc.assert(
      fc.property(textAndSpan, ({ source, tracked, span }) => {
        const { start, end } = toSource(tracked, span);
        expect(0 <= start && start <= end && end <= source.length).toBe(true);
        const found = tracked.text.slice(span.start, span.end);
        expect(normalize(track(source.slice(start, end))).text).toContain(found);
        if (found !== '') expect(end).toBeGreaterThan(start);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps offsets in order, one for each code unit and one for the end', () => {
    fc.assert(
      fc.property(anyText, (source) => {
        const { text, origin } = normalize(track(source));
        expect(origin).toHaveLength(text.length + 1);
        expect(origin.at(-1)).toBe(source.length);
        expect([...origin].every((offset, index) => index === 0 || offset >= (origin[index - 1] ?? 0))).toBe(true);
      }),
    );
  });
});

describe('replacing spans', () => {
  it('masks what it is told to and keeps the rest in place', () => {
    const source = '卡号4111，谢谢';
    const masked = replaceSpans(track(source), [{ start: 2, end: 6, replacement: '[CARD]' }]);
    expect(masked.text).toBe('卡号[CARD]，谢谢');
    expect(original(source, masked, 2, 8)).toBe('4111');
    expect(original(source, masked, 4, 5)).toBe('4111');
    expect(original(source, masked, 8, 11)).toBe('，谢谢');
  });

  it('masks at the very start, at the very end and twice in a row', () => {
    const masked = replaceSpans(track('abcd'), [
      { start: 0, end: 2, replacement: 'X' },
      { start: 2, end: 4, replacement: 'YY' },
    ]);
    expect(masked.text).toBe('XYY');
    expect([0, 1, 2].map((at) => toSource(masked, { start: at, end: at + 1 }))).toEqual([
      { start: 0, end: 2 },
      { start: 2, end: 4 },
      { start: 2, end: 4 },
    ]);
  });

  it('stays true to the source through masking and normalising', () => {
    const cut = anyText.chain((source) => spanOf(source).map((span) => ({ source, span })));
    fc.assert(
      fc.property(cut, ({ source, span }) => {
        const spans = span.end > span.start ? [{ ...span, replacement: '[SECRET]' }] : [];
        const masked = replaceSpans(track(source), spans);
        const before = source.slice(0, span.start);
        expect(masked.text).toBe(`${before}${spans.length > 0 ? '[SECRET]' : ''}${source.slice(span.end)}`);
        const normal = normalize(masked);
        const at = normal.text.indexOf('[secret]');
        if (spans.length > 0 && !before.includes('[') && at >= 0)
          expect(toSource(normal, { start: at, end: at + 8 }).start).toBe(span.start);
      }),
    );
  });
});
