import { afterEach, beforeEach, expect, test } from 'vitest';
import { addAgent, addItem, assignAll, assigneeOf, auditOf, eventsOf, send } from '../_util/agents.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';

const START = Date.parse('2026-11-02T08:00:00Z');

describeOnEngines('items keep to who may have them', (engine) => {
  let service: TestService;
  let clock = START;
  beforeEach(async () => {
    clock = START;
    service = await openTestService({ engine, now: () => new Date(clock) });
  }, OPEN_TIMEOUT_MS);
  afterEach(() => service[Symbol.asyncDispose]());

  const patch = (id: string, body: object) => send(service, 'PATCH', `/v1/agents/${id}`, body);

  test('a restricted queue: only its own agents; when nobody is there it says so once an hour and keeps the item', async () => {
    const agent = await addAgent(service, 'general', { skills: ['payments', 'general'] });
    const id = await addItem(service, '账户被盗', { queue: 'security', priority: 'P2' });
    const quietly = await addItem(service, '隐私', { queue: 'legal', priority: 'P3' });
    const open = await addItem(service, '没人会', { queue: 'trading', priority: 'P1' });
    const told = async (item: string) =>
      (await eventsOf(service, item)).filter((event) => event === 'routing.nobody_available').length;
    for (const [minutes, times] of [
      [0, 1],
      [59, 1],
      [1, 2],
      [30, 2],
      // Set back by a day: what was written in the future keeps nobody silent.
      [-1_440, 3],
      [1, 3],
    ] as const) {
      clock += minutes * 60_000;
      await Promise.all([assignAll(service), assignAll(service)]);
      expect([minutes, await told(id)]).toEqual([minutes, times]);
    }
    expect([await told(quietly), await told(open)]).toEqual([0, 0]);
    expect(await (await service.request(`/v1/feedback/${id}`)).json()).toMatchObject({
      queue: 'security',
      assignee: null,
      version: 1,
    });
    const { payload } = await service.database.kysely
      .selectFrom('outbox')
      .select('payload')
      .where('event', '=', 'routing.nobody_available')
      .limit(1)
      .executeTakeFirstOrThrow();
    expect(payload).toEqual({ queue: 'security', priority: 'P2', language: 'zh', why: 'no_skill' });
    await patch(agent.id, { skills: ['security'], presence: 'offline' });
    await assignAll(service);
    expect(await assigneeOf(service, id)).toBeNull();
    await patch(agent.id, { presence: 'available' });
    await assignAll(service);
    expect(await assigneeOf(service, id)).toBe(agent.id);
  });

  test('what is reopened after its agent was removed is given to another', async () => {
    const { id: gone } = await addAgent(service, 'gone');
    const item = await addItem(service, '解决了', { assignee: gone, status: 'resolved', resolved_at: new Date(clock) });
    await send(service, 'DELETE', `/v1/agents/${gone}`);
    const next = await addAgent(service, 'next');
    await service.post(`/v1/feedback/${item}/transitions`, { to: 'assigned' });
    await assignAll(service);
    expect(await assigneeOf(service, item)).toBe(next.id);
    expect((await auditOf(service, item)).map(({ action }) => action).slice(-2)).toEqual([
      'feedback.released',
      'feedback.assigned',
    ]);
  });

  test('what an agent leaves behind is given to another, wherever its work stands; next is what asks for work', async () => {
    const { id: gone } = await addAgent(service, 'gone');
    const answered = new Date(clock);
    const left = await Promise.all(
      (['assigned', 'in_progress', 'replied', 'waiting_for_customer'] as const).map((status, at) =>
        addItem(service, `留下第${at}条`, { assignee: gone, status, priority: 'P2', first_responded_at: answered }),
      ),
    );
    const answer = await send(service, 'DELETE', `/v1/agents/${gone}?items=return`);
    expect(await answer.json()).toMatchObject({ returned_items: 4 });
    const { id: next } = await addAgent(service, 'next', { presence: 'away', capacity: 50 });
    const work = await addItem(service, '还没回复', { priority: 'P4' });
    const taken = [];
    for (let turn = 0; turn < 4; turn++) {
      const response = await service.post('/v1/queues/payments/next', { agent: next });
      taken.push(((await response.json()) as { id: string }).id);
    }
    expect([taken.slice(0, 2).sort(), taken[2]]).toEqual([left.slice(0, 2).sort(), work]);
    await patch(next, { presence: 'available' });
    await assignAll(service);
    expect(await Promise.all(left.map((id) => assigneeOf(service, id)))).toEqual(left.map(() => next));
  });

  test('what a correction takes into a restricted queue is taken from who lacks its skill', async () => {
    const [payments, security] = [
      await addAgent(service, 'payments'),
      await addAgent(service, 'security', { skills: ['security'] }),
    ];
    const item = await addItem(service, '提现不是我操作的', { assignee: payments.id, status: 'in_progress' });
    await service.post(`/v1/feedback/${item}/corrections`, { risk_flags: ['security_compromise'] });
    await assignAll(service);
    expect(await assigneeOf(service, item)).toBe(security.id);
    expect((await auditOf(service, item)).at(-2)).toMatchObject({
      action: 'feedback.released',
      change: { from: payments.id, reason: 'skill_missing', status: { from: 'in_progress', to: 'assigned' } },
    });
  });
});
