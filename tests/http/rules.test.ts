import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { activatePolicy } from '../../src/policies/activate.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { OPEN_TIMEOUT_MS, TEST_TIMEOUT_MS } from '../_util/db.ts';
import { expectProblem } from '../_util/problem.ts';
import { rulesDocument } from '../_util/rules-document.ts';

const EXAMPLES = 'examples: { fires: [The pot arrived cracked, 到货就裂了 cracked], silent: [It is whole, 完好无损] }';
const CRACKED = rulesDocument(
  `cracked: { when: { phrases: [cracked] }, then: { floor: P1, points: 40 }, ${EXAMPLES} }`,
);
const MESSAGES = [{ text: 'The pot arrived cracked' }, { text: 'Please add dark mode' }];

let service: TestService;
let shipped: string;
beforeAll(async () => {
  service = await openTestService();
  shipped = service.context.policy.shipped.versions.rules;
}, OPEN_TIMEOUT_MS);
afterAll(() => service[Symbol.asyncDispose]());
beforeEach(async () => {
  await activatePolicy(service.context, 'rules', 'shipped', { kind: 'local' });
});

const read = async (response: Response, status = 200) => {
  const text = await response.text();
  expect({ status: response.status, text }).toMatchObject({ status });
  return JSON.parse(text);
};
const get = async (path: string) => await read(await service.request(path));
const post = async (path: string, body: unknown, status = 200) => await read(await service.post(path, body), status);
const priorityOf = async (text: string) => (await post('/v1/classify', { text })).priority;
const problemsOf = async (document: unknown): Promise<string[]> =>
  (await post('/v1/rules/validate', { document })).problems.map(
    ({ pointer, message }: { pointer: string; message: string }) => `${pointer}: ${message}`,
  );

