import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/connect.ts';
import { startJobs } from '../../src/jobs/runner.ts';
import { assignWaiting } from '../../src/routing/assign-waiting.ts';
import { addAgent, addItem, assignAll, assigneeOf, auditOf, eventsOf, send } from '../_util/agents.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS, quiet } from '../_util/db.ts';
import { feedbackRow } from '../db/rows.ts';

const START = Date.parse('2026-11-02T08:00:00Z');
const HOUR_MS = 3_600_000;

describeOnEngines('items find their agents', (engine) => {
  let service: TestService;
  let clock = START;
  beforeEach(async () => {
    clock = START;
    service = await openTestService({ engine, now: () => new Date(clock) });
  }, OPEN_TIMEOUT_MS);
  afterEach(() => service[Symbol.asyncDispose]());

  const change = (id: string, set: object) =>
    service.database.kysely.updateTable('feedback').set(set).where('id', '=', id).execute();
  const patch = (id: string, body: object) => send(service, 'PATCH', `/v1/agents/${id}`, body);

  test('an installation without agents: nothing happens, and nothing is said', async () => {
    const id = await addItem(service, '救命', { priority: 'P1', queue: 'crisis' });
    const before = service.logged.length;
    await assignAll(service);
    expect(service.logged.slice(before)).toEqual([]);
    expect(await assigneeOf(service, id)).toBeNull();
    expect(await eventsOf(service, id)).toEqual(['feedback.created']);
  });

  test('by skill, language, presence and room; each is told why, with its time', async () => {
    const zh = await addAgent(service, 'zh', { languages: ['zh'] });
    const en = await addAgent(service, 'en', { languages: ['en'], capacity: 2 });
    await addAgent(service, 'away', { presence: 'away' });
    await addAgent(service, 'other', { skills: ['trading'] });
    const chinese = await addItem(service, '甲');
    const [english, second] = [
      await addItem(service, 'a', { language: 'en', first_response_due_at: new Date(clock + HOUR_MS) }),
      await addItem(service, 'b', { language: 'en', first_response_due_at: new Date(clock + 2 * HOUR_MS) }),
    ];
    const mixed = await addItem(service, 'c', { language: 'mixed' });
    clock += 60_000;
    await assignAll(service);
    expect(await Promise.all([chinese, english, second, mixed].map((id) => assigneeOf(service, id)))).toEqual([
      zh.id,
      en.id,
      null,
      null,
    ]);
    expect((await auditOf(service, english)).at(-1)).toEqual({
      action: 'feedback.assigned',
      actor: { kind: 'job', name: 'routing.assign' },
      change: {
        from: null,
        to: en.id,
        reason: {
          skill: 'payments',
          language: 'en',
          weight: 2,
          load: 0,
          capacity: 2,
          over_capacity: false,
          eligible: 1,
        },
      },
    });
    expect(await eventsOf(service, english)).toContain('feedback.assigned');
    const row = await service.database.kysely
      .selectFrom('feedback')
      .select(['assigned_at', 'version'])
      .where('id', '=', english)
      .executeTakeFirstOrThrow();
    expect(row).toEqual({ assigned_at: new Date(clock), version: 2 });
    await patch(en.id, { capacity: 4 });
    await assignAll(service);
    expect(await assigneeOf(service, second)).toBe(en.id);
  });

  test('what is asleep, merged, done or waits for a look is left; an urgent one is not, and becomes assigned', async () => {
    const agent = await addAgent(service, 'w', { capacity: 50 });
    const target = await addItem(service, '目标');
    const left = await Promise.all([
      addItem(service, '睡', { snoozed_until: new Date(clock + HOUR_MS) }),
      addItem(service, '并', { merged_into: target }),
      addItem(service, '完', { status: 'resolved', resolved_at: new Date(clock) }),
      addItem(service, '看', { status: 'prioritised', needs_review: true }),
      addItem(service, '问', { needs_review: true }),
    ]);
    const urgent = await addItem(service, '急', { status: 'prioritised', needs_review: true, priority: 'P2' });
    await assignAll(service);
    for (const id of left) expect(await assigneeOf(service, id)).toBeNull();
    expect(await (await service.request(`/v1/feedback/${urgent}`)).json()).toMatchObject({
      assignee: agent.id,
      status: 'assigned',
      needs_review: true,
    });
    const steps = service.database.kysely.selectFrom('transition').select(['from_status', 'to_status']);
    expect(await steps.where('feedback_id', '=', urgent).execute()).toEqual([
      { from_status: 'prioritised', to_status: 'assigned' },
    ]);
    clock += HOUR_MS;
    await assignAll(service);
    expect(await assigneeOf(service, left[0] ?? '')).toBe(agent.id);
  });

  test('a P1 goes to a full agent and says so, a P2 waits until there is room', async () => {
    const { id } = await addAgent(service, 'full', { capacity: 3 });
    const [p2, p1, late] = [
      await addItem(service, '二', { priority: 'P2' }),
      await addItem(service, '一', { priority: 'P1' }),
      await addItem(service, '又', { priority: 'P2' }),
    ];
    await assignAll(service);
    expect(await Promise.all([p1, p2, late].map((one) => assigneeOf(service, one)))).toEqual([id, null, null]);
    expect((await auditOf(service, p1)).at(-1)?.change).toMatchObject({ reason: { over_capacity: true, load: 0 } });
    await change(p1, { status: 'resolved', resolved_at: new Date(clock) });
    await assignAll(service);
    expect(await Promise.all([p2, late].map((one) => assigneeOf(service, one)))).toEqual([id, null]);
  });

  test('more than one run does: all are given, the most urgent first, and the shares are equal', async () => {
    const agents = await Promise.all(['a', 'b', 'c'].map((name) => addAgent(service, name, { capacity: 200 })));
    const first = await addItem(service, '模板', { priority: 'P4' });
    await service.database.kysely
      .insertInto('feedback')
      .columns([
        'id',
        'received_at',
        'channel',
        'language',
        'body',
        'status',
        'type',
        'urgency_score',
        'priority',
        'queue',
        'needs_review',
        'first_response_due_at',
        'decision_id',
        'updated_at',
      ])
      .expression((from) =>
        from
          .selectFrom('feedback')
          .select([
            sql<string>`gen_random_uuid()`.as('id'),
            'received_at',
            'channel',
            'language',
            'body',
            'status',
            'type',
            'urgency_score',
            'priority',
            'queue',
            'needs_review',
            sql<Date>`first_response_due_at + n * interval '1 microsecond'`.as('due'),
            'decision_id',
            'updated_at',
          ])
          .innerJoin(sql<{ n: number }>`generate_series(1, 149)`.as<'g'>(sql`g(n)`), (join) => join.onTrue())
          .where('feedback.id', '=', first),
      )
      .execute();
    const runs = [];
    do runs.push(await assignWaiting(service.context, AbortSignal.timeout(60_000)));
    while (runs.at(-1));
    const counts = await service.database.kysely
      .selectFrom('feedback')
      .select((row) => row.fn.countAll<string>().as('n'))
      .groupBy('assignee')
      .execute();
    expect(counts.map(({ n }) => Number(n))).toEqual([50, 50, 50]);
    expect(agents).toHaveLength(3);
  });

  test('equal agents take turns also when the clock is set back', async () => {
    const agents = await Promise.all(['a', 'b', 'c'].map((name) => addAgent(service, name)));
    const got: (string | null)[] = [];
    for (let turn = 0; turn < 9; turn++) {
      clock -= 3 * HOUR_MS;
      const id = await addItem(service, `第${turn}条`);
      await assignAll(service);
      got.push(await assigneeOf(service, id));
      await change(id, { status: 'resolved', resolved_at: new Date(clock) });
    }
    for (const round of [got.slice(0, 3), got.slice(3, 6), got.slice(6)])
      expect([...round].sort()).toEqual(agents.map(({ id }) => id).sort());
  });

  test('a new item asks for a run; the job that runs gives it, and a queue that is down fails no request', async () => {
    const { id: agent } = await addAgent(service, 'w', {
      skills: service.context.policy.routing.queues.map(({ key }) => key),
    });
    const asked = service.enqueued.length;
    const id = await addItem(service, '提现没到账');
    expect(service.enqueued.slice(asked)).toEqual(['routing.assign']);
    {
      await using jobs = await startJobs(service.context);
      await jobs.enqueue('routing.assign');
      while ((await assigneeOf(service, id)) === null) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await assigneeOf(service, id)).toBe(agent);
  });

  if (engine === 'postgres') {
    test('two replicas at once: each item once, and nobody over capacity', async () => {
      await Promise.all(['a', 'b', 'c'].map((name) => addAgent(service, name, { capacity: 20 })));
      // More than one batch, so that each replica finds items that the other does not hold.
      const rows = Array.from({ length: 120 }, () => feedbackRow({ priority: 'P3' }));
      await service.database.kysely.insertInto('feedback').values(rows).execute();
      await using other = await openDatabase({ config: service.context.config, logger: quiet });
      const replicas = [service.context, { ...service.context, database: other }];
      const signal = AbortSignal.timeout(60_000);
      await Promise.all([...replicas, ...replicas].map((replica) => assignWaiting(replica, signal)));
      const audits = await service.database.kysely
        .selectFrom('audit')
        .select((row) => ['subject_id', row.fn.countAll<string>().as('n')])
        .where('action', '=', 'feedback.assigned')
        .groupBy('subject_id')
        .execute();
      expect([audits.length, new Set(audits.map(({ n }) => n))]).toEqual([30, new Set(['1'])]);
      const { items } = (await (await service.request('/v1/agents')).json()) as { items: { load: number }[] };
      expect(items.map(({ load }) => load)).toEqual([20, 20, 20]);
    });
  }
});
