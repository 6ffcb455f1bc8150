import { beforeAll, describe, expect, test } from 'vitest';
import { dotAt } from '../../../src/learning/dot.ts';
import { placeTerms, weighWords } from '../../../src/learning/explain.ts';
import { center, fitVocabulary, meanVector, termsOf, Vectorizer } from '../../../src/learning/features.ts';
import { createRandom, shuffle } from '../../../src/learning/random.ts';
import { type Document, readDocument } from '../../../src/triage/document.ts';
import { type TestLearning, testLearning } from '../../_util/context.ts';

let learning: TestLearning;
beforeAll(async () => {
  learning = await testLearning();
});
const read = (text: string): Document => readDocument(learning.segmenter, { text });

const TEXTS = [
  '提现三天没到账',
  '提现一直不到账，客服不理我',
  'My withdrawal has not arrived for 3 days',
  'withdrawal pending for 5 days, no answer',
  '希望增加夜间模式',
];

describe('terms', () => {
  test('are words, pairs of words and characters, each at its place in the text', () => {
    const document = read('提现没到账 withdrawal 500');
    const terms = [...termsOf(document)];
    const names = terms.map(({ term }) => term);
    expect(names).toContain('w:提现');
    expect(names).toContain('w:#');
    expect(names.some((name) => /^w:\S+ #$/.test(name))).toBe(true);
    expect(names.some((name) => name.startsWith('c:'))).toBe(true);
    for (const { start, end } of terms) {
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(document.normal.text.length);
      expect(start).toBeLessThanOrEqual(end);
    }
  });

  test('of a very long text are bounded', () => {
    const short = [...termsOf(read('提现没到账，客服不理我。'.repeat(200)))].length;
    const long = [...termsOf(read('提现没到账，客服不理我。'.repeat(1_600)))].length;
    expect(long).toBeLessThan(short * 1.5);
  });
});

describe('the vocabulary', () => {
  test('keeps what stands in enough documents, rarer terms weighing more (smoothed IDF)', () => {
    const sources = TEXTS.map(read);
    const { terms, idf } = fitVocabulary(sources, 2);
    const slow = (term: string) =>
      sources.filter((source) => [...termsOf(source)].some((found) => found.term === term)).length;
    expect(terms).toContain('w:提现');
    expect(terms).not.toContain('w:夜间');
    expect([...terms]).toEqual([...terms].sort());
    terms.forEach((term, at) => {
      expect(slow(term)).toBeGreaterThanOrEqual(2);
      expect(idf[at]).toBeCloseTo(Math.log((1 + sources.length) / (1 + slow(term))) + 1, 5);
    });
  });
});

describe('the vector of a document', () => {
  test('has ascending indices and unit length in words and in characters', () => {
    const sources = TEXTS.map(read);
    const vocabulary = fitVocabulary(sources, 1);
    const vectorizer = new Vectorizer(vocabulary);
    for (const source of sources) {
      const { indices, values } = vectorizer.transform(source);
      expect([...indices]).toEqual([...indices].sort((left, right) => left - right));
      const norm = (block: string) =>
        indices.reduce(
          (sum, index, at) => sum + (vocabulary.terms[index]?.startsWith(block) ? (values[at] ?? 0) ** 2 : 0),
          0,
        );
      expect(norm('w:')).toBeCloseTo(1, 4);
      expect(norm('c:')).toBeCloseTo(1, 4);
    }
  });

  test('of words that nobody knows is finite', () => {
    const vectorizer = new Vectorizer(fitVocabulary(TEXTS.map(read), 2));
    for (const text of ['ξενοδοχείο', '🙏', ' ']) {
      expect(vectorizer.transform(read(text)).values.every(Number.isFinite)).toBe(true);
    }
  });
});

test('the words that speak for a label are those whose terms weigh for it, most telling first', () => {
  const sources = TEXTS.map(read);
  const vocabulary = fitVocabulary(sources, 1);
  const vectorizer = new Vectorizer(vocabulary);
  const document = read('客服不理我，提现三天没到账');
  const weights: Record<string, number> = { 'w:提现': 2, 'w:客服': 1, 'c:到账': -5 };
  const scorer = {
    dense: new Float32Array(),
    sparse: Float32Array.from(vocabulary.terms, (term) => weights[term] ?? 0),
    bias: 3,
  };
  const places = placeTerms(document, vectorizer);
  const words = weighWords(document, places, vectorizer.transform(document), scorer, 5);
  expect(words.map(({ start, end }) => document.normal.text.slice(start, end))).toEqual(['提现', '客服']);
  expect(weighWords(document, places, vectorizer.transform(document), scorer, 1)).toEqual(words.slice(0, 1));
});

describe('sentence vectors', () => {
  test('are centred to unit length about their mean', () => {
    const vectors = [Float32Array.from([1, 0, 2]), Float32Array.from([3, 0, -2])];
    const mean = meanVector(vectors, 3);
    expect([...mean]).toEqual([2, 0, 0]);
    const centred = center(Float32Array.from([5, 4, 0]), mean);
    expect(centred[0]).toBeCloseTo(0.6, 6);
    expect(centred[1]).toBeCloseTo(0.8, 6);
    expect(dotAt(centred, 0, centred)).toBeCloseTo(1, 6);
  });

  test('the mean itself has no direction, and stays finite', () => {
    const mean = Float32Array.from([1, 2]);
    expect([...center(mean, mean)]).toEqual([0, 0]);
  });
});

describe('chance', () => {
  test('is the same for a seed, another for another, and even', () => {
    const draw = (seed: number, count: number) => Array.from({ length: count }, createRandom(seed));
    expect(draw(1, 20)).toEqual(draw(1, 20));
    expect(draw(1, 20)).not.toEqual(draw(2, 20));
    const many = draw(3, 20_000);
    expect(Math.min(...many)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...many)).toBeLessThan(1);
    for (let bin = 0; bin < 10; bin++) {
      const share = many.filter((value) => Math.floor(value * 10) === bin).length / many.length;
      expect(Math.abs(share - 0.1)).toBeLessThan(0.01);
    }
  });

  test('shuffles without losing anything, every order equally often', () => {
    const orders = new Map<string, number>();
    const random = createRandom(9);
    for (let run = 0; run < 6_000; run++) {
      const items = [1, 2, 3];
      shuffle(items, random);
      orders.set(items.join(''), (orders.get(items.join('')) ?? 0) + 1);
    }
    expect([...orders.keys()].sort()).toEqual(['123', '132', '213', '231', '312', '321']);
    for (const count of orders.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});
