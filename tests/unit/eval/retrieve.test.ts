import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT_ROOT } from '../../../src/config.ts';
import { type QueryResult, scoreRetrieval } from '../../../src/eval/retrieve-scores.ts';
import { readBilingualFaq, readEvalArticles, readEvalQueries } from '../../../src/eval/retrieve-set.ts';
import { makeFolder } from '../../_util/db.ts';

const result = (rank: number | null, pair: string, fits: boolean, confidence: number): QueryResult => ({
  id: '1',
  lang: pair.slice(0, 2),
  text: 'x',
  answer_ids: pair === '' ? [] : ['a'],
  found: [],
  rank,
  pair_ranks: pair === '' ? {} : { [pair]: rank },
  confidence,
  fits,
});

test('counts places, pairs and refusals', () => {
  const scores = scoreRetrieval([
    result(1, 'zh_zh', true, 0.9),
    result(3, 'zh_zh', true, 0.7),
    result(null, 'en_zh', false, 0.3),
    result(null, '', false, 0.2),
    result(null, '', true, 0.6),
  ]);
  expect(scores).toMatchObject({ queries: 5, answerable: 3, no_answer_precision: 0.5, no_answer_recall: 0.5 });
  expect(scores.recall_at_1).toBeCloseTo(1 / 3);
  expect(scores.recall_at_3).toBeCloseTo(2 / 3);
  expect(scores.mrr).toBeCloseTo((1 + 1 / 3) / 3);
  // 0.9 and 0.7 lie above both, 0.3 above one of them.
  expect(scores.no_answer_auroc).toBeCloseTo(5 / 6);
  expect(scores.by_pair).toMatchObject({ zh_zh: { n: 2, recall_at_1: 0.5, recall_at_3: 1 }, zh_en: null, en_en: null });
});

test('reads articles of a folder and of lines, and refuses answers that are none', async () => {
  const shipped = await readEvalArticles(path.join(PROJECT_ROOT, 'data/articles'));
  for (const name of ['queries.jsonl', 'queries-held.jsonl']) {
    const queries = await readEvalQueries(path.join(PROJECT_ROOT, 'data/eval/dev', name), shipped);
    expect(queries.filter(({ answer_ids }) => answer_ids.length === 0).length).toBeGreaterThanOrEqual(36);
    const answered = new Set(queries.flatMap(({ answer_ids }) => answer_ids));
    expect(shipped.filter(({ id }) => !answered.has(id))).toEqual([]);
  }
  await using made = await makeFolder();
  const [articles, queries] = ['a.jsonl', 'q.jsonl'].map((name) => path.join(made.folder, name)) as [string, string];
  await writeFile(articles, '{"id":1,"lang":"zh-CN","title":"标题","body":"正文","extra":true}\n');
  await writeFile(queries, '{"id":"q","lang":"en","text":"hello","answer_ids":["2"]}\n');
  const read = await readEvalArticles(articles);
  expect(read).toEqual([{ id: '1', lang: 'zh', title: '标题', body: '正文' }]);
  await expect(readEvalQueries(queries, read)).rejects.toThrow('query q: answer_ids names 2, which is no article');
  await expect(readEvalArticles(path.join(made.folder, 'none'))).rejects.toThrow('there is no such file');
});

test('every question of the bilingual set is answered in the other language', async () => {
  const { articles, queries } = await readBilingualFaq(path.join(PROJECT_ROOT, 'data/eval/crypto_faq/faq_en_zh.jsonl'));
  expect([articles.length, queries.length]).toEqual([112, 112]);
  for (const { lang, answer_ids } of queries)
    expect(articles.find(({ id }) => id === answer_ids[0])?.lang).toBe(lang === 'zh' ? 'en' : 'zh');
});
