import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { DATA_FOLDER } from '../../../src/context.ts';
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

function compare(left: string, right: string, slugs = ['a', 'b'], topics = [['withdrawal'], ['withdrawal']]) {
  const [own, other] = [left, right].map((body, at) =>
    readStatements(reader, {
      slug: slugs[at] ?? 'a',
      language: /\p{Script=Han}/u.test(body) ? 'zh' : 'en',
      topics: topics[at] ?? [],
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

  test.each([
    ['提现手续费为每笔 1 USDT。', 'A fee of 2 USDT is charged per withdrawal.'],
    ['提现审核一般在 24 小时内完成。', 'Withdrawals are reviewed within three business days.'],
    ['每天最多可提现 10 万元。', 'The daily limit for withdrawals is 50,000 yuan.'],
    ['账户锁定 24 小时后自动恢复登录。', 'A locked account can log in again after 30 minutes.'],
    ['SEPA 入金一般 3 个工作日到账。', 'SEPA deposits normally arrive within one business day.'],
    ['资金费率每 8 小时结算一次。', 'Funding is settled every 4 hours.'],
  ])('in a figure, also in two languages and not as translations: %s / %s', (left, right) => {
    expect(compare(left, right)).toEqual(['figure']);
    expect(compare(right, left)).toEqual(['figure']);
    expect(compare(left, right, ['a', 'b'], [['withdrawal'], ['education']])).toEqual([]);
  });

  test.each([
    ['提现手续费为每笔 1 USDT。', 'A withdrawal costs 1 USDT.'],
    ['提现手续费为每笔 1 USDT。', 'A deposit costs a fee of 2 USDT.'],
    ['提现手续费为每笔 1 USDT。', 'A fee of 0.0005 BTC is charged per withdrawal.'],
    ['TRC20 提现手续费为 1 USDT。', 'ERC20 withdrawals cost a fee of 5 USDT.'],
    ['SEPA 入金一般 1 个工作日到账。', 'SWIFT deposits normally arrive within five business days.'],
    ['银行卡充值 1 小时到账。', 'Deposits by bank transfer arrive within three days.'],
    ['充值一般 10 分钟到账。', 'Withdrawals arrive within 30 minutes.'],
    ['VIP1 的提现手续费为 1 USDT。', 'The withdrawal fee of VIP2 is 0.5 USDT.'],
    ['提现审核一般在 24 小时内完成。', 'Withdrawals are reviewed within one business day.'],
    ['提现审核需要 1–3 个工作日。', 'Withdrawals are reviewed within one business day.'],
    ['如果提现需要人工审核，请等 24 小时。', 'Withdrawals are reviewed within 2 hours.'],
    ['提现审核不会超过 48 小时。', 'Withdrawals are reviewed within 24 hours.'],
    ['二元期权的亏损以投入为限。', 'A loss of 5 yuan on binary options is the stake.'],
    ['二次验证可以在安全中心重置。', 'Two-factor authentication can be reset 3 times.'],
    ['提现不可以取消。', 'A withdrawal can be cancelled.'],
    ['每天最多可提现 5 万元。', 'The daily limit for withdrawals is 20,000 USD.'],
    ['您可以在 7 天内提现。', 'A withdrawal takes 3 days.'],
  ])('not in two languages where it may be something else: %s / %s', (left, right) => {
    expect(compare(left, right)).toEqual([]);
    expect(compare(right, left)).toEqual([]);
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
  expect(values('二元期权与二次验证，每次 2 元')).toEqual(['money:cny 2']);
});
