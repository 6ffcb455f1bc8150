import { describe, expect, test } from 'vitest';
import { draftNotice, fixNoticeSchema } from '../../../src/clusters/work/fix-notice.ts';
import { titleSet } from '../../../src/clusters/work/rename.ts';
import { issueRequestSchema } from '../../../src/clusters/work/set-status.ts';
import { suggestParts } from '../../../src/clusters/work/suggest-parts.ts';
import { decodeCursor, encodeCursor, rankedKey, readRankedKey } from '../../../src/db/paginate.ts';

const ID = '01a20162-58db-746b-8ed4-46b9e0bc5972';

describe('the parts of a cluster that are suggested', () => {
  /** Two matters in two languages; what all share, and what each language shares, is greater than what differs. */
  const item = (language: 'zh' | 'en', matter: 0 | 1, noise: number) => ({
    language,
    vector: Float32Array.from([3, language === 'zh' ? 2 : -2, matter === 0 ? 1 : -1, 0.1 * Math.sin(noise)]),
  });
  const items = Array.from({ length: 40 }, (_, at) => item(at % 2 ? 'zh' : 'en', at % 5 === 0 ? 0 : 1, at));
  const keys = items.map((_, at) => String(at));
  const small = items.flatMap((_, at) => (at % 5 === 0 ? at : []));

  test('are its matters, the larger first, with both languages of each', () => {
    const parts = suggestParts(items, keys, 2);
    expect(parts).toHaveLength(2);
    expect(parts[1]).toEqual(small);
    expect(parts.flat().sort((left, right) => left - right)).toEqual([...items.keys()]);
    expect(suggestParts(items, keys, 2)).toEqual(parts);
  });

  test('never tell copies apart, and are one where all say the same', () => {
    const pairs = items.map((_, at) => String(at >> 1));
    for (const part of suggestParts(items, pairs, 3))
      for (const row of part) expect(part).toContain(row % 2 ? row - 1 : row + 1);
    expect(suggestParts(items, Array(40).fill('same'), 2)).toEqual([[...items.keys()]]);
    expect(suggestParts([], [], 2)).toEqual([]);
  });

  test('hold everything of a cluster that is larger than what they are found from', () => {
    const many = Array.from({ length: 2_000 }, (_, at) => item('en', at % 4 === 0 ? 0 : 1, at));
    const parts = suggestParts(
      many,
      many.map((_, at) => String(at)),
      2,
    );
    expect(parts.map(({ length }) => length)).toEqual([1_500, 500]);
  });
});

test('a notice is in the language of the customer, and says nothing but title and version', () => {
  const texts = {
    version: '1',
    notice: { zh: '“{title}”在 {version} 修复', en: '{title} fixed in {version}, {name}' },
  };
  const values = { title: { zh: '提现 {version}', en: 'Payouts $& {title}' }, version: '4.2' };
  expect(draftNotice(texts, 'mixed', values)).toBe('“提现 {version}”在 4.2 修复');
  for (const language of ['en', 'ja', 'und'])
    expect(draftNotice(texts, language, values)).toBe('Payouts $& {title} fixed in 4.2, {name}');
  expect(fixNoticeSchema.safeParse({ ...texts, notice: { ...texts.notice, en: '{title} is fixed' } }).success).toBe(
    false,
  );
});

describe('a title', () => {
  const row = { title_zh: '旧', title_en: 'Old', named_by_person: ['en'] };
  const machine = { zh: '机器', en: 'Machine' };

  test('is changed where it is given, and given back where it was given before', () => {
    expect(titleSet(row, { zh: ' 新 ' }, machine)).toEqual({
      title_zh: '新',
      title_en: 'Old',
      named_by_person: ['zh', 'en'],
    });
    expect(titleSet(row, { zh: null, en: null }, machine)).toEqual({
      title_zh: '旧',
      title_en: 'Machine',
      named_by_person: [],
    });
  });

  test('holds no personal data', () => {
    expect(titleSet(row, { en: 'Refund for a@example.com' }, undefined).title_en).not.toContain('a@example.com');
  });
});

test.each<[string, boolean]>([
  ['PAY-1042', true],
  ['https://tickets.example.com/PAY-1042', true],
  ['工单42', true],
  ['javascript:alert(1)', false],
  ['a@example.com', false],
  ['two words', false],
  ['"><script>', false],
])('a ticket %s: %s', (ticket, isTaken) => {
  expect(issueRequestSchema.safeParse({ ticket }).success).toBe(isTaken);
});

describe('a cursor of a list by a number', () => {
  test.each([0, -1.5, 54.199_999_999_999_996, 1e-7, 1e21, 5e-324])('gives %d back', (value) => {
    const key = decodeCursor('by_impact', encodeCursor('by_impact', rankedKey({ value, id: ID })));
    expect(readRankedKey(key)).toEqual({ value, id: ID });
  });

  test.each(['x', `1~${ID}x`, `Infinity~${ID}`, `1'~${ID}`, `~${ID}`, ID])('of %s is refused', (key) => {
    expect(() => decodeCursor('by_impact', encodeCursor('by_impact', key))).toThrow('next_cursor');
  });

  test('of another order is refused', () => {
    const cursor = encodeCursor('by_size', rankedKey({ value: 1, id: ID }));
    expect(() => decodeCursor('by_impact', cursor)).toThrow('next_cursor');
  });
});
