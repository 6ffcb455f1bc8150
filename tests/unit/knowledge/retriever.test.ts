import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { DATA_FOLDER } from '../../../src/context.ts';
import { createFakeEncoder } from '../../../src/embedding/fake.ts';
import type { IndexedArticle } from '../../../src/knowledge/article-index.ts';
import { Bm25 } from '../../../src/knowledge/bm25.ts';
import { cutChunks } from '../../../src/knowledge/chunks.ts';
import { readWords } from '../../../src/knowledge/read-words.ts';
import type { RetrieveOptions } from '../../../src/knowledge/retrieval.ts';
import { createRetriever, type RetrieverParts } from '../../../src/knowledge/retriever.ts';
import { matchTopics, weighTopics } from '../../../src/knowledge/topic-match.ts';
import { collectVectors, viewsOf } from '../../../src/knowledge/views.ts';
import { loadPolicy } from '../../../src/policy.ts';
import { Segmenter } from '../../../src/text/segment.ts';

const encoder = createFakeEncoder();
let parts: RetrieverParts;
beforeAll(async () => {
  const words = (await readFile(path.join(DATA_FOLDER, 'lexicons/words.txt'), 'utf8')).split('\n');
  const mean = new Float32Array(encoder.info.dimensions);
  parts = {
    segmenter: new Segmenter(words.filter((word) => word !== '' && !word.startsWith('#'))),
    concepts: (await loadPolicy(DATA_FOLDER)).concepts,
    messages: { zh: mean, en: mean },
  };
});

const embed = async (text: string) => (await encoder.embed(text)).vector;

async function article(id: string, title: string, body: string, rest: Partial<IndexedArticle> = {}) {
  const views = await Promise.all(
    viewsOf({ title, body }).map(async (view) => ({ ...view, vector: await embed(view.text) })),
  );
  return {
    ...{ id, slug: id, language: /\p{Script=Han}/u.test(title) ? ('zh' as const) : ('en' as const), title },
    ...{ version: 1, topics: [], audience: 'customer' as const, chunks: cutChunks(body) },
    ...{ valid_from: null, valid_until: null, review_by: null, vectors: collectVectors(views), ...rest },
  };
}

async function ask(articles: IndexedArticle[], text: string, language: string, options: RetrieveOptions = {}) {
  const question = { text, vector: await embed(text), language, topics: [] };
  return createRetriever(articles, parts).retrieve(question, options);
}

describe('finding articles', () => {
  test('concepts find what shares no word with the question, across languages too', async () => {
    const vector = new Float32Array(encoder.info.dimensions).fill(1);
    const same = { vectors: { titleQuestion: vector, title: vector, chunks: [vector], sentences: [] } };
    const articles = await Promise.all([
      article('en-2fa', 'How to reset two-factor authentication', 'Open the settings.', same),
      article('en-fees', 'What trading fees are charged', 'See the table.', same),
      article('zh-2fa', '如何重置双重验证', '请打开设置。', same),
      article('zh-fees', '交易手续费是多少', '请看表格。', same),
    ]);
    const retriever = createRetriever(articles, parts);
    const first = (text: string, language: string, only: 'zh' | 'en') =>
      retriever.retrieve({ text, vector, language, topics: [] }, { languages: [only] }).passages[0]?.articleId;
    expect(first('what commission costs here', 'en', 'en')).toBe('en-fees');
    expect(first('抽成佣金', 'zh', 'en')).toBe('en-fees');
    expect(first('谷歌验证器解绑', 'zh', 'en')).toBe('en-2fa');
    expect(first('unlink my authenticator', 'en', 'zh')).toBe('zh-2fa');
  });

  test('of translations the preferred one is given, and where there is none the other, marked as foreign', async () => {
    const articles = await Promise.all([
      article('1', 'Parking a bicycle', 'In the yard.', { slug: 'bicycle' }),
      article('2', '自行车停放', '停在院子里。', { slug: 'bicycle' }),
      article('3', '食堂几点开门 lunch', '十二点。', { slug: 'lunch' }),
    ]);
    const found = async (text: string, options?: RetrieveOptions) =>
      (await ask(articles, text, 'en', options)).passages.map(({ articleId, foreign }) => [articleId, foreign]);
    expect(await found('parking a bicycle')).toEqual([
      ['1', false],
      ['3', true],
    ]);
    expect(await found('lunch', { limit: 1 })).toEqual([['3', true]]);
    expect(await found('parking a bicycle', { languages: ['zh', 'en'], limit: 1 })).toEqual([['2', false]]);
  });

  test('the right part of the right version is quoted, its nearest sentence first', async () => {
    const body =
      '## Bus\n\nBuses leave at eight.\n\n## Ferry\n\nFerries leave at nine.\nBuy the ferry ticket on board.';
    const { passages } = await ask(
      [await article('a', 'Timetables', body, { version: 7 })],
      'where to buy the ticket for the ferry',
      'en',
    );
    expect(passages[0]).toMatchObject({ version: 7, chunk: { heading: 'Ferry' } });
    expect(passages[0]?.nearest[0]?.text).toBe('Buy the ferry ticket on board.');
    expect(passages[0]?.chunks).toHaveLength(2);
  });

  test('a topic that question and article share decides between equals', async () => {
    const articles = await Promise.all([
      article('in', 'It takes long', 'Please wait.', { topics: ['deposit'] }),
      article('out', 'It takes long', 'Please wait.', { topics: ['withdrawal'] }),
    ]);
    const retriever = createRetriever(articles, parts);
    const first = async (topics: string[]) =>
      retriever.retrieve({ text: 'so slow', vector: await embed('so slow'), language: 'en', topics }).passages[0];
    expect((await first(['withdrawal']))?.articleId).toBe('out');
    expect((await first(['deposit', 'withdrawal']))?.articleId).toBe('in');
  });

  test('one sentence that says it decides where title and sections are alike', async () => {
    const axis = (at: number) => new Float32Array(encoder.info.dimensions).map((_, index) => (index === at ? 1 : 0));
    const vectors = { titleQuestion: axis(0), title: axis(0), chunks: [axis(0)] };
    const articles = await Promise.all([
      article('other', 'Bicycles', 'In the yard.', { vectors: { ...vectors, sentences: [axis(1), axis(2)] } }),
      article('same', 'Bicycles', 'In the yard.', { vectors: { ...vectors, sentences: [axis(1), axis(3)] } }),
      article('none', 'Bicycles', 'In the yard.', { vectors: { ...vectors, sentences: [] } }),
    ]);
    const query = { text: 'where', vector: axis(3), language: 'en', topics: [] };
    const { passages } = createRetriever(articles, parts).retrieve(query);
    expect(passages.map(({ articleId }) => articleId)[0]).toBe('same');
    expect(passages[0]?.score).toBeGreaterThan(passages[1]?.score ?? 1);
  });

  test('sentences of paragraphs are read one by one, steps and bullets only with their section', () => {
    const body = `You can wait. Or you ask "where is it".\n\n## Steps\n\n1. Open the door.\n\n## Causes\n\n- Wind`;
    const sentences = (text: string) =>
      viewsOf({ title: 'Door', body: text }).filter(({ kind }) => kind === 'sentence');
    expect(sentences(body).map(({ text, position, embedding }) => [text, position, embedding])).toEqual([
      ['You can wait.', 0, 'query'],
      ['Or you ask "where is it".', 1, 'query'],
    ]);
    expect(sentences('It rains. '.repeat(200))).toHaveLength(64);
  });

  test('without any article nothing fits', async () => {
    expect(await ask([], 'anything', 'en')).toEqual({ passages: [], fits: false, confidence: 0 });
  });
});

