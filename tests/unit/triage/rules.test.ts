import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { conditionSchema } from '../../../src/triage/conditions.ts';
import { orderRules } from '../../../src/triage/order-rules.ts';
import { ruleSchema } from '../../../src/triage/rules.ts';
import { evaluate, fired, lexiconOf, rulesOf } from '../../_util/rules.ts';

const names = (rules: readonly { name: string }[]) => rules.map(({ name }) => name);

describe('order', () => {
  it('puts a rule behind all that give what it asks for, and keeps the given order otherwise', () => {
    const rules = rulesOf(`
needs_both: { when: { all: [{ flag: danger }, { not: { fact: demo } }] }, then: { points: 1 } }
free: { when: { channel: [chat] }, then: { points: 1 } }
gives_flag: { when: { any: [{ fact: demo }, { channel: [chat] }] }, then: { flag: danger } }
gives_fact: { when: { phrases: [demo] }, then: { fact: demo } }
gives_fact_too: { when: { phrases: [paper] }, then: { fact: demo } }
`);
    expect(names(rules)).toEqual(['gives_fact', 'gives_fact_too', 'gives_flag', 'needs_both', 'free']);
  });

  it('minds what "unless" asks for', () => {
    const rules = rulesOf(`
loud: { when: { channel: [chat] }, unless: { fact: demo }, then: { points: 1 } }
demo: { when: { phrases: [demo] }, then: { fact: demo } }
`);
    expect(names(rules)).toEqual(['demo', 'loud']);
    expect(fired('a demo', rules)).toEqual(['demo']);
    expect(fired('no', rules)).toEqual(['loud']);
  });

  it.each([
    ['r1: { when: { fact: x }, then: { fact: x } }', 'r1 → r1'],
    [
      'r1: { when: { fact: y }, then: { fact: x } }\nr2: { when: { not: { fact: x } }, then: { fact: y } }',
      'r1 → r2 → r1',
    ],
    [
      'r1: { when: { channel: [chat] }, unless: { flag: z }, then: { flag: x } }\nr2: { when: { flag: x }, then: { flag: y } }\nr3: { when: { any: [{ flag: y }] }, then: { flag: z } }',
      'r1 → r3 → r2 → r1',
    ],
  ])('refuses rules that depend on one another: %j', (source, circle) => {
    expect(() => rulesOf(source)).toThrow(RangeError);
    expect(() => rulesOf(source)).toThrow(circle);
  });

  it('refuses a rule that asks for what no rule gives, and names both', () => {
    expect(() => rulesOf('r1: { when: { fact: ghost }, then: { points: 1 } }')).toThrow(/rule r1 .*fact:ghost/u);
    expect(() => rulesOf('r1: { when: { not: { flag: ghost } }, then: { points: 1 } }')).toThrow(/flag:ghost/u);
  });

  it('gives the same order whatever order it is given, for rules that hang together', () => {
    const rules = rulesOf(`
r1: { when: { channel: [chat] }, then: { fact: one } }
r2: { when: { fact: one }, then: { fact: two } }
r3: { when: { fact: two }, then: { fact: three } }
`);
    expect(names(orderRules([...rules].reverse()))).toEqual(['r1', 'r2', 'r3']);
    expect(orderRules([])).toEqual([]);
  });
});

describe('conditions', () => {
  const holds = (condition: string, text: string, facts = {}) =>
    fired(text, rulesOf(`it: { when: ${condition}, then: { points: 1 } }`), { facts }).length > 0;

  it.each([
    ['{ type: [question, praise] }', { type: 'praise' }, { type: 'other' }],
    ['{ topic: [deposit] }', { topics: ['fees_pricing', 'deposit'] }, { topics: ['withdrawal'] }],
    ['{ channel: [email] }', { channel: 'email' }, { channel: 'chat' }],
    ['{ tier: [vip] }', { tier: 'VIP' }, { tier: undefined }],
    ['{ prior_contacts_at_least: 2 }', { priorContacts: 2 }, { priorContacts: 1 }],
    ['{ reopened_at_least: 1 }', { reopened: 1 }, {}],
    ['{ similar_reports_at_least: 5 }', { reports: 5 }, { reports: 4 }],
    ['{ open_positions: true }', { openPositions: true }, { openPositions: undefined }],
    ['{ open_positions: false }', { openPositions: false }, { openPositions: undefined }],
    ['{ learned: { flag: churn, at_least: 0.5 } }', { learned: { churn: 0.5 } }, { learned: { churn: 0.49 } }],
    ['{ doubted: { flag: churn, below: 0.1 } }', { learned: { churn: 0.09 } }, { learned: {} }],
    [
      '{ learned: { type: praise, at_least: 0.5 } }',
      { heads: { types: [{ key: 'praise', probability: 0.5 }], topics: [] } },
      { heads: { types: [{ key: 'praise', probability: 0.4 }], topics: [] } },
    ],
    [
      '{ learned: { topic: deposit, at_least: 0.5 } }',
      { heads: { types: [], topics: [{ key: 'deposit', probability: 0.6 }] } },
      { heads: { types: [{ key: 'deposit', probability: 0.6 }], topics: [] } },
    ],
    [
      '{ doubted: { type: praise, below: 0.1 } }',
      { heads: { types: [{ key: 'praise', probability: 0.05 }], topics: [] } },
      {},
    ],
  ])('%s', (condition, yes, no) => {
    expect(holds(condition, 'x', yes)).toBe(true);
    expect(holds(condition, 'x', no)).toBe(false);
  });

  it('pattern: in force as phrases are, with the place that it fits', () => {
    const rules = rulesOf("code: { when: { pattern: 'tx-\\d{4}' }, then: { points: 1 } }");
    const lexicon = lexiconOf('negated: [{ phrases: [not], reach: clause, within: 3, side: before }]');
    expect(evaluate('It is TX-1234', rules, { lexicon }).fired[0]?.spans).toEqual([{ start: 6, end: 13 }]);
    expect(fired('It is not TX-1234', rules, { lexicon })).toEqual([]);
    expect(fired('TX-123', rules, { lexicon })).toEqual([]);
  });

  it('amount_usd_at_least looks at the largest sum', () => {
    const sum = (amountUsd: number) => ({ amount: amountUsd, currency: 'USD', amountUsd, start: 0, end: 1 });
    expect(holds('{ amount_usd_at_least: 100 }', 'x', { amounts: [sum(5), sum(100)] })).toBe(true);
    expect(holds('{ amount_usd_at_least: 100 }', 'x', { amounts: [sum(99.99), sum(50)] })).toBe(false);
    expect(holds('{ amount_usd_at_least: 100 }', 'x', { amounts: [] })).toBe(false);
  });

  it.each([
    ['WHY IS THIS SO SLOW', true],
    ['why is this so slow', false],
    ['太慢了！！！', true],
    ['too slow!!', false],
    ['OK', false],
    ['我的USDT没到账', false],
  ])('emphasis_at_least: "%s" → %s', (text, loud) => {
    expect(holds('{ emphasis_at_least: 0.7 }', text)).toBe(loud);
  });

  it('all, any and not', () => {
    const phrase = (word: string) => `{ phrases: [${word}] }`;
    expect(holds(`{ all: [${phrase('a')}, ${phrase('b')}] }`, 'a b')).toBe(true);
    expect(holds(`{ all: [${phrase('a')}, ${phrase('b')}] }`, 'a c')).toBe(false);
    expect(holds(`{ any: [${phrase('a')}, ${phrase('b')}] }`, 'c b')).toBe(true);
    expect(holds(`{ any: [${phrase('a')}, ${phrase('b')}] }`, 'c')).toBe(false);
    expect(holds(`{ not: { any: [${phrase('a')}, ${phrase('b')}] } }`, 'c')).toBe(true);
    expect(holds(`{ not: { not: ${phrase('a')} } }`, 'a')).toBe(true);
  });
});

