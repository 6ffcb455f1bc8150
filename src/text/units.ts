import { stem } from './stem.ts';
import type { Span } from './tracked.ts';

export type UnitKind = 'word' | 'han' | 'number' | 'mark' | 'stop';

/**
 * What phrases are made of: a Latin word, one Han character, a number, a mark such as `$` or an emoji, or a `stop`
 * that ends a clause. Offsets are into the normalised text.
 */
export interface Unit extends Span {
  readonly kind: UnitKind;
  /** The word without apostrophes, the character, the digits; for a stop its own sign. */
  readonly form: string;
  /** The stem of a word; equal to `form` for everything else. */
  readonly stem: string;
}

const LETTER = String.raw`(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}])[\p{L}\p{M}_])`;
const PATTERN = new RegExp(
  [
    String.raw`(?<mask>\[[A-Z_]+\])`,
    String.raw`(?<han>[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}])`,
    String.raw`(?<number>\d+(?:[.,]\d+)*)`,
    `(?<word>${LETTER}+(?:'${LETTER}+)*)`,
    String.raw`(?<stop>[.!?;:,\n\u3002\u3001\u2026\uFF0C]|--+)`,
    String.raw`(?<mark>[^\s\p{Cc}])`,
  ].join('|'),
  'giu',
);

/** Signs after which a new sentence begins; the other stops only end a clause. */
export const SENTENCE_ENDS = new Set(['.', '!', '?', ';', '。', '\n', '…']);

/** Cuts normalised text into units, in one pass. */
export function toUnits(text: string): Unit[] {
  const units: Unit[] = [];
  for (const match of text.matchAll(PATTERN)) {
    const groups = match.groups ?? {};
    const start = match.index;
    const end = start + match[0].length;
    if (groups.word !== undefined) {
      const form = groups.word.replaceAll("'", '');
      units.push({ kind: 'word', form, stem: stem(form), start, end });
    } else {
      const kind: UnitKind = groups.han ? 'han' : groups.number ? 'number' : groups.stop ? 'stop' : 'mark';
      units.push({ kind, form: match[0], stem: match[0], start, end });
    }
  }
  return units;
}
