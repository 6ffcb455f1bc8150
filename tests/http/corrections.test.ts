import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Context } from '../../src/context.ts';
import { correctionSchema } from '../../src/feedback/correction.ts';
import { feedbackDetailSchema } from '../../src/feedback/view.ts';
import { activateVersion } from '../../src/learning/activate.ts';
import { adoptActive, registerShipped } from '../../src/learning/adopt-active.ts';
import { takeOver } from '../../src/learning/follow-replicas.ts';
import { HeadInForce } from '../../src/learning/head-in-force.ts';
import { listVersions } from '../../src/learning/model-versions.ts';
import { Precedents } from '../../src/learning/precedents.ts';
import { recallPrecedents } from '../../src/learning/recall-precedents.ts';
import { isTrainingDue, retrain } from '../../src/learning/retrain.ts';
import { PolicyInForce } from '../../src/policies/policy-in-force.ts';
import { decisionSchema } from '../../src/triage/decision.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';

const never = new AbortController().signal;

describeOnEngines('corrections', (engine) => {
  let service: TestService;
  beforeAll(async () => {
    service = await openTestService({ engine });
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const submit = async (text: string, more: object = {}) => {
    const response = await service.post('/v1/feedback', { text, ...more });
    expect(response.status).toBe(201);
    return feedbackDetailSchema.omit({ decisions: true }).parse(await response.json());
  };
  const correct = async (id: string, body: unknown) => await service.post(`/v1/feedback/${id}/corrections`, body);
  const look = async (id: string) =>
    feedbackDetailSchema.parse(await (await service.request(`/v1/feedback/${id}`)).json());

  test('a person’s word stands: type, topics, flags, and what follows from them', async () => {
    const before = await submit('我的提现还没到账，已经三天了', { customer: { ref: 'c-1' } });
    const answer = await correct(before.id, {
      type: 'praise',
      topics: ['education'],
      risk_flags: [],
      note: '写错了，客户电话 13800138000',
      by: 'lin',
    });
    expect(answer.status).toBe(201);
    const { correction, item } = (await answer.json()) as { correction: unknown; item: unknown };
    const said = correctionSchema.parse(correction);
    const after = feedbackDetailSchema.parse(item);
    expect(after).toMatchObject({ type: 'praise', topics: ['education'], risk_flags: [], priority: 'P4', version: 2 });
    expect(after.needs_review).toBe(false);
    expect(after.decision.settled).toMatchObject({ by: 'person', values: { type: 'praise' } });
    expect(after.decision.type).toMatchObject({ key: 'praise', confidence: null });
    expect(after.decision.topics).toEqual([{ key: 'education', confidence: null }]);
    expect(before.decision.type.confidence).toBeGreaterThan(0);
    expect(after.decisions).toHaveLength(2);
    expect(said.before.type).toBe(before.type);
    expect(said.machine.type).toBe(before.type);
    expect(said.after.type).toBe('praise');
    expect(said.note).not.toContain('13800138000');
    expect(said.by).toBe('lin');
    // Deadlines run from the receipt, whenever the priority is corrected.
    const hours = (Date.parse(after.first_response_due_at) - Date.parse(after.received_at)) / 3_600_000;
    expect(hours).toBeGreaterThanOrEqual(48);
  });

  test('a priority that was given stays when something else is corrected later', async () => {
    const { id } = await submit('希望增加深色模式');
    await correct(id, { priority: 'P2' });
    await correct(id, { topics: ['product_features'] });
    const item = await look(id);
    expect(item).toMatchObject({ priority: 'P2', topics: ['product_features'] });
    expect(item.decision.priority_reasons).toMatchObject([{ rule: 'settled_by_person', priority: 'P2' }]);
    const list = (await (await service.request(`/v1/feedback/${id}/corrections`)).json()) as { items: unknown[] };
    expect(list.items).toHaveLength(2);
  });

  test('to confirm settles everything as it stands', async () => {
    const before = await submit('How do I turn on price alerts?');
    expect((await correct(before.id, { confirm: true })).status).toBe(201);
    const { decision } = await look(before.id);
    expect(decision.settled?.values).toEqual({
      type: before.type,
      topics: before.topics,
      risk_flags: before.risk_flags,
      priority: before.priority,
    });
  });

  test('near-duplicates follow at once; what only sounds alike and denies it does not', async () => {
    const { id } = await submit('昨晚充值的五百块一直显示处理中，请帮我看看');
    await correct(id, { type: 'question', topics: ['deposit'], risk_flags: [] });
    const twin = await submit('昨晚充值的五百块一直显示处理中，请帮我看看');
    expect(twin.type).toBe('question');
    expect(twin.decision.settled).toMatchObject({ by: 'precedent', feedback_id: id });
    expect((await submit('Please add a weekly report to the app')).decision.settled).toBeNull();
  });

  test.each([
    ['nothing', {}, ''],
    ['a note alone', { note: 'hm' }, ''],
    ['a note without anything to see', { type: 'praise', note: ' \u200b' }, '/note'],
    ['an unknown type', { type: 'complaint' }, '/type'],
    ['an unknown topic', { topics: ['withdrawal', 'weather'] }, '/topics/1'],
    ['a topic twice', { topics: ['withdrawal', 'withdrawal'] }, '/topics'],
    ['too many topics', { topics: ['withdrawal', 'deposit', 'api_integration', 'education', 'promotions'] }, '/topics'],
    ['an unknown flag', { risk_flags: ['rude'] }, '/risk_flags/0'],
    ['an unknown priority', { priority: 'P5' }, '/priority'],
    ['an unknown field', { colour: 'red' }, '/colour'],
  ])('%s is refused, and nothing changes', async (_, body, pointer) => {
    const { id, version } = await submit(`谁来看看 ${JSON.stringify(body)}`);
    const response = await correct(id, body);
    expect(response.status).toBe(422);
    const problem = (await response.json()) as { errors: { pointer: string; message: string }[] };
    expect(problem.errors.map((error) => error.pointer)).toContain(pointer);
    expect((await look(id)).version).toBe(version);
  });

  test('an item that is not there, or was deleted, is not found', async () => {
    const { id } = await submit('delete me soon');
    await service.database.kysely.deleteFrom('feedback').where('id', '=', id).execute();
    for (const gone of [id, '01a20162-58db-746b-8ed4-46b9e0bc5972', 'nonsense']) {
      const response = await correct(gone, { confirm: true });
      expect(response.status).toBe(404);
    }
  });

  test('many at once: each is kept or told to look again, and the audit has one entry for each that was kept', async () => {
    const { id } = await submit('提现失败');
    const answers = await Promise.all(
      ['P1', 'P2', 'P3', 'P4', 'P2', 'P3'].map((priority) => correct(id, { priority })),
    );
    const kept = answers.filter(({ status }) => status === 201).length;
    expect(kept).toBeGreaterThan(0);
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    const item = await look(id);
    expect(item.version).toBe(1 + kept);
    const audit = await service.database.kysely
      .selectFrom('audit')
      .select(['hash', 'prev_hash'])
      .where('subject_id', '=', id)
      .orderBy('seq')
      .execute();
    expect(audit).toHaveLength(1 + kept);
    for (const [at, entry] of audit.entries()) if (at > 0) expect(entry.prev_hash).toBe(audit[at - 1]?.hash);
  });

  test('the review queue: most worth a look first, gone when looked at', async () => {
    const urgent = await submit('有人盗了我的账户，钱被转走了');
    const queue = async () =>
      (await (await service.request('/v1/review?limit=100')).json()) as {
        items: { id: string; review_value: number; reason: string; needs_review: boolean }[];
      };
    const { items } = await queue();
    const uncertain = items.filter(({ reason }) => reason === 'uncertain').map(({ review_value }) => review_value);
    expect(uncertain).toEqual([...uncertain].sort((left, right) => right - left));
    expect(items.every((item) => item.reason === 'random' || item.needs_review)).toBe(true);
    await correct(urgent.id, { confirm: true });
    expect((await queue()).items.map(({ id }) => id)).not.toContain(urgent.id);
    expect((await service.request('/v1/review?limit=0')).status).toBe(422);
  });

  test('a precedent does not lower a priority that sums or the writer give', async () => {
    const letter = (sum: string) =>
      `Dear team, my withdrawal of ${sum} USDT has been pending since Monday morning. I sent all documents twice, the status never changes and nobody answers my messages. Please release it today. Regards, Tom`;
    const { id } = await submit(letter('1,500'));
    await correct(id, { confirm: true });
    await correct(id, { risk_flags: ['funds_at_risk'], priority: 'P2' });
    const twin = await submit(letter('15,000'));
    expect(twin.decision.settled?.by).toBe('precedent');
    expect(twin.priority).toBe('P1');
    expect((await submit(letter('1,500'))).priority).toBe('P2');
  });

  test.each([
    'Card 4111 1111 1111 1111 was charged twice, refund me',
    '提现三天没到账，客服也联系不上，充值的手续费还多扣了',
    'withdrawal and deposit both stuck, verification loops, fees wrong',
  ])('a decision replays to the same, also after it was corrected: %s', async (text) => {
    const { id } = await submit(text);
    await correct(id, { type: 'service_complaint' });
    for (const { id: decisionId } of (await look(id)).decisions) {
      const answer = await service.request(`/v1/decisions/${decisionId}/replay`);
      expect(await answer.json()).toMatchObject({ same: true, differs_in: [], versions_differ: [] });
    }
    expect((await service.request(`/v1/decisions/${id}/replay`)).status).toBe(404);
  });
});

describeOnEngines('model versions', (engine) => {
  let service: TestService;
  /** The service's, with few enough examples that a training takes a moment. */
  let context: Context;
  beforeAll(async () => {
    service = await openTestService({ engine });
    const { policy } = service.context;
    const seeds = policy.taxonomy.types.flatMap(({ key }) =>
      policy.seeds.filter(({ type }) => type === key).slice(0, 20),
    );
    context = { ...service.context, policy: new PolicyInForce({ ...policy.current, seeds }) };
    await retrain(context, { actor: { kind: 'local' } });
    await registerShipped(context);
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const classify = async (text: string) =>
    decisionSchema.parse(await (await service.post('/classify', { text })).json());

  test('ten corrections change what their neighbours get, survive a restart, and roll back', async () => {
    const shipped = service.context.learned.version;
    const shippedHead = { head: service.context.learned.head, version: shipped, trained: false };
    const texts = Array.from({ length: 12 }, (_, at) => `zorblax quimby flux number ${at} zorblax quimby`);
    for (const text of texts) {
      const { id } = (await (await service.post('/v1/feedback', { text })).json()) as { id: string };
      expect((await service.post(`/v1/feedback/${id}/corrections`, { type: 'praise', topics: [] })).status).toBe(201);
    }
    const unseen = 'zorblax quimby flux, once more and again';
    const known = texts[0] ?? '';
    expect((await classify(known)).settled?.by).toBe('precedent');

    // A restart: nothing is in memory, all of it is in the database.
    service.context.precedents.replace([]);
    service.context.precedents.seen = { count: 0, newest: '0' };
    expect((await classify(known)).settled).toBeNull();
    await recallPrecedents(service.context);
    expect(await classify(known)).toMatchObject({ type: { key: 'praise' }, settled: { by: 'precedent' } });

    const before = await classify(unseen);
    const { version, promoted } = await retrain(context, { actor: { kind: 'local' } });
    expect(promoted).toBe(true);
    const after = await classify(unseen);
    expect(after.versions.head).toBe(version);
    const praise = (decision: typeof before) =>
      [decision.type, ...decision.type.alternatives].find(({ key }) => key === 'praise')?.confidence ?? 0;
    expect(praise(after)).toBeGreaterThan(praise(before));

    const answer = await service.post(`/v1/models/${shipped}/activate`, undefined);
    expect(await answer.json()).toMatchObject({ version: shipped, active: true });
    expect((await classify(unseen)).type).toEqual(before.type);
    expect((await service.post('/v1/models/none/activate', undefined)).status).toBe(404);

    // Another replica learns of it.
    const other = { ...service.context, learned: new HeadInForce(shippedHead), precedents: new Precedents() };
    await activateVersion(service.context, version, { kind: 'local' });
    await takeOver(other);
    expect(other.learned.version).toBe(version);
    expect(other.precedents.size).toBe(12);
    await takeOver(other);
    const { id } = (await (await service.post('/v1/feedback', { text: '又一条' })).json()) as { id: string };
    await service.post(`/v1/feedback/${id}/corrections`, { confirm: true });
    await takeOver(other);
    expect(other.precedents.size).toBe(13);
    await service.database.kysely.deleteFrom('feedback').where('id', '=', id).execute();
    await takeOver(other);
    expect(other.precedents.size).toBe(12);
    expect((await listVersions(service.database.kysely)).filter(({ active }) => active)).toMatchObject([{ version }]);
  });

  test('what a person put in force stays: no training is due until somebody asks for one', async () => {
    const small = { ...context, config: { ...context.config, TRAIN_AFTER_CORRECTIONS: 1 } };
    const pinned = async () => (await listVersions(service.database.kysely)).filter((one) => one.pinned);
    expect(await isTrainingDue(small)).toBe(false);
    expect(await pinned()).toMatchObject([{ active: true }]);
    const { promoted } = await retrain(small, { actor: { kind: 'local' } });
    expect(promoted).toBe(true);
    expect(await pinned()).toEqual([]);
    expect(await isTrainingDue(small)).toBe(false);
    const { id } = (await (await service.post('/v1/feedback', { text: '再来一条' })).json()) as { id: string };
    await service.post(`/v1/feedback/${id}/corrections`, { confirm: true });
    expect(await isTrainingDue(small)).toBe(true);
    // The same corrections are not trained from over and over, whatever came of it.
    await retrain(small, { actor: { kind: 'local' } });
    expect(await isTrainingDue(small)).toBe(false);
    await service.database.kysely.deleteFrom('feedback').where('id', '=', id).execute();
  });

  test('other shipped examples are taken over, unless people have taught or chosen a version', async () => {
    const fresh = {
      ...context,
      learned: new HeadInForce({ head: context.learned.head, version: 'shipped-2', trained: true }),
    };
    const before = (await listVersions(service.database.kysely)).find(({ active }) => active);
    await registerShipped(fresh);
    const after = (await listVersions(service.database.kysely)).find(({ active }) => active);
    expect(before?.outcome).toBe('promoted');
    expect(after?.version).toBe(before?.version);
  });

  test('a training that is stopped keeps nothing', async () => {
    const count = (await listVersions(service.database.kysely)).length;
    const stop = new AbortController();
    const running = retrain(context, {
      actor: { kind: 'local' },
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('stopped')),
    });
    await expect(running).rejects.toThrow('stopped');
    expect(await listVersions(service.database.kysely)).toHaveLength(count);
  });

  test('two trainings at once end in one version', async () => {
    const [one, other] = await Promise.all([
      retrain(context, { actor: { kind: 'local' }, signal: never }),
      retrain(context, { actor: { kind: 'local' }, signal: never }),
    ]);
    expect(one.version).toBe(other.version);
    const named = (await listVersions(service.database.kysely)).filter(({ version }) => version === one.version);
    expect(named).toHaveLength(1);
  });

  test('one that is trained again from the same is told by its newest comparison', async () => {
    const db = service.database.kysely;
    const again = async () => await retrain(context, { actor: { kind: 'local' }, signal: never });
    const { version } = await again();
    const find = async () => (await listVersions(db)).find((one) => one.version === version);
    const before = await find();
    await db
      .updateTable('model_version')
      .set({ outcome: 'held_back', report: JSON.stringify({ promoted: false, why: ['an old word'] }) })
      .where('version', '=', version)
      .execute();
    const second = await again();
    const after = await find();
    expect([second.version, after?.parent]).toEqual([version, before?.parent]);
    expect([after?.outcome, after?.active]).toEqual(second.promoted ? ['promoted', true] : ['held_back', false]);
    expect(after?.report).not.toMatchObject({ why: ['an old word'] });
  });

  test('a version of another taxonomy is not taken', async () => {
    const { policy } = context;
    const taxonomy = { ...policy.taxonomy, types: [] };
    const other = { ...context, policy: new PolicyInForce({ ...policy.current, taxonomy }) };
    const [version] = await listVersions(service.database.kysely);
    await expect(activateVersion(other, version?.version ?? '', { kind: 'local' })).rejects.toMatchObject({
      code: 'conflict',
    });
    await adoptActive(other);
    expect(other.learned.version).toBe(service.context.learned.version);
  });

  test('training is asked for by a request, quality and label noise are told', async () => {
    expect((await service.post('/v1/models/train', undefined)).status).toBe(202);
    expect(service.enqueued.filter((name) => name !== 'routing.assign')).toEqual(['model.train']);
    const quality = (await (await service.request('/v1/models/quality')).json()) as {
      override_rate: { n: number; value: number };
    };
    // The others were decided as the first one was by a person: nothing that the machine could be wrong about.
    expect(quality.override_rate).toMatchObject({ n: 1, value: 1 });
    expect((await service.request('/v1/models/label-noise')).status).toBe(200);
  });
});

describe('precedents', () => {
  test('are none without a database', async () => {
    await using service = await openTestService();
    expect(service.context.precedents.size).toBe(0);
  });
});
