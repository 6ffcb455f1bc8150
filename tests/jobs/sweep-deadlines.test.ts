import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashEntry } from '../../src/feedback/audit-entry.ts';
import { sweepDeadlines } from '../../src/feedback/sweep-deadlines.ts';
import { feedbackSchema } from '../../src/feedback/view.ts';
import { TASKS } from '../../src/jobs/tasks.ts';
import { PolicyInForce } from '../../src/policies/policy-in-force.ts';
import { publishPolicy } from '../../src/policies/publish.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { createIdleQueue } from '../_util/jobs.ts';
import { withSla } from '../_util/sla.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A Monday. */
const START = Date.parse('2026-11-02T02:00:00Z');
const never = new AbortController().signal;
/** P1: answered in 1 h, solved in 24 h. */
const STOLEN = '我的账户被盗了，刚刚有人提走了12000 USDT';

describeOnEngines('the sweep of deadlines', (engine) => {
  let service: TestService;
  let clock: number;
  beforeEach(async () => {
    clock = START;
    service = await openTestService({ engine, now: () => new Date(clock) });
  }, OPEN_TIMEOUT_MS);
  afterEach(() => service[Symbol.asyncDispose]());

  const submit = async (text = STOLEN) =>
    feedbackSchema.parse(await (await service.post('/v1/feedback', { text })).json());
  const look = async (id: string) =>
    await service.database.kysely.selectFrom('feedback').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const move = async (id: string, body: object) => {
    const answer = await service.post(`/v1/feedback/${id}/transitions`, body);
    expect(answer.status).toBe(200);
    return feedbackSchema.parse(await answer.json());
  };
  const sweepAt = async (time: number, limit?: { batch: number; items: number }) => {
    clock = time;
    return await sweepDeadlines(service.context, never, limit);
  };
  const events = async () => {
    const rows = await service.database.kysely
      .selectFrom('outbox')
      .selectAll()
      .where('event', 'like', 'deadline.%')
      .orderBy('seq')
      .execute();
    return rows.map(
      ({ event, subject_id, payload }) => ({ ...payload, event, id: subject_id }) as Record<string, unknown>,
    );
  };
  const audits = async (id: string) =>
    await service.database.kysely.selectFrom('audit').selectAll().where('subject_id', '=', id).orderBy('seq').execute();
  /** Puts a queue that takes over into the policy of this service. */
  const escalateTo = (queue: string) => {
    const { sla } = service.context.policy;
    const priorities = { ...sla.priorities, P1: { ...sla.priorities.P1, escalate_to: queue } };
    service = { ...service, context: withSla(service.context, { ...sla, priorities }) };
  };

  test('a new item says when it is looked at, and by which policy its deadlines are counted', async () => {
    const { id, priority } = await submit();
    expect(priority).toBe('P1');
    const row = await look(id);
    expect(row.sweep_at).toEqual(new Date(START + 45 * MINUTE_MS));
    expect(row.sla_version).toBe(service.context.policy.versions.sla);
    expect(row.breaches).toEqual({});
  });

  test('warnings and breaches are told once each, with entries in the chain of the item', async () => {
    const { id } = await submit();
    await sweepAt(START + 44 * MINUTE_MS);
    expect(await events()).toEqual([]);
    await sweepAt(START + 46 * MINUTE_MS);
    await sweepAt(START + 47 * MINUTE_MS);
    const due_at = new Date(START + HOUR_MS).toISOString();
    const warned = { event: 'deadline.warned', id, deadline: 'first_response', due_at, priority: 'P1' };
    expect(await events()).toMatchObject([warned]);
    await sweepAt(START + 61 * MINUTE_MS);
    await sweepAt(START + 62 * MINUTE_MS);
    expect(await events()).toMatchObject([warned, { ...warned, event: 'deadline.breached', escalated_to: null }]);
    await sweepAt(START + 2 * DAY_MS);
    expect((await events()).map(({ event, deadline }) => `${event} ${deadline}`)).toEqual([
      'deadline.warned first_response',
      'deadline.breached first_response',
      'deadline.breached resolution',
    ]);
    const row = await look(id);
    expect(row.breaches).toMatchObject({ first_response: { due_at, priority: 'P1' }, resolution: { priority: 'P1' } });
    expect(row.sweep_at).toBeNull();
    expect(row.version).toBe(4);
    await expectChain(id, 4);
  });

  test('what is answered and solved in time is never told of', async () => {
    const { id } = await submit();
    clock = START + 10 * MINUTE_MS;
    await service.post(`/v1/feedback/${id}/corrections`, { confirm: true });
    await move(id, { to: 'replied' });
    expect((await look(id)).sweep_at).toEqual(new Date(START + 18 * HOUR_MS));
    await move(id, { to: 'resolved', resolution: 'solved' });
    expect((await look(id)).sweep_at).toBeNull();
    await sweepAt(START + 30 * DAY_MS);
    expect(await events()).toEqual([]);
  });

  test('waiting for the customer stops the clock of the solution, and moves its date', async () => {
    const { id } = await submit();
    await service.post(`/v1/feedback/${id}/corrections`, { confirm: true });
    clock = START + 30 * MINUTE_MS;
    expect((await move(id, { to: 'waiting_for_customer' })).resolve_due_at).toBeNull();
    expect((await look(id)).sweep_at).toBeNull();
    await sweepAt(START + 5 * DAY_MS);
    expect(await events()).toEqual([]);
    const back = await move(id, { to: 'in_progress' });
    const due = START + 5 * DAY_MS + 23.5 * HOUR_MS;
    expect(back.resolve_due_at).toBe(new Date(due).toISOString());
    await sweepAt(due);
    expect((await events()).map(({ event }) => event)).toEqual(['deadline.warned']);
    await sweepAt(due + 1);
    expect((await events()).map(({ event }) => event)).toEqual(['deadline.warned', 'deadline.breached']);
  });

  test('a lower priority does not take back what was missed before it', async () => {
    const { id } = await submit();
    clock = START + 2 * HOUR_MS;
    expect((await service.post(`/v1/feedback/${id}/corrections`, { priority: 'P4' })).status).toBe(201);
    const row = await look(id);
    expect(row.breaches).toEqual({
      first_response: { due_at: new Date(START + HOUR_MS).toISOString(), priority: 'P1' },
    });
    expect(row.first_response_due_at).toEqual(new Date(START + 2 * DAY_MS));
    expect(await events()).toMatchObject([{ event: 'deadline.breached', id, priority: 'P1' }]);
    await expectChain(id, row.version);
    await sweepAt(START + 10 * DAY_MS);
    expect(await events()).toHaveLength(1);
  });

  test('an item keeps the policy that it came under, whatever is published later', async () => {
    const { context } = service;
    const { sla, versions } = context.policy;
    const before = await submit();
    const quick = { first_response: { duration: '5m', calendar: 'always' }, resolution: null };
    const document = { ...sla, priorities: { P1: quick, P2: quick, P3: quick, P4: quick } };
    await publishPolicy(context, { kind: 'sla', document, parent: versions.sla }, { kind: 'local' });
    const after = await submit();
    expect([(await look(before.id)).sla_version, (await look(after.id)).sla_version]).toEqual([
      versions.sla,
      context.policy.versions.sla,
    ]);
    clock = START + 10 * MINUTE_MS;
    for (const { id } of [before, after]) await service.post(`/v1/feedback/${id}/corrections`, { priority: 'P2' });
    expect((await look(before.id)).first_response_due_at).toEqual(new Date(START + 4 * HOUR_MS));
    expect((await look(after.id)).first_response_due_at).toEqual(new Date(START + 5 * MINUTE_MS));
    expect((await move(before.id, { to: 'in_progress' })).resolve_due_at).toBe(
      new Date(START + 2 * DAY_MS).toISOString(),
    );
    // As in a process that never had the earlier one in force.
    const fresh = new PolicyInForce(context.policy.current);
    clock = START + 5 * HOUR_MS;
    await sweepDeadlines({ ...context, policy: fresh }, never);
    const due = (await events()).map(({ id, due_at }) => [id, due_at]);
    expect(due).toContainEqual([before.id, new Date(START + 4 * HOUR_MS).toISOString()]);
    expect(due).toContainEqual([after.id, new Date(START + 5 * MINUTE_MS).toISOString()]);
  });

  test('a missed deadline hands the item to the queue that takes over, once', async () => {
    escalateTo('crisis');
    const { id, queue } = await submit();
    expect(queue).toBe('security');
    await sweepAt(START + 50 * MINUTE_MS);
    expect((await look(id)).queue).toBe('security');
    await sweepAt(START + 2 * HOUR_MS);
    expect((await look(id)).queue).toBe('crisis');
    expect((await events()).at(-1)).toMatchObject({
      event: 'deadline.breached',
      queue: 'security',
      escalated_to: 'crisis',
    });
    const late = await submit();
    clock += 2 * HOUR_MS;
    await service.post(`/v1/feedback/${late.id}/corrections`, { confirm: true });
    await move(late.id, { to: 'replied' });
    await sweepAt(clock + 1);
    expect((await look(late.id)).queue).toBe('security');
  });

  test('after a standstill everything overdue is told once, oldest first, in bounded batches and runs', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 7; index++) {
      clock = START + index * MINUTE_MS;
      ids.push((await submit(`${STOLEN}，第 ${index} 次`)).id);
    }
    expect(await sweepAt(START + DAY_MS / 2, { batch: 2, items: 5 })).toBe(true);
    expect((await events()).map(({ id }) => id)).toEqual(ids.slice(0, 5));
    expect(await sweepAt(START + DAY_MS / 2, { batch: 2, items: 5 })).toBe(false);
    expect((await events()).map(({ event, id }) => `${event} ${id}`)).toEqual(
      ids.map((id) => `deadline.breached ${id}`),
    );
  });

  test('a run that is repeated, and two at once, tell nothing twice', async () => {
    const { id } = await submit();
    await submit();
    clock = START + 2 * HOUR_MS;
    const runs = [1, 2, 3].map(() => sweepDeadlines(service.context, never, { batch: 1, items: 10 }));
    expect(await Promise.all(runs)).toEqual([false, false, false]);
    expect(await events()).toHaveLength(2);
    // As after a restore in which the item is older than what was told of it.
    const earlier = new Date(START + HOUR_MS);
    await service.database.kysely
      .updateTable('feedback')
      .set({ sweep_at: earlier, breaches: '{}' })
      .where('id', '=', id)
      .execute();
    await sweepAt(START + 3 * HOUR_MS);
    expect(await events()).toHaveLength(2);
    expect((await audits(id)).filter(({ action }) => action === 'deadline.breached')).toHaveLength(1);
    expect((await look(id)).breaches).toMatchObject({ first_response: { priority: 'P1' } });
  });

  test('an item that cannot be counted with is put off, and holds up nobody', async () => {
    const { id } = await submit();
    clock += MINUTE_MS;
    const { id: sound } = await submit();
    const { kysely } = service.database;
    await kysely.updateTable('feedback').set({ priority: 'P9' }).where('id', '=', id).execute();
    const now = START + 2 * HOUR_MS;
    expect(await sweepAt(now)).toBe(false);
    expect((await events()).map((event) => event.id)).toEqual([sound]);
    expect((await look(id)).sweep_at).toEqual(new Date(now + HOUR_MS));
    expect(service.logged.filter((line) => line.includes(id) && line.includes('"level":50'))).toHaveLength(1);
    await kysely.updateTable('feedback').set({ priority: 'P1' }).where('id', '=', id).execute();
    await sweepAt(now + 2 * HOUR_MS);
    expect((await events()).map((event) => event.id)).toEqual([sound, id]);
  });

  test('a clock that is set back tells nothing, and a stop is heeded', async () => {
    await submit();
    await sweepAt(START - DAY_MS);
    expect(await events()).toEqual([]);
    clock = START + DAY_MS;
    await expect(sweepDeadlines(service.context, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    expect(await events()).toEqual([]);
  });

  test('the task runs every minute and ends when nothing is left', async () => {
    await submit();
    clock = START + 2 * HOUR_MS;
    const task = TASKS['deadlines.sweep'];
    expect(task.schedule).toEqual({ cron: '* * * * *', data: {} });
    expect(await task.run(service.context, {}, never, createIdleQueue())).toBeUndefined();
    expect(await events()).toHaveLength(1);
  });

  async function expectChain(id: string, entries: number): Promise<void> {
    const chain = await audits(id);
    expect(chain).toHaveLength(entries);
    for (const [index, entry] of chain.entries()) {
      if (index > 0) expect(entry.prev_hash).toBe(chain[index - 1]?.hash);
      const { at, actor, action, subject_kind: subjectKind, subject_id: subjectId, change } = entry;
      expect(hashEntry({ at, actor, action, subjectKind, subjectId, change }, entry.prev_hash)).toBe(entry.hash);
    }
  }
});
