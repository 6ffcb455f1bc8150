import { describe, expect, it } from 'vitest';
import { fired, lexiconOf, rulesOf } from '../../_util/rules.ts';
import { loadCore } from '../../_util/triage.ts';

const rules = rulesOf(`
hit: { when: { phrases: [hit, '被盗'] }, then: { points: 1 } }
heedless: { when: { phrases: [hit], unless: [negated] }, then: { points: 1 } }
`);
const lexicon = lexiconOf(
  "quoted: [{ phrases: [article, '文章'], voided_by: [my], reach: sentence, within: 6, side: both }]",
);
const holds = (text: string) => fired(text, rules, { lexicon }).includes('hit');

describe('words in quotation marks that the writer gives to somebody else', () => {
  it.each([
    'The article says "you are hit"',
    'The article says: “a b c d e f g h you are hit”',
    '文章说“账户被盗”',
    '文章的标题是「账户被盗怎么办」',
    '『账户被盗』这是文章的标题',
    '"hit" was in an article',
    'article: "one" and "hit"',
  ])('are out of force: %s', (text) => {
    expect(holds(text)).toBe(false);
  });

  it.each([
    ['without marks', 'The article says you are hit'],
    ['of the writer', '"hit"'],
    ['outside the marks', 'The article says "no" and I was hit'],
    ['in part', 'The article says "I was" hit'],
    ['too far away', 'The article one two three four five six seven says "hit"'],
    ['of another sentence', 'I read an article. "hit" is what I was'],
    ['voided between', 'The article and my "hit"'],
    ['that are never closed', 'The article says "hit'],
    ['that are closed in another line', 'The article says "one\nhit" two'],
    ['closed before', 'The article says “one” hit'],
  ])('%s are in force: %s', (_what, text) => {
    expect(holds(text)).toBe(true);
  });

  it('matter only to rules that mind them, which all do that name no scopes', () => {
    expect(fired('The article says "hit"', rules, { lexicon })).toEqual(['heedless']);
  });

  it('take as long as the text, whatever it holds', () => {
    const many = 'article "hit" '.repeat(1_400);
    expect(holds(many)).toBe(false);
    expect(holds(`${'"'.repeat(20_000)} hit`)).toBe(true);
  });
});

describe('the shipped lexicon', () => {
  it('tells an article and a stranger’s message from what happened to the customer', async () => {
    const core = await loadCore();
    const flagsOf = (text: string) => core.decide(text, { type: 'question' }).risk_flags;
    expect(flagsOf('I read an article with the title "My account was hacked overnight", nice one')).toEqual([]);
    expect(flagsOf('那篇文章“我的账户被盗了”写得真好')).toEqual([]);
    expect(flagsOf('I got a strange SMS: "your withdrawal is stuck, call us"')).not.toContain('funds_at_risk');
    expect(flagsOf('The app shows "withdrawal failed" since Monday')).toContain('funds_at_risk');
    expect(flagsOf('页面显示“提现失败”')).toContain('funds_at_risk');
    expect(flagsOf('"My account was hacked" is what I told your agent')).toContain('security_compromise');
  });
});
