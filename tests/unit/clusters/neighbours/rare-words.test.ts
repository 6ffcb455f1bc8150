import { expect, test } from 'vitest';
import { groupByRareWords } from '../../../../src/clusters/neighbours/rare-words.ts';
import type { Word } from '../../../../src/text/segment.ts';

const message = (...forms: string[]) => ({
  words: forms.map((form, at): Word => ({ form, term: form, kind: 'word', start: at, end: at + 1 })),
});

test('messages that share a rare word come together, those of the rarest first; words of all and marks join nothing', () => {
  const common = Array.from({ length: 60 }, () => message('please'));
  const messages = [
    message('polygon', 'please'),
    message('hash', 'polygon', 'please', 'polygon'),
    message('please', 'sepa'),
    message('hash', 'polygon'),
    ...common,
  ];
  expect(groupByRareWords(messages)).toEqual([
    [1, 3],
    [0, 1, 3],
  ]);
  const marks = message('！').words.map((word) => ({ ...word, kind: 'mark' as const }));
  expect(groupByRareWords([{ words: marks }, { words: marks }])).toEqual([]);
});

test('however long messages are, no more pairs come of them than a constant for each', () => {
  const words = Array.from({ length: 400 }, (_, at) => `w${at}`);
  const groups = groupByRareWords(Array.from({ length: 40 }, () => message(...words)));
  const pairs = groups.reduce((sum, { length }) => sum + (length * (length - 1)) / 2, 0);
  expect(pairs).toBeGreaterThan(0);
  expect(pairs).toBeLessThanOrEqual(40 * 200);
});