describe('rules over HTTP', { timeout: TEST_TIMEOUT_MS }, () => {
  test('publish, look, decide, step back', async () => {
    expect(await get('/v1/rules')).toMatchObject({ in_force: shipped });
    const body = { document: CRACKED, parent: shipped, note: 'Asked for by lin@example.com' };
    const published = await post('/v1/rules', body, 201);
    expect(published).toMatchObject({ in_force: true, shipped: false, parent: shipped, actor: { kind: 'local' } });
    expect(published.note).not.toContain('lin@');
    expect(await priorityOf('The pot arrived cracked')).toBe('P1');
    expect((await get(`/v1/rules/${published.version}`)).document).toEqual(CRACKED);
    expect(await get('/v1/rules')).toMatchObject({ in_force: published.version });
    expect(await post('/v1/rules', { ...body, parent: published.version })).toEqual({ ...published });
    await post('/v1/rules/shipped/activate', undefined);
    expect(await priorityOf('The pot arrived cracked')).not.toBe('P1');
    expect(await post(`/v1/rules/${published.version}/activate`, undefined)).toMatchObject({ in_force: true });
    expect(await priorityOf('The pot arrived cracked')).toBe('P1');
  });

  test('a document of rules alone keeps the scopes and currencies in force', async () => {
    const { rules } = CRACKED;
    const { version } = await post('/v1/rules', { document: { rules }, parent: shipped }, 201);
    const { scopes } = service.context.policy.shipped.documents.rules as { scopes: object };
    expect((await get(`/v1/rules/${version}`)).document).toMatchObject({ rules, scopes });
    expect(await priorityOf('The pot did not arrive cracked')).toBe('P4');
  });

  test('YAML is the same document', async () => {
    const headers = { 'content-type': 'application/yaml' };
    const answer = await service.post('/v1/rules/validate', stringify({ document: CRACKED }), headers);
    const asJson = await post('/v1/rules/validate', { document: CRACKED });
    expect(await read(answer)).toEqual(asJson);
    expect(asJson).toMatchObject({ valid: true, rules: 1, examples: 4, problems: [] });
    const broken = await service.post('/v1/rules/validate', 'document: {', headers);
    await expectProblem(broken, { status: 400, code: 'bad_request' });
    const circular = await service.post('/v1/rules/validate', 'document: &a { rules: [*a, *a] }', headers);
    await expectProblem(circular, { status: 400, code: 'bad_request' });
  });

  test('what was made from another version is refused, and nothing changes', async () => {
    await service.post('/v1/rules', { document: CRACKED, parent: shipped });
    const late = await service.post('/v1/rules', { document: CRACKED, parent: shipped });
    const { detail } = await expectProblem(late, { status: 409, code: 'conflict' });
    expect(detail).toContain('is in force by now');
    for (const path of ['/v1/rules/none', '/v1/rules/000000000000'])
      await expectProblem(await service.request(path), { status: 404, code: 'not_found' });
  });

  test('rules whose own examples fail are told why, and cannot be published', async () => {
    const broken = rulesDocument(
      'cracked: { when: { phrases: [cracked] }, unless: { channel: [chat] }, then: { points: 4 }, examples: { fires: [The pot is broken, { text: It is cracked, channel: chat }], silent: [whole, It is cracked] } }',
    );
    expect(await problemsOf(broken)).toEqual([
      '/document/rules/0/examples/fires/0: should fire the rule and does not (cracked): missing: words that the rule names',
      '/document/rules/0/examples/fires/1: should fire the rule and does not (cracked): its exception holds: the channel chat',
      '/document/rules/0/examples/silent/1: should not fire the rule and does (cracked): cracked',
    ]);
    await expectProblem(await service.post('/v1/rules', { document: broken, parent: shipped }), {
      status: 422,
      code: 'invalid_input',
      pointers: ['fires/0', 'fires/1', 'silent/1'].map((at) => `/document/rules/0/examples/${at}`),
    });
    expect(await get('/v1/rules')).toMatchObject({ in_force: shipped });
  });

  test('examples with facts of their own, and those that ask the heads', async () => {
    const facts = rulesDocument(`
vip_fault:
  when: { all: [{ tier: [vip] }, { type: [technical_issue] }, { similar_reports_at_least: 3 }, { amount_usd_at_least: 9 }] }
  then: { points: 4 }
  examples:
    fires:
      - { text: x, type: technical_issue, reports: 3, customer: { tier: vip }, amounts: [{ amount: 9, currency: USD }] }
      - { text: 我的 9 usd, type: technical_issue, reports: 4, customer: { tier: VIP } }
    silent:
      - { text: 9 usd, type: technical_issue, reports: 2, customer: { tier: vip } }
      - { text: 9 usd, type: question, reports: 3, customer: { tier: vip } }
sure:
  when: { learned: { topic: deposit, at_least: 0.9 } }
  then: { points: 1 }
  examples: { fires: [{ text: a, learned: { deposit: 0.9 } }, { text: b, learned: { deposit: 1 } }], silent: [{ text: a, learned: { deposit: 0.8 } }, { text: b, learned: {} }] }
any_type:
  when: { learned: { type: praise, at_least: 0 } }
  then: { points: 1 }
  examples: { fires: [thanks, 谢谢], silent: [{ text: a, learned: {} }, { text: b, learned: { question: 1 } }] }
`);
    // A label that nobody knows has the probability 0, which reaches 0.
    expect(await problemsOf(facts)).toEqual([
      '/document/rules/2/examples/silent/0: should not fire the rule and does (any_type): any_type',
      '/document/rules/2/examples/silent/1: should not fire the rule and does (any_type): any_type',
    ]);
  });

  test.each([
    [
      'an unknown condition',
      'r1: { when: { chanel: [chat] }, then: { points: 1 } }',
      '/rules/0/when',
      'there is no condition chanel; it must be',
    ],
    [
      'two conditions',
      'r1: { when: { all: [{ flag: churn, fact: x }] }, then: { points: 1 } }',
      '/rules/0/when/all/0',
      'holds flag and fact',
    ],
    [
      'an unknown field',
      'r1: { when: { phrases: [a], unles: [] }, then: { points: 1 } }',
      '/rules/0/when/unles',
      'is not a known field',
    ],
    [
      'an unknown flag',
      'r1: { when: { phrases: [a] }, then: { flag: broken } }',
      '/rules/0/then/flag',
      'there is no risk flag broken',
    ],
    [
      'an unknown type',
      'r1: { when: { not: { type: [question, idea] } }, then: { points: 1 } }',
      '/rules/0/when/not/type/1',
      'there is no type idea',
    ],
    [
      'an unknown topic',
      'r1: { when: { learned: { topic: shoes, at_least: 0.1 } }, then: { points: 1 } }',
      '/rules/0/when/learned/topic',
      'there is no topic shoes',
    ],
    [
      'a circle',
      'r1: { when: { fact: y }, then: { fact: x } }\nr2: { when: { fact: x }, then: { fact: y } }',
      '/rules/0',
      'rules depend on one another: r1 → r2 → r1',
    ],
    [
      'a fact of nobody',
      'r1: { when: { fact: y }, then: { points: 1 } }',
      '/rules/0',
      'asks for fact:y, which no rule gives',
    ],
    [
      'look-around',
      "r1: { when: { pattern: 'a(?=b)' }, then: { points: 1 } }",
      '/rules/0/when/pattern',
      'cannot be matched in linear time',
    ],
    [
      'a back reference',
      "r1: { when: { pattern: '(a)\\1' }, then: { points: 1 } }",
      '/rules/0/when/pattern',
      'back references',
    ],
    [
      'a slow expression',
      "r1: { when: { pattern: '((a{0,30}){0,30})b' }, then: { points: 1 } }",
      '/rules/0/when/pattern',
      'too large',
    ],
    [
      'a long expression',
      `r1: { when: { pattern: ${'a'.repeat(513)} }, then: { points: 1 } }`,
      '/rules/0/when/pattern',
      'at most 512',
    ],
    [
      'a slow phrase',
      'r1: { when: { phrases: [b, a ~30 b ~30 c ~30 d] }, then: { points: 1 } }',
      '/rules/0/when/phrases/1',
      'can be filled in',
    ],
    [
      'what the database cannot hold',
      'r1: { when: { fact: "a\\0" }, then: { points: 1 } }',
      '/rules/0/when/fact',
      'U+0000',
    ],
  ])('a problem is told with its place: %s', async (_what, source, pointer, reason) => {
    const sources = source.replaceAll(/\}$/gmu, `, ${EXAMPLES} }`);
    const found = await problemsOf(rulesDocument(sources));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`/document${pointer}: `);
    expect(found[0]).toContain(reason);
  });

  test('all problems at once, names that are there twice among them', async () => {
    const one = rulesDocument(`r1: { when: { phrases: [a] }, then: { flag: x1 }, ${EXAMPLES} }`).rules;
    const two = rulesDocument(`r1: { when: { topic: [x2] }, then: { type: x3 }, ${EXAMPLES} }`).rules;
    const found = await problemsOf({ ...CRACKED, rules: [...one, ...two] });
    expect(found.map((line) => line.split(':')[0])).toEqual([
      '/document/rules/0/then/flag',
      '/document/rules/1/name',
      '/document/rules/1/then/type',
      '/document/rules/1/when/topic/0',
    ]);
  });

  test('a dry run tells what would change and changes nothing', async () => {
    const { rules } = CRACKED;
    const tried = await post('/v1/rules/dry-run', { document: { rules }, items: MESSAGES });
    expect(tried.totals).toMatchObject({ items: 2, changed: tried.changes.length });
    expect(tried.totals.priorities).toContainEqual({ from: expect.any(String), to: 'P1', items: 1 });
    expect(tried.changes[0]).toMatchObject({
      item: 0,
      change: { priority: { to: 'P1' }, rules_added: expect.arrayContaining(['cracked']) },
    });
    expect(await get('/v1/rules')).toMatchObject({ in_force: shipped });
    const same = service.context.policy.documents.rules;
    expect(await post('/v1/rules/dry-run', { document: same, items: MESSAGES })).toMatchObject({
      version: shipped,
      totals: { items: 2, changed: 0, priorities: [] },
      changes: [],
    });
  });

  test('a dry run on stored items; what people decided stays', async () => {
    const [{ id }, settled] = await Promise.all(MESSAGES.map((message) => post('/v1/feedback', message, 201)));
    await post(`/v1/feedback/${settled.id}/corrections`, { priority: 'P2' }, 201);
    const all = rulesDocument(`all_urgent: { when: { channel: [other] }, then: { floor: P1 }, ${EXAMPLES} }`);
    const { totals, changes } = await post('/v1/rules/dry-run', { document: all, last: 2 });
    expect(totals).toMatchObject({ items: 2, priorities: [{ to: 'P1', items: 1 }] });
    expect(changes.find(({ item }: { item: string }) => item === id).change.priority.to).toBe('P1');
    const both = await service.post('/v1/rules/dry-run', { document: all, last: 2, items: MESSAGES });
    await expectProblem(both, { status: 422, code: 'invalid_input', pointers: ['/last'] });
  });

  test('an explanation: what fired, what was silenced and by what, sums', async () => {
    const text = '我的账户没有被盗，提现 2 BTC 三天没到账';
    const { fired, silenced, cues, amounts, decision } = await post('/v1/rules/explain', { text });
    expect(fired.map(({ rule }: { rule: string }) => rule)).toEqual(
      expect.arrayContaining(['withdrawal_not_arriving', 'p1_large_funds']),
    );
    expect(silenced).toContainEqual(
      expect.objectContaining({
        rule: 'account_taken_over',
        by: [
          expect.objectContaining({ kind: 'scope', scope: 'negated', cue: expect.objectContaining({ quote: '没有' }) }),
        ],
      }),
    );
    expect(cues[0]).toMatchObject({
      scope: 'negated',
      at: { quote: '没有', start: 4, end: 6 },
      reach: [{ quote: '被盗' }],
    });
    expect(amounts).toMatchObject([{ at: { quote: '2 BTC' }, usd_per_unit: 90_000, amount_usd: 180_000 }]);
    expect(decision).toMatchObject({ priority: 'P1', counterfactual: { priority: 'P2' } });
    const settled = await post('/v1/rules/explain', {
      text: 'The withdrawal never arrived, but it is sorted now, thanks',
    });
    expect(JSON.stringify(settled.silenced)).toContain('unless');
    const shared = { text: 'The app crashes', customer: { times_reopened: 1 }, reports: 25 };
    expect((await post('/v1/rules/explain', shared)).facts).toMatchObject({ reports: 25, reopened: 1 });
  });
});
