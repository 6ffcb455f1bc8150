import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { feedbackDetailSchema, submittedSchema } from '../../src/feedback/view.ts';
import { queueStateSchema, teamStateSchema } from '../../src/routing/queues.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';

const START = Date.parse('2026-11-02T08:00:00Z');
const HOUR_MS = 3_600_000;

describeOnEngines('queues and teams', (engine) => {
  let service: TestService;
  let clock = START;
  beforeAll(async () => {
    service = await openTestService({ engine, now: () => new Date(clock) });
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const submit = async (text: string) =>
    submittedSchema.parse(await (await service.post('/v1/feedback', { text })).json());
  const correct = async (id: string, body: unknown) => {
    const answer = await service.post(`/v1/feedback/${id}/corrections`, body);
    return z.object({ item: feedbackDetailSchema }).parse(await answer.json()).item;
  };
  const change = (id: string, set: object) =>
    service.database.kysely.updateTable('feedback').set(set).where('id', '=', id).execute();
  const queues = async () =>
    z.object({ items: z.array(queueStateSchema) }).parse(await (await service.request('/v1/queues')).json()).items;
  const queue = async (key: string) => (await queues()).find((one) => one.key === key);
  const teams = async () =>
    z.object({ items: z.array(teamStateSchema) }).parse(await (await service.request('/v1/teams')).json()).items;

  test('every queue is listed with its names, its team and what waits in it', async () => {
    const { routing } = service.context.policy;
    const empty = await queues();
    expect(empty.map(({ key }) => key)).toEqual(routing.queues.map(({ key }) => key));
    expect(empty[0]).toEqual({
      key: 'crisis',
      name: { zh: '危机关怀', en: 'Crisis care' },
      team: 'trust',
      restricted: true,
      open: 0,
      unassigned: 0,
      oldest_unassigned_seconds: null,
      overdue_first_responses: 0,
    });
    const first = await submit('我的充值500 USDT没有到账');
    clock += 600_000;
    const second = await submit('提现三天了还没到账，请帮忙查一下');
    expect([first.queue, second.queue]).toEqual(['payments', 'payments']);
    clock += 600_000;
    const two = { open: 2, unassigned: 2, oldest_unassigned_seconds: 1_200, overdue_first_responses: 0 };
    expect(await queue('payments')).toMatchObject({ team: 'operations', restricted: false, ...two });
    expect((await teams()).find(({ key }) => key === 'operations')).toEqual({
      key: 'operations',
      name: { zh: '业务运营', en: 'Operations' },
      queues: ['payments', 'identity', 'trading'],
      ...two,
    });
    expect((await teams()).flatMap((team) => team.queues).sort()).toEqual(empty.map(({ key }) => key).sort());
  });

  test('late answers count; what is held, asleep, merged or resolved does not wait', async () => {
    const [first, second] = [await submit('充值一直没到账'), await submit('Deposit of 20 USDT is missing')];
    const before = await queue('payments');
    await change(first.id, { assignee: first.id });
    await change(second.id, { snoozed_until: new Date(clock + HOUR_MS) });
    expect(await queue('payments')).toMatchObject({ open: before?.open, unassigned: (before?.unassigned ?? 0) - 2 });
    clock += 5 * HOUR_MS;
    const late = await queue('payments');
    expect(late).toMatchObject({ overdue_first_responses: 4, unassigned: (before?.unassigned ?? 0) - 1 });
    await change(first.id, { merged_into: second.id });
    await change(second.id, { resolved_at: new Date(clock), status: 'resolved' });
    expect(await queue('payments')).toMatchObject({ open: 2, unassigned: 2, overdue_first_responses: 2 });
  });

  test('a snooze that was given before an item became urgent hides it no more', async () => {
    const { id } = await submit('请问手续费是多少');
    await change(id, { snoozed_until: new Date(clock + HOUR_MS), queue: 'marketing' });
    expect(await queue('marketing')).toMatchObject({ open: 1, unassigned: 0 });
    await change(id, { priority: 'P1' });
    expect(await queue('marketing')).toMatchObject({ unassigned: 1 });
  });

  test('a clock that was set back gives no age below nothing', async () => {
    const { queue: key } = await submit('The API key page returns an error 500');
    clock -= HOUR_MS;
    expect(await queue(key)).toMatchObject({ oldest_unassigned_seconds: 0 });
    clock += HOUR_MS;
  });

  test('a queue that routing has lost is shown while items lie in it', async () => {
    const { id } = await submit('hello there');
    await change(id, { queue: 'of_last_year' });
    expect((await queues()).at(-1)).toMatchObject({ key: 'of_last_year', team: null, restricted: true, open: 1 });
  });

  test('what lies in a restricted queue leaves it by no correction, and the decision can be replayed', async () => {
    const { id, queue: key } = await submit('我的账户被盗了，有人改了密码');
    expect(key).toBe('security');
    const held = await correct(id, { type: 'question', risk_flags: [], topics: ['education'], priority: 'P4' });
    expect(held).toMatchObject({ queue: 'security', priority: 'P4', risk_flags: [] });
    expect(held.decision).toMatchObject({
      queue: 'security',
      settled: { by: 'person', values: { queue: 'security' } },
    });
    const last = held.decisions.at(-1)?.id;
    expect(await (await service.request(`/v1/decisions/${last}/replay`)).json()).toMatchObject({ same: true });
    const open = await submit('How do I open a demo account to learn?');
    expect((await correct(open.id, { type: 'technical_issue', topics: ['deposit'] })).queue).toBe('payments');
  });

  test('a correction can take an item to another restricted queue', async () => {
    const { id } = await submit('有人盗用了我的账户转走了币');
    expect((await correct(id, { risk_flags: ['self_harm'] })).queue).toBe('crisis');
  });
});
