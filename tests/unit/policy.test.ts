import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAppError } from '../../src/errors.ts';
import { loadPolicy } from '../../src/policy.ts';
import { refuseLabel } from '../../src/triage/taxonomy.ts';
import { DATA } from '../_util/triage.ts';

const SEED = { id: 'zz-1', lang: 'en', text: 'x', type: 'question', topics: [], risk_flags: [] };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'feedback-triage-policy-'));
  await cp(DATA, folder, { recursive: true, filter: (source) => !/(?:samples|eval|seeds)$/u.test(source) });
  await mkdir(path.join(folder, 'seeds'));
  await write('seeds/one.jsonl', `${JSON.stringify({ ...SEED, id: 'one' })}\n`);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFile(path.join(folder, name), text);
async function change(name: string, from: string | RegExp, to: string): Promise<void> {
  const before = await readFile(path.join(folder, name), 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  await write(name, after);
}
/** A rule file of one rule more, with the given condition and effect. */
const rule = (name: string, when: string, then: string) =>
  `  - name: ${name}\n    sentence: { zh: 某, en: some }\n    when: ${when}\n    then: ${then}\n    examples: { fires: [a, b], silent: [c, d] }\n`;
const addRules = (...rules: string[]) => write('rules/zz.yaml', `version: "1"\nrules:\n${rules.join('')}`);

async function refusal(): Promise<string> {
  const error = await loadPolicy(folder).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isAppError(error, 'bad_data_file')) throw new Error(`expected bad_data_file, got ${String(error)}`);
  return error.message;
}

describe('the shipped policy', () => {
  it('loads, in an order in which every rule stands behind what it asks for', async () => {
    const policy = await loadPolicy(DATA);
    const names = policy.ruleBook.rules.map(({ name }) => name);
    expect(names.indexOf('p1_security')).toBeGreaterThan(names.indexOf('account_taken_over'));
    expect(names.indexOf('account_taken_over')).toBeGreaterThan(names.indexOf('demo_account'));
    expect(policy.words).toContain('爆仓');
    expect(policy.words.some((word) => word.startsWith('#'))).toBe(false);
  });

  it('has seeds for every type and topic in both languages: 40 of a type, 25 of a topic', async () => {
    const { seeds, taxonomy } = await loadPolicy(DATA);
    const count = (has: (seed: (typeof seeds)[number]) => boolean) => seeds.filter(has).length;
    for (const { key } of taxonomy.types) expect([key, count((seed) => seed.type === key) >= 40]).toEqual([key, true]);
    for (const { key } of taxonomy.topics)
      expect([key, count((seed) => seed.topics.includes(key)) >= 25]).toEqual([key, true]);
  });
});