describe('evaluation', () => {
  const rules = rulesOf(`
theft: { when: { phrases: [stolen, '被盗'] }, then: { flag: theft, points: 5 } }
theft_too: { when: { phrases: [robbed] }, then: { flag: theft } }
alarm: { when: { flag: theft }, then: { floor: P1 } }
calm: { when: { not: { flag: theft } }, then: { points: -1 } }
`);

  it('passes flags on to the rules behind, and shows where the words stand', () => {
    const outcome = evaluate('It was stolen, truly stolen. 被盗 被盗', rules);
    expect([...outcome.flags]).toEqual(['theft']);
    expect(outcome.fired.map(({ rule }) => rule.name)).toEqual(['theft', 'alarm']);
    expect(outcome.fired[0]?.spans).toEqual([
      { start: 7, end: 13 },
      { start: 21, end: 27 },
      { start: 29, end: 31 },
    ]);
  });

  it('runs "what if": a flag taken away or given changes what hangs on it and nothing else', () => {
    const without = { assume: { without: new Set(['theft']) } };
    expect(fired('stolen', rules, without)).toEqual(['calm']);
    expect(evaluate('stolen', rules, without).flags.size).toBe(0);
    expect(fired('nothing', rules, { assume: { with: new Set(['theft']) } })).toEqual(['alarm']);
  });
});

describe('rule files', () => {
  const parse = (changes: string) =>
    ruleSchema.safeParse({
      ...parseYaml('{ name: a_rule, sentence: { zh: 某, en: some }, when: { flag: x }, then: { points: 1 } }'),
      ...parseYaml(changes),
    });
  it.each([
    ['an unknown key', '{ wen: {} }'],
    ['no sentence in one language', '{ sentence: { en: some } }'],
    ['an empty effect', '{ then: {} }'],
    ['an unknown effect', '{ then: { flags: x } }'],
    ['half a point', '{ then: { points: 0.5 } }'],
    ['an unknown priority', '{ then: { floor: P0 } }'],
    ['a name with capitals', '{ name: A Rule }'],
    ['one example only', '{ examples: { fires: [x], silent: [y, z] } }'],
  ])('refuse %s', (_what, changes) => {
    expect(parse('{}').success).toBe(true);
    expect(parse(changes).success).toBe(false);
  });

  it.each([
    [{}],
    [{ flag: 'a', fact: 'b' }],
    [{ phrases: [] }],
    [{ phrases: ['~3 x'] }],
    [{ phrases: ['x'], unless: ['maybe'] }],
    [{ all: [] }],
    [{ not: [{ flag: 'a' }] }],
    [{ amount_usd_at_least: 0 }],
    [{ prior_contacts_at_least: 0 }],
    [{ learned: { flag: 'a', at_least: 2 } }],
    [{ learned: { at_least: 0.5 } }],
    [{ learned: { flag: 'a', topic: 'b', at_least: 0.5 } }],
    [{ pattern: '(?=a)b' }],
    [{ pattern: 'a', flags: 'g' }],
    [{ phrases: ['a ~30 b ~30 c ~30 d'] }],
    [{ phrases: ['a ?a ?a ?a ?a ?a ?a ?a ?a ?a ?a b'] }],
    ['flag'],
  ])('refuse the condition %j', (condition) => {
    expect(conditionSchema.safeParse(condition).success).toBe(false);
  });
});
