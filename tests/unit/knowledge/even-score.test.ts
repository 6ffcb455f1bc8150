import { beforeAll, expect, test } from 'vitest';
import { DATA_FOLDER } from '../../../src/context.ts';
import { ArticleIndex, type IndexedArticle } from '../../../src/knowledge/article-index.ts';
import { cutChunks } from '../../../src/knowledge/chunks.ts';
import { evenScore } from '../../../src/knowledge/even-score.ts';
import type { RetrieverParts } from '../../../src/knowledge/retriever.ts';
import { loadPolicy } from '../../../src/policy.ts';
import { Segmenter } from '../../../src/text/segment.ts';

let parts: RetrieverParts;
const SIZE = 13;
const zero = new Float32Array(SIZE);
beforeAll(async () => {
  parts = {
    segmenter: new Segmenter([]),
    concepts: (await loadPolicy(DATA_FOLDER)).concepts,
    messages: { zh: zero, en: zero },
  };
});

/** Article `at`, whose vector is that of others of the same `matter`. */
function article(at: number, title: string, matter = at, slug = `a${at}`): IndexedArticle {
  const vector = Float32Array.from({ length: SIZE }, (_, axis) => (axis === matter ? 1 : 0));
  return {
    ...{ id: `${at}`, slug, language: 'en', title, version: 1, topics: [], audience: 'customer' },
    ...{ valid_from: null, valid_until: null, review_by: null },
    chunks: cutChunks(title),
    vectors: { titleQuestion: vector, title: vector, chunks: [vector], sentences: [] },
  };
}

const even = (articles: readonly IndexedArticle[]) => evenScore(new ArticleIndex(articles, parts, zeroMeans), parts);
const zeroMeans = { zh: zero, en: zero };
const WORDS = 'bicycle lantern orchard piano harbour velvet thunder walnut glacier comet saddle turnip'.split(' ');

test('where articles are alike, more is asked of an answer than where they have nothing in common', () => {
  const unlike = WORDS.map((word, at) => article(at, word));
  const alike = WORDS.map((word, at) => article(at, `pending withdrawal of the ${word}`, Math.floor(at / 2)));
  expect(even(alike)).toBeGreaterThan(even(unlike) + 1);
});

test('a translation or another version of the same article says nothing about wrong ones', () => {
  const alone = [article(0, 'pending withdrawal fee', 1)];
  const twins = [...alone, article(0, 'pending withdrawal fee', 1, 'a0')];
  expect(even(twins)).toBe(even(alone));
  expect(Number.isFinite(even([]))).toBe(true);
});
