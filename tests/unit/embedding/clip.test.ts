import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clipToWindow } from '../../../src/embedding/clip.ts';

const frame = { before: [0], after: [2] };
/** One id per character, as the densest script would give. */
const characters = (text: string) => Array.from(text, (character) => character.codePointAt(0) ?? 0);
/** One id per run of up to 16 equal characters: as sparse as the XLM-R vocabulary gets. */
const runs = (text: string) =>
  Array.from(text.matchAll(/(.)\1{0,15}/gsu), ([run]) => (run.codePointAt(0) ?? 0) * 100 + run.length);

/** What the cut must amount to: tokenise everything, keep 384 and 128. */
function naive(text: string, encode: (text: string) => number[]): number[] {
  const ids = encode(text);
  return ids.length <= 510 ? [0, ...ids, 2] : [0, ...ids.slice(0, 383), ...ids.slice(-127), 2];
}

describe('clipToWindow', () => {
  test('a text that fits is used whole', () => {
    expect(clipToWindow('abc', characters, frame, 512)).toEqual({ ids: [0, 97, 98, 99, 2], truncated: false });
    const full = clipToWindow('a'.repeat(510), characters, frame, 512);
    expect(full).toMatchObject({ truncated: false });
    expect(full.ids).toHaveLength(512);
  });

  test('of a longer one the first 384 and the last 128 tokens are used, special tokens among them', () => {
    const text = Array.from({ length: 511 }, (_, index) => String.fromCharCode(1_000 + index)).join('');
    const { ids, truncated } = clipToWindow(text, characters, frame, 512);
    expect(truncated).toBe(true);
    expect(ids).toHaveLength(512);
    expect([ids[0], ids[1], ids[383]]).toEqual([0, 1_000, 1_382]);
    expect([ids[384], ids[510], ids[511]]).toEqual([1_384, 1_510, 2]);
  });

  test('the ids are those of tokenising everything, at any length and density', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.constantFrom('我', 'a', '😡').map((character) => character.repeat(40)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 400 }), (pieces) => {
        const text = pieces.join('');
        expect(clipToWindow(text, characters, frame, 512).ids).toEqual(naive(text, characters));
      }),
      { numRuns: 60 },
    );
    const sparse = Array.from({ length: 700 }, (_, index) => 'ab'[index % 2]?.repeat(16)).join('');
    expect(clipToWindow(sparse, runs, frame, 512).ids).toEqual(naive(sparse, runs));
  });

  test('a word that a cut divides is not taken for a word', () => {
    const words = (text: string) => Array.from(text.matchAll(/\S+/g), ([word]) => word.length);
    const text = Array.from({ length: 900 }, (_, index) => (index === 900 - 127 ? 'longerword' : 'abcd')).join(' ');
    expect(clipToWindow(text, words, frame, 512).ids).toEqual(naive(text, words));
  });

  test('of 20 000 characters it tokenises no more than it needs', () => {
    let seen = 0;
    const counting = (text: string) => {
      seen += text.length;
      return characters(text);
    };
    clipToWindow('x'.repeat(20_000), counting, frame, 512);
    expect(seen).toBeLessThan(4_000);
  });

  test('a cut never divides a character', () => {
    const halves: string[] = [];
    const watching = (text: string) => {
      if (!text.isWellFormed()) halves.push(text);
      return characters(text);
    };
    for (const shift of ['', 'a']) clipToWindow(shift + '😡'.repeat(8_000), watching, frame, 512);
    expect(halves).toEqual([]);
  });

  test('a model with a smaller window and one special token gets the same shape', () => {
    const { ids } = clipToWindow('x'.repeat(500), characters, { before: [], after: [1] }, 128);
    expect(ids).toHaveLength(128);
    expect(ids.at(-1)).toBe(1);
  });
});
