import { expect, test } from 'vitest';
import type { ClusterItem } from '../../../../src/clusters/item.ts';
import { nameClusters } from '../../../../src/clusters/naming/name.ts';
import { chooseQuotes } from '../../../../src/clusters/naming/quotes.ts';
import { DATA_FOLDER } from '../../../../src/context.ts';
import { loadPolicy } from '../../../../src/policy.ts';
import { direction, makeItem } from '../items.ts';

const { naming, taxonomy } = await loadPolicy(DATA_FOLDER);
const items = (topic: string, ...texts: readonly string[]): ClusterItem[] =>
  texts.map((text, at) => makeItem(`${topic}${at}`, text, topic));

const WITHDRAWALS = items(
  'w',
  '提现两天了还没到账',
  '我的提现一直没到账，急用',
  '出金三天没收到',
  'my withdrawal has not arrived',
  'still waiting for the withdrawal, three days now',
);
const BANK = items(
  'b',
  '提现到招商银行没到账',
  '招商银行提现三天没到账',
  '提现没到账，招商银行说没收到',
  '招商银行，提现迟迟不到',
  'my withdrawal to my merchants bank has not arrived',
  'withdrawal to merchants bank not received',
);
const WATCHES = items(
  'a',
  'please make an Apple Watch app for charts',
  'an apple watch app would be lovely',
  'is there an Apple Watch app planned?',
  'I trade from my wrist, so an apple watch app please',
);
const REST = items('r', 'how do I change my e-mail', '你好', 'what is the fee', '手续费是多少', 'great app');

const topicOf = (key: string) => {
  const topic = taxonomy.topics.find((one) => one.key === key);
  return topic && { key, name: { zh: topic.name.zh, en: topic.name.en } };
};

test('a matter that is known has its name in both languages', () => {
  const [name] = nameClusters([{ items: WITHDRAWALS }, { items: WATCHES }], REST, naming);
  expect(name?.title).toEqual({ zh: '提现长时间未到账', en: 'Withdrawals not arriving' });
});

test('what nobody has thought of is named by its topic and its best phrase, without generic words', () => {
  const [, bare] = nameClusters([{ items: WITHDRAWALS }, { items: WATCHES }], REST, naming);
  expect(bare?.phrases.en[0]).toBe('apple watch');
  expect(bare?.phrases.zh).toEqual([]);
  expect(bare?.title).toEqual({ zh: 'Apple watch', en: 'Apple watch' });
  const [named] = nameClusters([{ items: WATCHES, topic: topicOf('product_features') }], REST, naming);
  expect(named?.title).toEqual({ zh: '产品功能：Apple watch', en: 'Product features: Apple watch' });
});

test('a name says what it is about and what is wrong, in words that the reader knows', () => {
  const statements = items(
    's',
    '月结单下载下来是空白的PDF',
    '对账单的PDF打开是空白的',
    'The monthly statement is a blank document',
    'my statement is blank again',
  );
  const [both] = nameClusters([{ items: statements, topic: topicOf('legal_privacy') }], REST, naming);
  expect(both?.title.zh).toMatch(/^法律隐私：(PDF、空白|空白、PDF)$/u);
  expect(both?.title.en).toMatch(/: (statement, blank|blank, statement)$/u);
  const stops = items('z', '止损没有触发', '黄金止损不触发', '止损根本不触发');
  const limits = items('l', '改价变成市价成交', '一改价就市价成交', '改价后市价成交了');
  const topic = topicOf('order_execution');
  const [stop, limit] = nameClusters(
    [
      { items: stops, topic },
      { items: limits, topic },
    ],
    REST,
    naming,
  );
  expect(stop?.title.en).toBe('Order execution: stop loss');
  // Its phrases are not known in English, but what they are about is.
  expect(limit?.title.en).toMatch(/^Order execution: .*\bfill\b/u);
  expect(limit?.title.zh).toContain('市价成交');
  const [one, other] = nameClusters(
    [
      { items: limits, topic },
      { items: items('k', '跳空滑价严重', '滑价严重'), topic },
    ],
    REST,
    naming,
  );
  expect(one?.title.en).not.toBe(other?.title.en);
});

