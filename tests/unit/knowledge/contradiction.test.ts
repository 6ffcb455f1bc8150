import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { DATA_FOLDER } from '../../../src/context.ts';
import type { ArticleLanguage } from '../../../src/knowledge/article.ts';
import { findContradictions, readStatements } from '../../../src/knowledge/contradiction.ts';
import { readFigures } from '../../../src/knowledge/figures.ts';
import { readFolder } from '../../../src/knowledge/read-folder.ts';
import type { WordReader } from '../../../src/knowledge/read-words.ts';
import { loadPolicy } from '../../../src/policy.ts';
import { Segmenter } from '../../../src/text/segment.ts';

let reader: WordReader;
beforeAll(async () => {
  const words = (await readFile(path.join(DATA_FOLDER, 'lexicons/words.txt'), 'utf8')).split('\n');
  reader = {
    segmenter: new Segmenter(words.filter((word) => word !== '' && !word.startsWith('#'))),
    concepts: (await loadPolicy(DATA_FOLDER)).concepts,
  };
});

function compare(left: string, right: string, slugs = ['a', 'b'], languages: ArticleLanguage[] = []) {
  const [own, other] = [left, right].map((body, at) =>
    readStatements(reader, {
      slug: slugs[at] ?? 'a',
      language: languages[at] ?? (/\p{Script=Han}/u.test(body) ? 'zh' : 'en'),
      body,
    }),
  );
  if (own === undefined || other === undefined) throw new Error('two bodies are two articles');
  return findContradictions(own, other).map(({ kind }) => kind);
}

describe('two articles contradict each other', () => {
  test.each([
    ['提现手续费为每笔 1 USDT。', '每笔提现收取 2 USDT 手续费。'],
    ['提现审核一般在 24 小时内完成。', '提现审核通常需要三个工作日。'],
    ['每日提现上限为 5 万元。', '每天最多可提现 10 万元。'],
    ['Withdrawals cost 1 USDT each.', 'A fee of 2 USDT is charged per withdrawal.'],
    ['Reviews of documents take one business day.', 'Your documents are reviewed within three business days.'],
    ['The daily limit for withdrawals is 50,000 USD.', 'You may withdraw at most $20,000 a day.'],
  ])('in a figure: %s / %s', (left, right) => {
    expect(compare(left, right)).toEqual(['figure']);
  });

  test.each([
    ['处理中的提现可以取消。', '提现在处理中时不可以取消。'],
    ['赠金不可以提现。', '赠金可以直接提现。'],
    ['You can cancel a withdrawal while it is pending.', 'A pending withdrawal cannot be cancelled.'],
    ['Joint accounts are supported.', 'We do not support joint accounts.'],
  ])('in what they allow: %s / %s', (left, right) => {
    expect(compare(left, right)).toEqual(['negation']);
  });

  test.each([
    ['提现手续费为每笔 1 USDT。', '每笔提现收取 1 USDT 手续费。'],
    ['VIP1 的手续费为 0.1%。', 'VIP2 的手续费为 0.08%。'],
    ['充值一般 10 分钟到账。', '提现一般 30 分钟到账。'],
    ['Deposits by card arrive within one hour.', 'Withdrawals to a card arrive within three days.'],
    ['Do not share your password with anyone.', 'You can change your password under Security.'],
    ['If a withdrawal is pending, you cannot cancel it.', 'A pending withdrawal can be cancelled.'],
  ])('not where they are about two things, say the same, or it depends: %s / %s', (left, right) => {
    expect(compare(left, right)).toEqual([]);
  });

  test('translations are compared by their figures, whatever the words and units', () => {
    const translated = (zh: string, en: string) => compare(zh, en, ['fees', 'fees']);
    expect(
      translated('审核需要 1–3 个工作日，费用 5 美元。', 'Reviews take one to three business days and cost $5.'),
    ).toEqual([]);
    expect(translated('24 小时内答复。', 'We answer within one day.')).toEqual([]);
    expect(translated('审核需要 48 小时。', 'The review takes 24 hours.')).toEqual(['figure']);
    expect(translated('手续费 0.2%。', 'The fee is 0.1 percent.')).toEqual(['figure']);
    // A figure that only one of them names may be a detail that the other leaves out.
    expect(translated('手续费 0.2%。', 'There is a fee.')).toEqual([]);
  });

  test('the shipped articles do not', async () => {
    const { articles } = await readFolder(path.join(DATA_FOLDER, 'articles'));
    const read = articles.map(({ article }) => readStatements(reader, article));
    const found = read.flatMap((own, at) => read.slice(at + 1).flatMap((other) => findContradictions(own, other)));
    expect(read.length).toBeGreaterThan(80);
    expect(found).toEqual([]);
  });
});

test('figures are read in both languages, in one unit per kind', () => {
  const values = (text: string) => readFigures(text).map(({ kind, value }) => `${kind} ${value}`);
  expect(values('两个工作日，最多 1.5 万元，约半小时')).toEqual(['business_time 48', 'money:cny 15000', 'time 0.5']);
  expect(values('two business days, at most 15,000 yuan, half an hour')).toEqual([
    'business_time 48',
    'money:cny 15000',
    'time 0.5',
  ]);
  expect(values('Wait 10–15 minutes; call 3 times')).toEqual(['time 0.166666667', 'time 0.25', 'times 3']);
  expect(values('Step 3 of the form 2026')).toEqual([]);
});
