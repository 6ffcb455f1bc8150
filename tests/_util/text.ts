import fc from 'fast-check';

/** What breaks offsets: astral and joined emoji, Traditional, full width, marks, invisible signs, expansions, halves. */
const AWKWARD = [
  'a',
  'Z',
  '1',
  '4',
  ' ',
  '.',
  "'",
  '’',
  '\n',
  '\r',
  '\t',
  '\u0000',
  '\u007F',
  '\u0085',
  '被',
  '盜',
  '帳',
  '戶',
  '𠮷',
  'の',
  '한',
  'Ａ',
  '９',
  '！',
  '，',
  '　',
  '㎏',
  '½',
  '㍿',
  '㍘',
  'ﷺ',
  '…',
  'ﬁ',
  'İ',
  'ß',
  'é',
  'e\u0301',
  '\u0301',
  '\u0315',
  '\u200B',
  '\u200D',
  '\uFEFF',
  '\uFE0F',
  '\u00AD',
  '\u202E',
  '\u3164',
  '👍🏽',
  '👩‍💻',
  '1️⃣',
  '🇨🇳',
  '\uD83D',
  '\uDC4D',
  '[CARD]',
  '@',
  'x.io',
  '+',
];

/** Any Unicode text, half of the time made of what is awkward. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...AWKWARD), maxLength: 60 }),
);

/** A text and two offsets in it, the first not behind the second. */
export function spanOf(text: string): fc.Arbitrary<{ start: number; end: number }> {
  const offset = fc.nat({ max: text.length });
  return fc.tuple(offset, offset).map(([one, other]) => ({ start: Math.min(one, other), end: Math.max(one, other) }));
}
