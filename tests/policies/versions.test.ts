import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Context } from '../../src/context.ts';
import { takeOver } from '../../src/learning/follow-replicas.ts';
import { activatePolicy } from '../../src/policies/activate.ts';
import { adoptPolicies, registerShippedPolicies } from '../../src/policies/adopt.ts';
import { contentVersion } from '../../src/policies/content-version.ts';
import { PolicyInForce } from '../../src/policies/policy-in-force.ts';
import { publishPolicy } from '../../src/policies/publish.ts';
import { listPolicyVersions } from '../../src/policies/versions.ts';
import type { Policy } from '../../src/policy.ts';
import { decisionSchema } from '../../src/triage/decision.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { rulesDocument } from '../_util/rules-document.ts';

const PERSON = { kind: 'api_key', name: 'lin' } as const;
const TEXT = 'The teapot arrived cracked';
/** A document by which the text is as urgent as can be, and nothing else is. */
const CRACKED = rulesDocument('cracked: { when: { phrases: [cracked] }, then: { floor: P1, points: 40 } }');
const CRACKED_VERSION = contentVersion(CRACKED);

describeOnEngines('policy versions', (engine) => {
  let service: TestService;
  let context: Context;
  beforeEach(async () => {
    service = await openTestService({ engine });
    context = service.context;
  }, OPEN_TIMEOUT_MS);
  afterEach(() => service[Symbol.asyncDispose]());

  const publish = (parent: string, document: unknown = CRACKED) =>
    publishPolicy(context, { kind: 'rules', document, parent }, PERSON);
  const decide = async () => decisionSchema.parse(await (await service.post('/v1/classify', { text: TEXT })).json());
  const list = () => listPolicyVersions(service.database.kysely, 'rules');
  /** What a process that starts on the same database with this policy on board decides by. */
  const restart = async (shipped: Policy) => {
    const next = { ...context, policy: new PolicyInForce(shipped) };
    await registerShippedPolicies(next);
    await adoptPolicies(next);
    return next;
  };
  /** The policy as another release would bring it: with one rule less. */
  const upgraded = (): Policy => {
    const { shipped } = context.policy;
    const { rules, scopes, currencies } = shipped.documents.rules as ReturnType<typeof rulesDocument>;
    const document = { rules: rules.slice(0, -1), scopes, currencies };
    return {
      ...shipped,
      documents: { ...shipped.documents, rules: document },
      versions: { ...shipped.versions, rules: contentVersion(document) },
    };
  };

  test('without anybody’s doing the shipped ones are in force, also those of the next release', async () => {
    const { versions } = context.policy.shipped;
    expect(await list()).toMatchObject([{ version: versions.rules, in_force: true, shipped: true, parent: null }]);
    expect((await decide()).versions).toMatchObject({
      rules: versions.rules,
      sla: versions.sla,
      routing: versions.routing,
    });
    const next = await restart(upgraded());
    expect(next.policy.versions.rules).toBe(upgraded().versions.rules);
    expect((await list()).filter(({ in_force }) => in_force).map(({ version }) => version)).toEqual([
      upgraded().versions.rules,
    ]);
    // A process that was running follows.
    await adoptPolicies(context);
    expect((await decide()).versions.rules).toBe(upgraded().versions.rules);
  });

  test('a published one decides at once, here and on another replica, and survives an upgrade', async () => {
    const shipped = context.policy.versions.rules;
    const other = await restart(context.policy.shipped);
    expect((await decide()).priority).not.toBe('P1');
    const { version, created } = await publish(shipped);
    expect(version).toMatchObject({ version: CRACKED_VERSION, in_force: true, shipped: false, parent: shipped });
    expect(created).toBe(true);
    expect(await decide()).toMatchObject({ priority: 'P1', versions: { rules: CRACKED_VERSION } });
    expect(other.policy.versions.rules).toBe(shipped);
    await takeOver(other);
    expect(other.policy.versions.rules).toBe(CRACKED_VERSION);
    expect(other.policy.current.ruleBook.rules.map(({ name }) => name)).toEqual(['cracked']);
    expect((await restart(upgraded())).policy.versions.rules).toBe(CRACKED_VERSION);
  });

  test('one step back, and forth again; "shipped" follows the releases once more', async () => {
    const shipped = context.policy.versions.rules;
    await publish(shipped);
    expect(await activatePolicy(context, 'rules', shipped, PERSON)).toMatchObject({ version: shipped, in_force: true });
    expect((await decide()).versions.rules).toBe(shipped);
    // A person chose it: a new release does not take its place.
    expect((await restart(upgraded())).policy.versions.rules).toBe(shipped);
    await activatePolicy(context, 'rules', CRACKED_VERSION, PERSON);
    expect((await decide()).versions.rules).toBe(CRACKED_VERSION);
    await activatePolicy(context, 'rules', 'shipped', PERSON);
    expect((await restart(upgraded())).policy.versions.rules).toBe(upgraded().versions.rules);
    await expect(activatePolicy(context, 'rules', '000000000000', PERSON)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('what was made from a version that is no longer in force is refused and changes nothing', async () => {
    const shipped = context.policy.versions.rules;
    const other = rulesDocument('other: { when: { phrases: [x] }, then: { points: 1 } }');
    const outcomes = await Promise.allSettled([publish(shipped), publish(shipped, other)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(publish('000000000000')).rejects.toMatchObject({ code: 'conflict' });
    expect(await list()).toHaveLength(2);
    expect((await list()).filter(({ in_force }) => in_force)).toHaveLength(1);
  });

  test('the same content again is the same version, however its keys are ordered', async () => {
    const shipped = context.policy.versions.rules;
    await publish(shipped);
    const { version } = (await list())[0] ?? { version: '' };
    const { currencies, scopes, rules } = CRACKED;
    const again = await publish(version, { currencies, scopes, rules });
    expect(again).toMatchObject({ created: false, version: { version: CRACKED_VERSION } });
    expect(await list()).toHaveLength(2);
  });

  test('a version that this program cannot use is left aside, and the present one goes on', async () => {
    const { kysely } = service.database;
    const document = JSON.stringify({ ...CRACKED, from_the_future: true });
    await kysely
      .insertInto('policy_version')
      .values({ kind: 'rules', version: 'f', created_at: new Date(), actor: '{"kind":"local"}', parent: 'x', document })
      .execute();
    await kysely.updateTable('setting').set({ value: 'f' }).where('name', '=', 'active_rules').execute();
    await adoptPolicies(context);
    expect((await decide()).versions.rules).toBe(context.policy.shipped.versions.rules);
    expect(service.logged.filter((line) => line.includes('cannot be used here'))).toHaveLength(1);
    await adoptPolicies(context);
    expect(service.logged.filter((line) => line.includes('cannot be used here'))).toHaveLength(1);
    await expect(activatePolicy(context, 'rules', 'f', PERSON)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('deadlines and routing are kept by the same means', async () => {
    const { sla } = context.policy.documents as { sla: { priorities: object } };
    const fast = {
      ...sla,
      priorities: {
        ...sla.priorities,
        P4: { first_response: { duration: '1h', calendar: 'always' }, resolution: null },
      },
    };
    await publishPolicy(context, { kind: 'sla', document: fast, parent: context.policy.versions.sla }, PERSON);
    const text = '希望增加深色模式';
    const item = (await (await service.post('/v1/feedback', { text })).json()) as Record<string, string>;
    const hours = (Date.parse(item.first_response_due_at ?? '') - Date.parse(item.received_at ?? '')) / 3_600_000;
    expect({ hours, priority: item.priority }).toEqual({ hours: 1, priority: 'P4' });
    const bad = { ...sla, priorities: {} };
    const refused = publishPolicy(context, { kind: 'sla', document: bad, parent: contentVersion(fast) }, PERSON);
    await expect(refused).rejects.toMatchObject({ code: 'invalid_input' });
    expect(context.policy.versions.rules).toBe(context.policy.shipped.versions.rules);
  });

  test('every change is in the audit and among the events, without personal data', async () => {
    const shipped = context.policy.versions.rules;
    const note = 'asked for by +86 138 0013 8000';
    await publishPolicy(context, { kind: 'rules', document: CRACKED, parent: shipped, note }, PERSON);
    await activatePolicy(context, 'rules', shipped, PERSON);
    const { kysely } = service.database;
    const events = await kysely
      .selectFrom('outbox')
      .select(['event', 'subject_id', 'payload'])
      .orderBy('seq')
      .execute();
    expect(events).toMatchObject([
      { event: 'rules.published', subject_id: CRACKED_VERSION, payload: { kind: 'rules', before: shipped } },
      { event: 'rules.activated', subject_id: shipped, payload: { kind: 'rules', before: CRACKED_VERSION } },
    ]);
    const audit = await kysely
      .selectFrom('audit')
      .select(['action', 'actor', 'prev_hash', 'hash'])
      .orderBy('seq')
      .execute();
    expect(audit).toMatchObject([{ action: 'rules.published', actor: PERSON }, { action: 'rules.activated' }]);
    expect(audit[1]?.prev_hash).toBe(audit[0]?.hash);
    expect(JSON.stringify([events, await list()])).not.toContain('0013');
  });
});
