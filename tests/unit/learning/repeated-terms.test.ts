import { expect, test } from 'vitest';
import { type FeatureSource, fitVocabulary } from '../../../src/learning/features.ts';

const source = (...forms: string[]): FeatureSource => ({
  normal: { text: forms.join(' ') },
  words: forms.map((form) => ({ form, term: form, kind: 'number', start: 0, end: 1 })),
  cues: forms.map((name) => ({ name, start: 0, end: 1 })),
});

test('of many documents the same terms are kept as of few: those of one document alone are not', () => {
  const many = Array.from({ length: 20_001 }, (_, at) =>
    at % 10_000 === 0 ? source(`own-${at}`, 'shared') : source(`own-${at}`, `pair-${Math.floor(at / 2)}`),
  );
  const { terms, idf } = fitVocabulary(many, 2);
  const cues = terms.filter((term) => term.startsWith('f:own') || term.startsWith('f:shared'));
  expect(cues).toEqual(['f:shared']);
  expect(idf[terms.indexOf('f:shared')]).toBeCloseTo(Math.log(20_002 / 4) + 1, 5);
  expect(terms.filter((term) => term.startsWith('f:pair')).length).toBe(9_998);
});
