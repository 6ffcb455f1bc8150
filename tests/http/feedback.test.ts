import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { parseVector } from '../../src/db/vector.ts';
import { feedbackDetailSchema, submittedSchema } from '../../src/feedback/view.ts';
import { decisionSchema } from '../../src/triage/decision.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { expectProblem } from '../_util/problem.ts';

const submitted = z.strictObject({ ...submittedSchema.shape, decision: z.strictObject(decisionSchema.shape) });
const detail = z.strictObject(feedbackDetailSchema.shape);
const TABLES = ['feedback', 'feedback_vector', 'decision', 'pii_vault', 'customer', 'audit', 'outbox'] as const;
const NOW = new Date('2026-11-03T02:00:00.123Z');

const FULL = {
  text: '提现三天了还没到账，金额 20000 USDT，请回电 13912345678',
  subject: '提现问题',
  channel: 'email',
  language: 'zh',
  source: 'mailbox',
  external_id: 'mail-0001',
  happened_at: '2026-11-01T09:30:00+08:00',
  rating: 2,
  customer: { ref: 'c-1042', tier: 'vip', open_positions: true, prior_contacts_same_matter: 1 },
  metadata: { app_version: '4.2.1', beta: true, build: 17, note: null },
};

describeOnEngines('feedback', (engine) => {
  let service: TestService;
  beforeAll(async () => {
    service = await openTestService({ engine, now: () => NOW });
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const submit = async (body: unknown) => submitted.parse(await (await service.post('/v1/feedback', body)).json());
  const countAll = async () => {
    const counts = await Promise.all(
      TABLES.map(async (table) => {
        const { rows } = await sql<{ count: string }>`select count(*) as count from ${sql.table(table)}`.execute(
          service.database.kysely,
        );
        return [table, Number(rows[0]?.count)] as const;
      }),
    );
    return Object.fromEntries(counts);
  };

  test('an item is answered with 201, the masked text and its decision, and is found again under its id', async () => {
    const response = await service.post('/v1/feedback', FULL);
    expect([response.status, response.headers.get('etag')]).toEqual([201, '"1"']);
    const item = submitted.parse(await response.json());
    expect(item).toMatchObject({
      text: '提现三天了还没到账，金额 20000 USDT，请回电 [PHONE]',
      subject: '提现问题',
      channel: 'email',
      language: 'zh',
      source: 'mailbox',
      external_id: 'mail-0001',
      happened_at: '2026-11-01T01:30:00.000Z',
      received_at: NOW.toISOString(),
      rating: 2,
      customer: FULL.customer,
      metadata: FULL.metadata,
      version: 1,
      priority: 'P1',
      risk_flags: ['funds_at_risk'],
    });
    expect(item.priority).toBe(item.decision.priority);
    expect(item.queue).toBe(item.decision.queue);
    expect(item.urgency_score).toBe(item.decision.urgency.score);
    const found = await service.request(`/v1/feedback/${item.id}`);
    expect(found.status).toBe(200);
    const { decisions, ...same } = detail.parse(await found.json());
    expect(same).toEqual(item);
    expect(decisions).toEqual([
      { id: expect.any(String), created_at: NOW.toISOString(), actor: { kind: 'local' }, decision: item.decision },
    ]);
  });

  test('English, with the least that is accepted', async () => {
    const item = await submit({ text: 'My withdrawal of 500 USDT never arrived!' });
    expect(item).toMatchObject({
      language: 'en',
      channel: 'other',
      source: 'api',
      external_id: null,
      subject: null,
      happened_at: null,
      rating: null,
      metadata: {},
      customer: {},
      priority: 'P2',
    });
    expect(item.decision.urgency.reasons.map(({ quote }) => quote)).toContainEqual(expect.stringMatching(/withdrawal/));
  });

  test('beside the item there are its vector, audit entry and event', async () => {
    const { kysely } = service.database;
    const { id, status, type, priority, queue } = await submit({ text: '希望增加夜间模式' });
    const row = await kysely
      .selectFrom('feedback_vector')
      .selectAll()
      .where('feedback_id', '=', id)
      .executeTakeFirstOrThrow();
    expect(row.model_hash).toBe(service.context.encoder.info.hash);
    const { vector } = await service.context.encoder.embed('希望增加夜间模式');
    expect(parseVector(row.embedding)).toEqual(vector);
    const [entry] = await kysely.selectFrom('audit').selectAll().where('subject_id', '=', id).execute();
    const { decision_id } = await kysely
      .selectFrom('feedback')
      .select('decision_id')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const change = { status, type, priority, queue, decision_id };
    expect(entry).toMatchObject({
      action: 'feedback.created',
      actor: { kind: 'local' },
      change,
      prev_hash: '0'.repeat(64),
    });
    const sorted = { decision_id, priority, queue, status, type };
    const content = JSON.stringify([NOW.toISOString(), { kind: 'local' }, 'feedback.created', 'feedback', id, sorted]);
    expect(entry?.hash).toBe(createHash('sha256').update('0'.repeat(64)).update(content).digest('hex'));
    const events = await kysely.selectFrom('outbox').selectAll().where('subject_id', '=', id).execute();
    expect(events).toEqual([expect.objectContaining({ event: 'feedback.created', payload: change })]);
  });

  test('what a person should look at first waits for one; the rest is assigned', async () => {
    const items = await Promise.all(
      ['🙏🙏🙏', '希望增加夜间模式', 'Thank you, great support!', 'How do I enable 2FA?'].map((text) =>
        submit({ text }),
      ),
    );
    for (const { status, needs_review, decision } of items) {
      expect(needs_review).toBe(decision.needs_review.yes);
      expect(status).toBe(needs_review ? 'prioritised' : 'assigned');
    }
    expect(items[0]).toMatchObject({ needs_review: true, type: 'other', topics: [] });
  });

  test('the same external id gives the item that exists with 200, whatever else was sent', async () => {
    const body = { text: '客服电话打不通，急！', source: 'crm', external_id: 'case-7' };
    const first = await submit(body);
    const before = await countAll();
    for (const extra of [{}, { rating: 1, channel: 'chat' }]) {
      const again = await service.post('/v1/feedback', { ...body, ...extra });
      expect(again.status).toBe(200);
      expect(submitted.parse(await again.json())).toEqual(first);
    }
    expect(await countAll()).toEqual(before);
  });

  test('a repeat is the same although its number is masked only beside its subject', async () => {
    const body = { subject: '我的电话', text: '010-62345678 一直没人回', source: 'crm', external_id: 'case-8' };
    const first = await submit(body);
    expect(first.text).toBe('[PHONE] 一直没人回');
    const again = await service.post('/v1/feedback', body);
    expect(again.status).toBe(200);
    expect(submitted.parse(await again.json())).toEqual(first);
  });

  test('the same external id with another text is a conflict; in another source it is another item', async () => {
    const body = { text: 'The chart is frozen', source: 'crm', external_id: 'case-9' };
    const first = await submit(body);
    const other = await service.post('/v1/feedback', { ...body, text: 'The chart works again' });
    await expectProblem(other, { status: 409, code: 'conflict', pointers: ['/external_id'] });
    const elsewhere = await submit({ ...body, source: 'forum' });
    expect(elsewhere.id).not.toBe(first.id);
    expect((await submit({ ...body, source: 'forum' })).id).toBe(elsewhere.id);
    expect((await submit(body)).id).toBe(first.id);
  });

  test('an item that exists is kept as the answer of a key as well', async () => {
    const body = { text: '图表一直转圈', source: 'crm', external_id: 'case-11' };
    const first = await submit(body);
    const send = (text: string) => service.post('/v1/feedback', { ...body, text }, { 'idempotency-key': 'existing' });
    const known = await send(body.text);
    const bytes = await known.text();
    expect([known.status, JSON.parse(bytes).id]).toEqual([200, first.id]);
    const again = await send(body.text);
    expect([again.status, await again.text()]).toEqual([200, bytes]);
    await expectProblem(await send('另一段话'), { status: 422, code: 'idempotency_mismatch' });
    await service.database.kysely.deleteFrom('idempotency').execute();
  });

  test('many at once with one external id store one item', async () => {
    const body = { text: '验证码一直收不到', source: 'crm', external_id: 'case-10' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => service.post('/v1/feedback', body)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array(9).fill(200), 201]);
    const ids = await Promise.all(answers.map(async (answer) => submitted.parse(await answer.json()).id));
    expect(new Set(ids).size).toBe(1);
  });

  test.each(['feedback_vector', 'decision', 'pii_vault', 'audit', 'outbox', 'idempotency'] as const)(
    'when the part for %s fails, nothing of the item is kept and its key is free',
    async (table) => {
      const { kysely } = service.database;
      const body = { ...FULL, external_id: `atomic-${table}`, customer: { ref: `new-${table}` } };
      const send = () => service.post('/v1/feedback', body, { 'idempotency-key': `atomic-${table}` });
      const before = await countAll();
      const condition = table === 'idempotency' ? sql`status is null` : sql`false`;
      await sql`alter table ${sql.table(table)} add constraint refuse check (${condition}) not valid`.execute(kysely);
      await expectProblem(await send(), { status: 500, code: 'internal' });
      expect(await countAll()).toEqual(before);
      expect(await kysely.selectFrom('idempotency').selectAll().execute()).toEqual([]);
      await sql`alter table ${sql.table(table)} drop constraint refuse`.execute(kysely);
      expect((await send()).status).toBe(201);
      await kysely.deleteFrom('idempotency').execute();
    },
  );

  test.each([
    '01a20162-58db-746b-8ed4-46b9e0bc5972',
    '00000000-0000-0000-0000-000000000000',
    'abc',
    '1',
    '%00',
    '%F0%9F',
  ])('an id that nobody has (%s) is not found', async (id) => {
    await expectProblem(await service.request(`/v1/feedback/${id}`), { status: 404, code: 'not_found' });
  });
});