test('messages that share no words are named by what they are about, the same in both languages', () => {
  const charts = items(
    'c',
    '图表切到4小时就卡住不动了',
    'the graph locks up as soon as I tap another interval',
    '看K线整个页面没反应',
    'candles freeze for me',
  );
  const topic = topicOf('market_data');
  const [name] = nameClusters([{ items: charts, topic }], [], naming);
  expect(name?.title.en).toMatch(/^Market data: .*chart/iu);
  expect(name?.title.zh).toMatch(/^行情数据：.*(图表|K线)/u);
  const strangers = items('u', 'alpha beta', '你好呀', 'gamma delta');
  expect(nameClusters([{ items: strangers, topic }], [], naming)[0]?.title.en).toBe('Market data');
});

test('two clusters of one name are told apart by what is said in them', () => {
  const [one, other] = nameClusters([{ items: BANK }, { items: WITHDRAWALS }], REST, naming);
  expect(one?.title.zh).toMatch(/^提现长时间未到账（招商银行|银行）$|（.*招商.*）/u);
  expect(other?.title.zh).not.toBe(one?.title.zh);
});

test('one is told apart from titles that others have, with a phrase or without, and from no longer ones', () => {
  const titled = (zh: string, en: string) => nameClusters([{ items: BANK }], REST, naming, [{ zh, en }])[0]?.title;
  const plain = { zh: '提现长时间未到账', en: 'Withdrawals not arriving' };
  expect(titled('提现长时间未到账', 'Deposits')?.zh).toMatch(/^提现长时间未到账（.+）$/u);
  expect(titled('提现长时间未到账（银行卡）', 'Withdrawals not arriving (bank)')?.en).toMatch(
    /^Withdrawals not arriving \(.+\)$/u,
  );
  expect(titled('提现长时间未到账和冻结', 'Withdrawals not arriving on Sundays')).toEqual(plain);
});

test('phrases stand in at least two messages and none contains the other', () => {
  const [name] = nameClusters([{ items: WITHDRAWALS }], REST, naming);
  const { zh } = name?.phrases ?? { zh: [] };
  for (const [at, phrase] of zh.entries())
    for (const other of zh.slice(at + 1)) expect(phrase.includes(other) || other.includes(phrase)).toBe(false);
  expect(zh.length).toBeGreaterThan(0);
});

test('names are the same every time, and there is one for everything', () => {
  const groups = [{ items: WITHDRAWALS }, { items: WATCHES }, { items: [] }, { items: items('x', '...', '!!') }];
  expect(nameClusters(groups, REST, naming)).toEqual(nameClusters(groups, REST, naming));
  for (const { title } of nameClusters(groups, REST, naming))
    expect(Math.min(title.zh.length, title.en.length)).toBeGreaterThan(0);
  expect(nameClusters([], REST, naming)).toEqual([]);
});

test('quotes are typical, of different people and texts, and of both languages', () => {
  const stranger = makeItem('odd', 'something else entirely, about the weather', 'weather');
  const all = [...WITHDRAWALS, stranger];
  const features = all.map(({ id, vector }) => ({
    dense: id === 'odd' ? direction('far away').map((value) => value / 10) : vector,
  }));
  const chosen = chooseQuotes(all, features).map((row) => all[row]);
  expect(chosen).toHaveLength(3);
  expect(chosen).not.toContain(stranger);
  expect(new Set(chosen.map((item) => item?.language))).toEqual(new Set(['zh', 'en']));
  const repeated = WITHDRAWALS.map((item) => ({ ...item, customer: 'c-1' }));
  expect(chooseQuotes(repeated, features)).toHaveLength(1);
  expect(chooseQuotes([], [])).toEqual([]);
});
