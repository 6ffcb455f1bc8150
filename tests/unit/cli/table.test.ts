import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { printable, renderTable, truncate } from '../../../src/cli/table.ts';

describe('a table', () => {
  test('is aligned by what a terminal shows, Chinese characters taking two cells', () => {
    const table = renderTable(
      [{ title: '行', align: 'right' }, { title: 'type' }, { title: '内容', flexible: true }],
      [
        ['1', '技术问题', '提现没到账'],
        ['12', 'question', 'How do I enable 2FA?'],
      ],
      80,
    );
    expect(table.split('\n')).toEqual([
      '行  type      内容',
      '──  ────────  ────────────────────',
      ' 1  技术问题  提现没到账',
      '12  question  How do I enable 2FA?',
    ]);
  });

  test('never is wider than it may be, whatever stands in it', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell), { maxLength: 6 }),
        fc.integer({ min: 40, max: 120 }),
        (rows, width) => {
          const table = renderTable(
            [
              { title: 'a', maxWidth: 20 },
              { title: 'b', flexible: true },
            ],
            rows,
            width,
          );
          expect(table.split('\n')).toHaveLength(rows.length + 2);
          for (const line of table.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });

  test('leaves the flexible column a few cells also on a narrow terminal', () => {
    const table = renderTable(
      [{ title: 'x' }, { title: 'text', flexible: true }],
      [['y'.repeat(30), 'a long text here']],
      20,
    );
    expect(table.split('\n')[2]).toBe(`${'y'.repeat(30)}  a long text…`);
  });
});

describe('cutting', () => {
  test.each<[string, number, string]>([
    ['hello', 5, 'hello'],
    ['hello', 4, 'hel…'],
    ['提现没到账', 10, '提现没到账'],
    ['提现没到账', 9, '提现没到…'],
    ['提现没到账', 8, '提现没…'],
    ['👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 3, '👨‍👩‍👧‍👦…'],
    ['', 3, ''],
  ])('%j to %i cells gives %j', (text, width, expected) => {
    expect(truncate(text, width)).toBe(expected);
  });
});

describe('what a customer wrote cannot command the terminal', () => {
  test.each<[string, string]>([
    ['\u001b[31mred\u001b[0m', ' [31mred [0m'],
    ['\u001b]0;title\u0007x', ' ]0;title x'],
    ['a\r\nb\tc\u0000d', 'a b c d'],
    ['\u202eevil', ' evil'],
    ['\u009b2J', ' 2J'],
    ['家庭 👨‍👩‍👧‍👦 ok', '家庭 👨‍👩‍👧‍👦 ok'],
  ])('%j is shown as %j', (text, expected) => {
    expect(printable(text)).toBe(expected);
    const table = renderTable([{ title: 't', flexible: true }], [[text]], 80);
    for (const sign of ['\u001b', '\u0007', '\u0000', '\u009b', '\u202e', '\r']) expect(table).not.toContain(sign);
  });
});
