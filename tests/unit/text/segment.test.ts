import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalize } from '../../../src/text/normalize.ts';
import { Segmenter } from '../../../src/text/segment.ts';
import { track } from '../../../src/text/tracked.ts';
import { toUnits } from '../../../src/text/units.ts';
import { anyText } from '../../_util/text.ts';

const segmenter = new Segmenter(['爆仓', '提币', '资金费率', '到账']);
const wordsOf = (source: string, cutter = segmenter) => {
  const { text } = normalize(track(source));
  return { text, words: cutter.words(text, toUnits(text)) };
};

describe('words', () => {
  it('keeps the words of the trade whole', () => {
    const { words } = wordsOf('永续的资金费率太高导致爆仓');
    expect(words.map(({ form }) => form)).toEqual(expect.arrayContaining(['资金费率', '爆仓']));
    const plain = wordsOf('资金费率', new Segmenter([])).words;
    expect(plain.map(({ form }) => form)).not.toEqual(['资金费率']);
  });

  it('reads a sentence in two languages, with stems for the Latin words', () => {
    const { words } = wordsOf('我withdrew了100U，还没到账');
    expect(words.map(({ term, kind }) => `${kind}:${term}`)).toEqual([
      'han:我',
      'word:withdraw',
      'han:了',
      'number:100',
      'word:u',
      'han:还',
      'han:没',
      'han:到账',
    ]);
  });

  it('does not join what a sign or a space keeps apart', () => {
    const { words } = wordsOf('爆，仓 提 币');
    expect(words.map(({ form }) => form)).toEqual(['爆', '仓', '提', '币']);
  });

  it('finds nothing in nothing', () => {
    expect(wordsOf('').words).toEqual([]);
    expect(wordsOf(' \n。！').words).toEqual([]);
  });

  it('gives for every word of any text the place where it stands', () => {
    fc.assert(
      fc.property(anyText, (source) => {
        const { text, words } = wordsOf(source);
        for (const word of words)
          expect(text.slice(word.start, word.end).replaceAll("'", '')).toBe(word.form.replaceAll("'", ''));
        const covered = words.map(({ start, end }) => text.slice(start, end)).join('');
        const han = /\p{Script=Han}/gu;
        expect(covered.match(han) ?? []).toEqual(text.match(han) ?? []);
      }),
      { numRuns: 300 },
    );
  });
});