describe('searching by words', () => {
  test('a rare word counts more than a common one, and a word that no document has lowers all', () => {
    const bag = (...terms: string[]) => new Map(terms.map((term) => [term, 1]));
    const bm25 = new Bm25([bag('fee', 'card'), bag('fee', 'limit'), bag('fee', 'tax')], 1);
    const [card, limit] = bm25.score(bag('fee', 'card'));
    expect(card).toBeGreaterThan(limit ?? 1);
    expect(bm25.score(bag('card', 'zebra'))[0]).toBeLessThan(bm25.score(bag('card'))[0] ?? 0);
    expect([...bm25.score(bag('zebra'))]).toEqual([0, 0, 0]);
  });

  test('words of both languages that mean alike are one concept', () => {
    const shared = (left: string, right: string) => {
      const known = readWords(parts, right).concepts;
      return [...readWords(parts, left).concepts.keys()].filter((concept) => known.has(concept));
    };
    expect(shared('提现卡住了', 'my withdrawal is stuck')).toEqual(expect.arrayContaining(['withdraw', 'pending']));
    expect(shared('收不到短信', 'fees')).toEqual([]);
  });

  test.each([
    ['App 卡得要死', 'slow', 'card'],
    ['银行卡扣了钱', 'card', 'slow'],
    ['there was no liquidity in the book', 'liquidity', 'liquidation'],
    ['my positions were liquidated', 'liquidation', 'liquidity'],
    ['my accountant wants it', 'tax', 'account'],
    ['please note the new menu', 'layout', 'memo'],
    ['paying in instalments', 'instalment', 'install'],
    ['how do I enable 2FA', 'turn_on', 'reset'],
    ['the spread is huge', 'spread', 'funding'],
  ])('%s is about %s, not %s', (text, concept, other) => {
    const found = [...readWords(parts, text).concepts.keys()];
    expect(found).toContain(concept);
    expect(found).not.toContain(other);
  });

  test('topics agree fully, in part, or not at all; silence says nothing', () => {
    const match = (left: string[], right: string[]) => matchTopics(weighTopics(left), weighTopics(right));
    expect(match(['a'], ['a'])).toBeCloseTo(1);
    expect(match(['a'], ['b'])).toBe(0);
    expect(match(['a', 'b'], ['b'])).toBeGreaterThan(0);
    expect(match(['a', 'b'], ['a'])).toBeGreaterThan(match(['a', 'b'], ['b']));
    expect(match([], ['a'])).toBe(0.5);
  });
});
