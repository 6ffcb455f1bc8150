import { expect, test } from 'vitest';
import { canTell } from '../../../src/replies/asked.ts';
import { itemOf, passage, suggestFor } from './items.ts';

const CARD = passage({
  articleId: 'card',
  title: 'My card payment has not been credited',
  topics: ['deposit'],
  text: 'A card payment may only be a pre-authorisation.\n\n## Steps\n\n1. Open Assets → Deposit history.',
  score: 0.93,
});
const COIN = passage({
  articleId: 'coin',
  topics: ['deposit'],
  text: 'The minimum deposit is on the page.',
  score: 0.92,
});
const described = { type: 'question', topics: ['deposit'], priority: 'P4' } as const;

test.each([
  ['What is the minimum deposit by card?', false],
  ['Hi, what is the minimum deposit by card?', false],
  ['How long does a card payment take?', false],
  ['What is the most I can pay by card, is there a maximum?', true],
  ['My card payment is not there, what now?', true],
  ['银行卡充值最低多少钱？', false],
  ['刷卡充值多久能到账？', false],
])('an article is an answer to %s: %s', (question, isAnswer) => {
  expect(canTell(CARD, question)).toBe(isAnswer);
});

test('a question for a limit is not answered from an article that does not tell it, nor from the next best', async () => {
  const { suggestions, none } = await suggestFor(
    { ...described, text: 'What is the minimum deposit by card?' },
    { passages: [CARD, COIN] },
  );
  expect([suggestions, none]).toEqual([[], 'no_article']);
  const told = await suggestFor({ ...described, text: 'What is the minimum deposit?' }, { passages: [COIN] });
  expect(told.suggestions[0]?.text).toContain('The minimum deposit is on the page.');
});

test('what a mail quotes of an earlier one is not taken for the customer’s own sums and times', async () => {
  const own = '10月22日申请出金4,800美元，单号F20261022-0098，一直没到账。';
  const quotes = [
    '-----原始邮件-----\n发件人：客户支持\n发送时间：2026年10月30日 16:20\n金额 900 美元已催促。',
    '> 2026年10月30日 16:20 客服：900 美元已催促',
    'On Mon, 2 Nov 2026 at 10:14, Support wrote:\n> We pushed 900 USD.',
  ];
  for (const quote of quotes) {
    const { facts } = await itemOf({ text: `${own}\n\n${quote}`, topics: ['withdrawal'] });
    expect(facts.map(({ text }) => text)).toEqual(['F20261022-0098', '4,800美元', '10月22日']);
  }
});

test('the hash of a transfer is known as its reference, shown by its ends, and not asked for again', async () => {
  const hash = '65573a01f155525461cef28b8ba08431e28c59df5ffee0a31116d94f02128077';
  const { suggestions } = await suggestFor({
    text: `Sent 2 BTC at 04:30, 19 confirmations on chain, no deposit. txid ${hash}`,
    topics: ['deposit'],
    flags: ['funds_at_risk'],
    channel: 'chat',
  });
  expect(suggestions[0]?.text).toContain('reference 65573a01…128077');
  for (const { text } of suggestions) expect(text).not.toContain('TXID for a transfer');
});

test('a hint far behind the nearest article, which is about another topic, is not given', async () => {
  const described = {
    text: '我提现的时候选错链了，对方没收到',
    topics: ['deposit'],
    flags: ['funds_at_risk'],
  } as const;
  const out = { articleId: 'out', language: 'zh', topics: ['withdrawal'], text: '1. 请查看提现记录。' };
  const into = { articleId: 'in', language: 'zh', topics: ['deposit'], text: '1. 请停止继续向同一地址转入。' };
  const draft = async (score: number) => {
    const passages = [passage({ ...out, score: 0.87 }), passage({ ...into, score })];
    const { suggestions } = await suggestFor(described, { passages });
    expect(suggestions[0]?.text).toContain('走错了链');
    return suggestions.some(({ text }) => text.includes('停止继续'));
  };
  expect([await draft(0.71), await draft(0.86)]).toEqual([false, true]);
});

test('whoever has tried it all gets no steps from articles, and whoever wrote before is not asked to explain again', async () => {
  const face = passage({ articleId: 'face', topics: ['identity_verification'], text: '1. Face the light.' });
  const described = { topics: ['identity_verification'], channel: 'chat' } as const;
  const text = 'The face check rejects me with "blurry".';
  const first = await suggestFor({ ...described, text }, { passages: [face] });
  const tried = await suggestFor({ ...described, text: `${text} I tried 9 times.` }, { passages: [face] });
  expect(first.suggestions[0]?.text).toContain('Face the light.');
  for (const suggestion of tried.suggestions) expect(suggestion.text).not.toContain('Face the light.');
  expect(first.suggestions[0]?.text).toContain('roughly when you last tried');
  const again = await suggestFor({ ...described, text, priorContacts: 2 }, { passages: [face] });
  for (const suggestion of again.suggestions) expect(suggestion.text).not.toContain('roughly when');
});