describe('a label that was retired', () => {
  const retire = (entry: object) =>
    change('taxonomy.json', /^\{/u, `{ "retired": [${JSON.stringify({ name: { zh: '旧', en: 'Old' }, ...entry })}],`);

  it('is kept apart from those that are given', async () => {
    await retire({ group: 'topics', key: 'fax' });
    const { taxonomy } = await loadPolicy(folder);
    expect(taxonomy.retired).toMatchObject([{ group: 'topics', key: 'fax' }]);
    expect(refuseLabel(taxonomy, 'topics', 'fax')).toMatch(/retired.*must be one of: account_access/);
    expect(refuseLabel(taxonomy, 'types', 'fax')).toMatch(/^must be one of: technical_issue/);
    expect(refuseLabel(taxonomy, 'topics', 'deposit')).toBeUndefined();
  });

  it.each([
    ['is still there', { group: 'topics', key: 'deposit' }, /retired\.0\.key: deposit is there twice/],
    ['is of no group', { group: 'colours', key: 'red' }, /retired\.0\.group/],
  ])('is refused when it %s', async (_, entry, why) => {
    await retire(entry);
    expect(await refusal()).toMatch(why);
  });

  it('cannot be named by a rule', async () => {
    await retire({ group: 'types', key: 'fax' });
    await addRules(rule('faxed', '{ type: [fax] }', '{ floor: P3 }'));
    expect(await refusal()).toContain('there is no type fax');
  });
});

describe('versions', () => {
  it('are hashes of the content: a change shows in its own and in no other', async () => {
    const before = (await loadPolicy(folder)).versions;
    expect((await loadPolicy(folder)).versions).toEqual(before);
    expect(Object.values(before).every((version) => /^[\da-f]{12}$/u.test(version))).toBe(true);
    await change('sla.yaml', 'duration: 1h,', 'duration: 2h,');
    const after = (await loadPolicy(folder)).versions;
    expect(after.sla).not.toBe(before.sla);
    expect(after).toEqual({ ...before, sla: after.sla });
    await change('routing.yaml', 'fallback: general', 'fallback: technical');
    const routed = (await loadPolicy(folder)).versions;
    expect(routed).toEqual({ ...after, routing: routed.routing });
    await change('currencies.json', '"BTC": ', '"BTC": 1');
    const valued = (await loadPolicy(folder)).versions;
    expect(valued.rules).not.toBe(before.rules);
    expect(valued).toEqual({ ...routed, rules: valued.rules });
    await change('lexicons/words.txt', '爆仓', '爆仓\n暴仓');
    const taught = (await loadPolicy(folder)).versions;
    expect(taught).toEqual({ ...valued, seeds: taught.seeds });
    expect(taught.seeds).not.toBe(before.seeds);
  });

  it('do not change with comments and the layout of a file', async () => {
    const before = (await loadPolicy(folder)).versions;
    await change('sla.yaml', 'version:', '# a remark\nversion:');
    await change('rules/learned.yaml', '{ flag: churn, points: 6 }', '{ points: 6, flag: churn }');
    expect((await loadPolicy(folder)).versions).toEqual(before);
  });
});

describe('a policy that cannot be used is refused with file, place and reason', () => {
  it.each([
    ['an unknown flag raised', '{ channel: [chat] }', '{ flag: funds_at_rsk }', 'there is no risk flag funds_at_rsk'],
    ['an unknown flag asked for', '{ flag: funds_at_rsk }', '{ points: 1 }', 'there is no risk flag funds_at_rsk'],
    [
      'an unknown flag deep inside',
      '{ all: [{ not: { any: [{ learned: { flag: oops, at_least: 0.5 } }] } }] }',
      '{ points: 1 }',
      'there is no risk flag oops',
    ],
    ['an unknown type', '{ type: [questoin] }', '{ points: 1 }', 'there is no type questoin'],
    ['an unknown type given', '{ channel: [chat] }', '{ type: complaint }', 'there is no type complaint'],
    ['an unknown topic', '{ topic: [deposits] }', '{ points: 1 }', 'there is no topic deposits'],
  ])('%s', async (_what, when, then, reason) => {
    await addRules(rule('bad_rule', when, then));
    const message = await refusal();
    expect(message).toContain('data/rules/zz.yaml: bad_rule: ');
    expect(message).toContain(reason);
  });

  it('an unknown name under "unless"', async () => {
    await addRules(rule('bad_rule', '{ channel: [chat] }\n    unless: { topic: [nowhere] }', '{ points: 1 }'));
    expect(await refusal()).toContain('data/rules/zz.yaml: bad_rule: there is no topic nowhere');
  });

  it.each([
    ['an unknown key', rule('bad_rule', '{ chanel: [chat] }', '{ points: 1 }'), 'rules.0.when'],
    ['two keys at once', rule('bad_rule', '{ channel: [chat], flag: churn }', '{ points: 1 }'), 'rules.0.when'],
    [
      'a bad phrase',
      rule('bad_rule', '{ phrases: [good, "~3 bad"] }', '{ points: 1 }'),
      'rules.0.when.phrases.1: "~3 bad": a gap',
    ],
    [
      'a bad phrase inside',
      rule('bad_rule', '{ all: [{ phrases: ["a||b"] }] }', '{ points: 1 }'),
      'rules.0.when.all.0.phrases.0: "a||b"',
    ],
    ['no effect', rule('bad_rule', '{ channel: [chat] }', '{}'), 'a rule must have an effect'],
    [
      'an unknown scope',
      rule('bad_rule', '{ phrases: [a], unless: [sometimes] }', '{ points: 1 }'),
      'rules.0.when.unless.0',
    ],
  ])('%s in a rule', async (_what, text, place) => {
    await addRules(text);
    const message = await refusal();
    expect(message).toContain('data/rules/zz.yaml does not fit its schema');
    expect(message).toContain(place);
  });

  it('a rule that is there twice, naming both files', async () => {
    await addRules(rule('large_sum', '{ channel: [chat] }', '{ points: 1 }'));
    expect(await refusal()).toBe(
      'data/rules/zz.yaml: large_sum: the name is used twice, first in data/rules/money.yaml',
    );
  });

  it('rules that depend on one another', async () => {
    await addRules(
      rule('first_one', '{ fact: second }', '{ fact: first }'),
      rule('second_one', '{ not: { fact: first } }', '{ fact: second }'),
    );
    expect(await refusal()).toContain('first_one → second_one → first_one');
  });

  it('a fact that no rule gives', async () => {
    await addRules(rule('bad_rule', '{ fact: large_summ }', '{ points: 1 }'));
    expect(await refusal()).toContain('bad_rule asks for fact:large_summ');
  });

  it('several problems at once', async () => {
    await addRules(
      rule('bad_rule', '{ topic: [no_such] }', '{ flag: no_flag }'),
      rule('large_sum', '{ type: [no_type] }', '{ points: 1 }'),
    );
    const message = await refusal();
    for (const part of ['no_such', 'no_flag', 'no_type', 'used twice']) expect(message).toContain(part);
  });

  it.each([
    [
      'bad YAML',
      'rules/zz.yaml',
      'version: "1"\nrules: [\n  - {',
      /^data\/rules\/zz\.yaml is not well-formed: .*line \d/su,
    ],
    [
      'a key twice',
      'sla.yaml',
      'version: "1"\nversion: "2"',
      /^data\/sla\.yaml is not well-formed: .*unique.*line 2/su,
    ],
    ['bad JSON', 'taxonomy.json', '{ "version": }', /^data\/taxonomy\.json is not well-formed: /u],
    ['another shape', 'routing.yaml', '- a\n- b', /^data\/routing\.yaml does not fit its schema/u],
    ['an empty file', 'sla.yaml', '', /^data\/sla\.yaml does not fit its schema/u],
    ['a seed that is no JSON', 'seeds/zz.jsonl', '\n{"id": ', /^data\/seeds\/zz\.jsonl line 2 is not well-formed: /u],
  ])('%s', async (_what, name, text, reason) => {
    await write(name, text);
    expect(await refusal()).toMatch(reason);
  });

  it.each([
    [{ topics: ['deposits'] }, 'data/seeds/zz.jsonl line 1: zz-1: there is no topic deposits'],
    [{ type: 'complaint' }, 'data/seeds/zz.jsonl line 1: zz-1: there is no type complaint'],
    [{ risk_flags: ['oops'] }, 'data/seeds/zz.jsonl line 1: zz-1: there is no risk flag oops'],
    [{ text: '' }, 'data/seeds/zz.jsonl line 1 does not fit its schema:\n  text: '],
    [{ label: 'x' }, 'data/seeds/zz.jsonl line 1 does not fit its schema'],
  ])('a seed with %j', async (changes, reason) => {
    await write('seeds/zz.jsonl', `${JSON.stringify({ ...SEED, ...changes })}\n`);
    expect(await refusal()).toContain(reason);
  });

  it('two seeds with one id', async () => {
    await write('seeds/zz.jsonl', `${JSON.stringify(SEED)}\n\n${JSON.stringify(SEED)}\n`);
    expect(await refusal()).toContain('data/seeds/zz.jsonl line 3: zz-1: the name is used twice');
  });

  it.each([
    [
      'routing.yaml',
      'flags: [self_harm]',
      'flags: [self_harmm]',
      'data/routing.yaml: rules.0.flags.0: there is no risk flag self_harmm',
    ],
    ['routing.yaml', 'types: [feature_suggestion]', 'types: [idea]', 'there is no type idea'],
    ['routing.yaml', 'first_topic: [account_security]', 'first_topic: [security]', 'there is no topic security'],
    ['routing.yaml', 'queue: crisis, flags', 'queue: crises, flags', 'rules.0.queue: there is no queue crises'],
    ['routing.yaml', 'fallback: general', 'fallback: nobody', 'fallback: there is no queue nobody'],
    [
      'currencies.json',
      '"u": "USDT"',
      '"u": "USDDT"',
      'data/currencies.json does not fit its schema:\n  names.u: there is no rate for USDDT',
    ],
    ['currencies.json', '"USDT": 1', '"USDT": 0', 'usd_per_unit.USDT'],
    [
      'sla.yaml',
      'calendar: always',
      'calendar: sometimes',
      'priorities.P1.first_response.calendar: there is no calendar sometimes; there are always, business, china_office',
    ],
    ['sla.yaml', /\n {2}P4:[\s\S]*/u, '', 'priorities.P4'],
    [
      'sla.yaml',
      'mon: [["09:00", "18:00"]]',
      'mon: [["22:00", "02:00"]]',
      'calendars.2.hours.mon.0: calendar china_office: mon 22:00–02:00 goes across midnight; split it',
    ],
    [
      'sla.yaml',
      'warn_before: 0.25',
      'escalate_to: bosses',
      'data/sla.yaml: priorities.P1.escalate_to: there is no queue bosses',
    ],
    [
      'sla.yaml',
      'priorities:',
      'overrides: [{ queues: [nowhere], priorities: {} }]\npriorities:',
      'data/sla.yaml: overrides.0.queues: there is no queue nowhere',
    ],
    ['lexicons/scope.yaml', 'reach: clause', 'reach: word', 'cues.negated.0.reach'],
    ['lexicons/scope.yaml', 'hypothetical:', 'hypothetic:', 'cues'],
    ['taxonomy.json', '"key": "deposit"', '"key": "withdrawal"', 'withdrawal is there twice'],
  ])('%s: %s → %s', async (name, from, to, reason) => {
    await change(name, from, to);
    const message = await refusal();
    expect(message).toContain(`data/${name}`);
    expect(message).toContain(reason);
  });

  it.each(['taxonomy.json', 'sla.yaml', 'lexicons/words.txt', 'rules', 'seeds'])('%s is missing', async (name) => {
    await rm(path.join(folder, name), { recursive: true });
    expect(await refusal()).toBe(`data/${name} cannot be read`);
  });
});
