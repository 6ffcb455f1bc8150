import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { periodOf, type ReportQuery } from '../../../src/replies/report/period.ts';
import { isWeak, MIN_TO_SAY, meanOf, shareOf } from '../../../src/replies/report/share.ts';
import { toWordings, type WordingFigures } from '../../../src/replies/report/wordings.ts';

describe('a share', () => {
  test('has its Wilson interval', () => {
    // Wilson (1927), as statsmodels 0.14 gives it: proportion_confint(8, 10, method='wilson').
    expect(shareOf(8, 10)).toEqual({ count: 8, of: 10, share: 0.8, low: 0.4902, high: 0.9433 });
    expect(shareOf(0, 20)).toMatchObject({ share: 0, low: 0, high: 0.1611 });
  });

  test('of too few cases says nothing but its counts', () => {
    expect(shareOf(9, MIN_TO_SAY - 1)).toEqual({ count: 9, of: 9, share: null, low: null, high: null });
    expect([meanOf(3, MIN_TO_SAY - 1), meanOf(3, MIN_TO_SAY), meanOf(null, 99)]).toEqual([null, 3, null]);
  });
});

describe('a template is weak', () => {
  const all = { accepted: 60, edited: 20, rejected: 20 };

  test('where its interval lies below that of the rest', () => {
    expect(isWeak({ accepted: 1, edited: 9, rejected: 10 }, all)).toBe(true);
  });

  test.each([
    ['as good as the rest', { accepted: 12, edited: 4, rejected: 4 }],
    ['a little worse', { accepted: 9, edited: 6, rejected: 5 }],
    ['seen too rarely', { accepted: 0, edited: 0, rejected: MIN_TO_SAY - 1 }],
    ['in every draft', all],
  ])('not where it is %s', (_, one) => {
    expect(isWeak(one, all)).toBe(false);
  });
});

describe('a wording', () => {
  const decided = (accepted: number, rejected: number) => ({ offered: 50, accepted, edited: 0, rejected });
  const row = (more: Partial<WordingFigures>): WordingFigures => ({
    ...{ id: 'a.b', wording: 'long', language: 'zh', approach: 'full', ...decided(10, 0) },
    ...more,
  });
  const all = (approach: string, counts: object) => row({ id: null, wording: null, approach, ...counts });
  const weak = (figures: WordingFigures[]) =>
    toWordings(figures).map(({ id, wording, approach, is_weak }) => [id, wording, approach, is_weak]);

  test('is weak where it does worse than the other drafts of its approach, whatever the other approaches do', () => {
    const figures = [
      all('full', decided(60, 40)),
      all('brief', decided(10, 90)),
      row({ wording: 'long', ...decided(10, 6) }),
      row({ wording: 'short', approach: 'brief', ...decided(2, 18) }),
      row({ id: 'c.d', wording: 'kind', ...decided(1, 19) }),
      row({ id: 'c.d', wording: 'curt', approach: 'brief', ...decided(2, 18) }),
    ];
    expect(weak(figures)).toEqual([
      ['a.b', 'long', 'full', false],
      ['a.b', 'short', 'brief', false],
      ['c.d', 'kind', 'full', true],
      ['c.d', 'curt', 'brief', false],
    ]);
  });

  test('is told of where the template has another, and enough were decided about', () => {
    const others = [all('full', decided(60, 40)), row({ wording: 'short', ...decided(4, MIN_TO_SAY - 5) })];
    expect(weak([...others, row({})])).toEqual([['a.b', 'long', 'full', false]]);
    expect(weak([all('full', decided(60, 40)), row({}), row({ language: 'en', wording: 'other' })])).toEqual([]);
  });
});

describe('a period', () => {
  const context = { config: loadConfig({}), now: () => new Date('2026-11-22T12:00:00Z') };
  const read = (query: Partial<ReportQuery>) => periodOf({ every: 'month', ...query }, context);

  test('is the last 30 days unless it is given', () => {
    expect(read({})).toEqual({
      from: new Date('2026-10-23T12:00:00Z'),
      to: new Date('2026-11-22T12:00:00Z'),
      every: 'month',
      zone: 'Asia/Shanghai',
    });
  });

  test.each<[Partial<ReportQuery>, string]>([
    [{ from: '2026-11-22T12:00:00Z' }, '/from'],
    [{ from: '2026-01-01T00:00:00Z', every: 'day' }, '/from'],
    [{ from: '2020-01-01T00:00:00Z' }, '/from'],
  ])('%j is refused by name', (query, pointer) => {
    expect(() => read(query)).toThrow(
      expect.objectContaining({ code: 'invalid_input', errors: [{ pointer, message: expect.any(String) }] }),
    );
  });
});
