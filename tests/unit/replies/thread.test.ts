import { expect, test } from 'vitest';
import { openMatter } from '../../../src/replies/matter.ts';
import type { Thread } from '../../../src/replies/thread.ts';
import { readDocument } from '../../../src/triage/document.ts';
import { testLearning } from '../../_util/context.ts';
import { itemOf, suggestFor } from './items.ts';

const ASKED = {
  zh: '您好：\n\n麻烦发一下提现编号和状态截图。',
  en: 'Hello,\n\nPlease send us the withdrawal number and a screenshot of its status.',
};

test.each([
  ['zh', '我的提现两天了还没到账', '单号是 W20261110081240'],
  ['en', 'my withdrawal has not arrived for two days', 'the withdrawal number is W20261110081240'],
] as const)('what was asked and given is not asked again (%s)', async (language, first, given) => {
  const text = `${first}\n${given}`;
  const common = { text, language, topics: ['withdrawal'], flags: ['funds_at_risk'], told: [ASKED[language]] };
  const { situation, suggestions } = await suggestFor({ ...common, isSupplement: true });
  expect(situation?.situation).toBe('supplement');
  expect(suggestions.length).toBeGreaterThanOrEqual(2);
  const [full] = suggestions;
  expect(full?.text).toContain('W20261110081240');
  for (const { text: reply } of suggestions) {
    expect(reply).not.toMatch(/请把提现编号|麻烦发一下|send us the withdrawal number/u);
  }
});

test.each([
  ['zh', '还是没到账，都一个星期了，到底查得怎么样了'],
  ['en', 'still nothing after a week, any news on my withdrawal?'],
] as const)('who still waits gets neither the first answer nor its steps again (%s)', async (language, text) => {
  const common = { text, language, topics: ['withdrawal'], flags: ['funds_at_risk'] };
  const before = await suggestFor(common);
  const [sent] = before.suggestions;
  const { situation, suggestions } = await suggestFor({ ...common, told: [sent?.text ?? ''] });
  expect(situation?.situation).toBe('still_waiting');
  for (const { sentences } of suggestions) {
    const said = sentences.filter(({ role }) => !['greeting', 'closing'].includes(role)).map((one) => one.text);
    expect(said.filter((one) => sent?.text.includes(one))).toEqual([]);
  }
});

test('a step or a request that was sent before is left out, the rest stays', async () => {
  const described = { text: 'my withdrawal has not arrived', topics: ['withdrawal'], flags: ['funds_at_risk'] };
  const { suggestions } = await suggestFor(described);
  const need = suggestions[0]?.sentences.find(({ role }) => role === 'need')?.text ?? '';
  expect(need).not.toBe('');
  const again = await suggestFor({ ...described, flags: ['funds_at_risk', 'fraud_report'], told: [need] });
  expect(again.suggestions.length).toBeGreaterThan(0);
  for (const { text } of again.suggestions) expect(text).not.toContain(need);
});

test('two references are given, and none is asked for', async () => {
  const { suggestions } = await suggestFor({
    text: '提现单号 W20261110081240 和 W20261110081255 都没到账',
    topics: ['withdrawal'],
    flags: ['funds_at_risk'],
  });
  expect(suggestions.length).toBeGreaterThan(0);
  for (const { text } of suggestions) expect(text).not.toContain('请把提现编号');
});

test('who named the device is not asked which one it is', async () => {
  const asked = async (text: string) => {
    const { suggestions } = await suggestFor({ text, topics: ['app_stability'], priority: 'P3' });
    return suggestions.map((one) => one.text).join('\n');
  };
  expect(await asked('App 一打开就闪退')).toContain('手机型号');
  expect(await asked('App 一打开就闪退，iPhone 15，iOS 18.2')).not.toContain('手机型号');
});

test('facts of all messages are known once; only those of the first say where they stand', async () => {
  const item = await itemOf({ text: '提现 500 USDT 没到账，单号 W20261110081240', topics: ['withdrawal'] });
  expect(item.facts.map(({ kind, text }) => [kind, text])).toEqual([
    ['reference', 'W20261110081240'],
    ['amount', '500 USDT'],
  ]);
});

const decided = (type: string, topics: string[], flags: string[] = [], confidence = 0.9) => ({
  type: { key: type, confidence, alternatives: [] },
  topics: topics.map((key) => ({ key, confidence: 0.9 })),
  risk_flags: flags,
  priority: 'P2' as const,
  language: 'en' as const,
});

async function matterOf(item: ReturnType<typeof decided>, open: ReturnType<typeof decided>, turn: Thread['turn']) {
  const { segmenter } = await testLearning();
  const [first, later] = ['my money is gone', 'and how do I change my phone number'].map((text) =>
    readDocument(segmenter, { text }),
  );
  if (first === undefined || later === undefined) throw new Error('two texts are two documents');
  const thread = { told: [], written: [later], turn, open: { decision: open, document: later } };
  return openMatter(item, first, thread);
}

test('after an answer a question about something else is answered by itself', async () => {
  const item = decided('technical_issue', ['withdrawal'], ['funds_at_risk', 'vulnerable']);
  const matter = await matterOf(item, decided('question', ['account_access']), 'follow_up');
  expect(matter).toMatchObject({ isNew: true, decision: { type: { key: 'question' }, risk_flags: ['vulnerable'] } });
  expect(matter.documents).toHaveLength(1);
});

test('a danger that nobody has answered comes before a later question', async () => {
  const item = decided('technical_issue', ['withdrawal'], ['funds_at_risk']);
  const matter = await matterOf(item, decided('question', ['account_access']), 'first');
  expect(matter).toMatchObject({ isNew: false, decision: { type: { key: 'technical_issue' } } });
  expect(matter.documents).toHaveLength(2);
});

test('a later hint of self-harm counts whatever the message seems to be about', async () => {
  const item = decided('question', ['withdrawal']);
  const matter = await matterOf(item, decided('other', [], ['self_harm'], 0.4), 'follow_up');
  expect(matter.decision.risk_flags).toContain('self_harm');
  expect(matter.isSupplement).toBe(false);
});
