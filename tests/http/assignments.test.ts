import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assignedItemSchema } from '../../src/routing/assign-request.ts';
import { addAgent, addItem, assignAll, assigneeOf, auditOf, eventsOf, send } from '../_util/agents.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { expectProblem } from '../_util/problem.ts';

const NOBODY = '01a20162-58db-746b-8ed4-46b9e0bc5972';
const START = Date.parse('2026-11-02T08:00:00Z');
const HOUR_MS = 3_600_000;

describeOnEngines('who has an item', (engine) => {
  let service: TestService;
  let clock = START;
  beforeAll(async () => {
    service = await openTestService({ engine, now: () => new Date(clock) });
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const assign = (id: string, body: unknown, headers = {}) => service.post(`/v1/feedback/${id}/assign`, body, headers);
  const next = (queue: string, body: unknown) => service.post(`/v1/queues/${queue}/next`, body);
  const read = async (answer: Response) => assignedItemSchema.parse(await answer.json());
  const codes = async (answer: Response) => (await read(answer)).warnings.map(({ code }) => code);
  const lastChange = async (id: string) => (await auditOf(service, id)).at(-1);
  const conflict = (pointers: string[] = []) => ({ status: 409, code: 'conflict', pointers });
  const invalid = (...pointers: string[]) => ({ status: 422, code: 'invalid_input', pointers });

  test('an agent claims an item, and again, which changes nothing', async () => {
    const { id: agent } = await addAgent(service, 'claims');
    const id = await addItem(service, '提现没到账', { status: 'prioritised', needs_review: true });
    const first = await assign(id, { to: agent, by: 'lin', reason: '客户电话 13800138000' });
    expect([first.status, first.headers.get('etag')]).toEqual([200, '"2"']);
    expect(await first.json()).toMatchObject({ assignee: agent, status: 'assigned', warnings: [] });
    expect((await assign(id, { to: agent })).headers.get('etag')).toBe('"2"');
    const { action, change } = (await lastChange(id)) ?? {};
    expect([action, change]).toMatchObject(['feedback.assigned', { from: null, to: agent, by: 'lin' }]);
    expect(JSON.stringify(change)).not.toContain('13800138000');
    expect(await eventsOf(service, id)).toEqual(['feedback.created', 'feedback.assigned']);
  });

  test('of many who claim one item at once one has it, and the others are told who', async () => {
    const agents = await Promise.all(['t1', 't2', 't3', 't4'].map((name) => addAgent(service, name)));
    const id = await addItem(service, '我的充值呢');
    const answers = await Promise.all(agents.map(({ id: to }) => assign(id, { to })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    const holder = await assigneeOf(service, id);
    const name = agents.find((agent) => agent.id === holder)?.name;
    for (const answer of answers.filter(({ status }) => status === 409))
      expect((await expectProblem(answer, conflict(['/to']))).detail).toContain(`${name} (${holder})`);
  });

  test('what somebody has is taken over by who has seen it, or says so', async () => {
    const [one, two] = [await addAgent(service, 'holder'), await addAgent(service, 'taker')];
    const id = await addItem(service, '到账时间？', { assignee: one.id });
    await expectProblem(await assign(id, { to: two.id }), conflict(['/to']));
    await expectProblem(await assign(id, { to: two.id }, { 'If-Match': '*' }), conflict(['/to']));
    const stale = await assign(id, { to: two.id }, { 'If-Match': '"7"' });
    await expectProblem(stale, { status: 412, code: 'precondition_failed', pointers: ['/headers/If-Match'] });
    expect((await read(await assign(id, { to: two.id }, { 'If-Match': '"1"' }))).assignee).toBe(two.id);
    expect((await read(await assign(id, { to: one.id, take_over: true }))).assignee).toBe(one.id);
    expect(await lastChange(id)).toMatchObject({ change: { from: two.id, to: one.id } });
    await send(service, 'DELETE', `/v1/agents/${one.id}?items=return`);
    expect((await read(await assign(id, { to: two.id }))).assignee).toBe(two.id);
  });

  test('by hand it may be unusual, and the answer says in what', async () => {
    const odd = { skills: ['api'], languages: ['zh'], presence: 'away', capacity: 1 };
    const { id: agent } = await addAgent(service, 'odd', odd);
    const id = await addItem(service, 'Where is it?', { language: 'en' });
    const all = ['skill_missing', 'language_missing', 'not_available', 'over_capacity'];
    expect(await codes(await assign(id, { to: agent }))).toEqual(all);
    expect((await lastChange(id))?.change).toMatchObject({ warnings: all });
    const { warnings } = await read(await assign(id, { to: agent }));
    expect(warnings[0]?.note).toEqual({ zh: expect.any(String), en: expect.stringContaining('skill') });
  });

  test('a restricted queue gives to nobody without its skill, not even by hand', async () => {
    const outsider = await addAgent(service, 'outsider');
    const insider = await addAgent(service, 'insider', { skills: ['crisis'] });
    const id = await addItem(service, '活不下去了', { queue: 'crisis', priority: 'P1' });
    await expectProblem(await assign(id, { to: outsider.id }), conflict(['/to']));
    await expectProblem(await assign(id, { to: outsider.id, take_over: true }), conflict(['/to']));
    await expectProblem(await next('crisis', { agent: outsider.id }), conflict(['/agent']));
    expect((await read(await next('crisis', { agent: insider.id }))).id).toBe(id);
  });

  test('a release gives it back, and begun work waits to be begun again', async () => {
    const { id: agent } = await addAgent(service, 'releases', { presence: 'offline' });
    const id = await addItem(service, '提款失败', { assignee: agent, status: 'in_progress' });
    const asked = service.enqueued.length;
    expect(await read(await assign(id, { release: true }))).toMatchObject({ assignee: null, status: 'assigned' });
    expect(service.enqueued.slice(asked)).toEqual(['routing.assign']);
    expect((await assign(id, { release: true })).headers.get('etag')).toBe('"2"');
    expect(await lastChange(id)).toMatchObject({ action: 'feedback.released', change: { from: agent } });
  });

  test('a hand-over clears the agent and stays when the item is decided again', async () => {
    const { id: agent } = await addAgent(service, 'hands over');
    const id = await addItem(service, 'My card deposit failed', { assignee: agent, status: 'in_progress' });
    const body = { queue: 'identity', reason: 'needs documents' };
    const there = { queue: 'identity', assignee: null, status: 'assigned' };
    expect(await read(await assign(id, body))).toMatchObject(there);
    expect((await assign(id, { queue: 'identity' })).headers.get('etag')).toBe('"2"');
    expect(await lastChange(id)).toMatchObject({
      action: 'feedback.handed_over',
      change: { from: 'payments', to: 'identity', assignee: agent, reason: 'needs documents' },
    });
    const corrected = await service.post(`/v1/feedback/${id}/corrections`, { topics: ['deposit'] });
    const { item } = (await corrected.json()) as {
      item: { queue: string; decision: object; decisions: { id: string }[] };
    };
    expect([item.queue, item.decision]).toMatchObject(['identity', { settled: { values: { queue: 'identity' } } }]);
    const replay = await service.request(`/v1/decisions/${item.decisions.at(-1)?.id}/replay`);
    expect(await replay.json()).toMatchObject({ same: true });
    const twin = await service.post('/v1/feedback', { text: 'My card deposit failed' });
    expect(await twin.json()).toMatchObject({ decision: { settled: { by: 'precedent' } }, queue: 'payments' });
  });

  test('to hand over says nothing of what the message is: the review still waits', async () => {
    const id = await addItem(service, 'asdkj qwe', { status: 'prioritised', needs_review: true });
    expect(await read(await assign(id, { queue: 'product' }))).toMatchObject({
      status: 'prioritised',
      needs_review: true,
    });
  });

  test('out of a restricted queue only with a reason; into one, and between them, without', async () => {
    const id = await addItem(service, '账户异常', { queue: 'payments' });
    for (const queue of ['security', 'crisis']) expect((await assign(id, { queue })).status).toBe(200);
    const refused = await expectProblem(await assign(id, { queue: 'general' }), invalid('/reason'));
    expect(refused.detail).toContain('crisis');
    expect((await assign(id, { queue: 'general', reason: '误报' })).status).toBe(200);
  });

  describe('a snooze', () => {
    const due = (hours: number) => new Date(clock + hours * HOUR_MS).toISOString();

    test('takes the item out of sight until its time; then it comes back by itself', async () => {
      const { id: agent } = await addAgent(service, 'sleeps', { skills: ['marketing'] });
      const id = await addItem(service, '活动问题', { queue: 'marketing', first_response_due_at: due(8) });
      expect((await assign(id, { snooze_until: due(2) })).status).toBe(200);
      expect((await next('marketing', { agent })).status).toBe(204);
      expect((await assign(id, { snooze_until: null })).headers.get('etag')).toBe('"3"');
      await assign(id, { snooze_until: due(2) });
      await assignAll(service);
      expect(await assigneeOf(service, id)).toBeNull();
      clock += 2 * HOUR_MS;
      await assignAll(service);
      expect(await assigneeOf(service, id)).toBe(agent);
    });

    test('never hides a P1, nor anything past the time of its first response, and says which time is the latest', async () => {
      const latest = due(4);
      const refuse = async (set: object, hours: number) => {
        const id = await addItem(service, '稍后', { first_response_due_at: latest, ...set });
        const { errors } = await expectProblem(
          await assign(id, { snooze_until: due(hours) }),
          invalid('/snooze_until'),
        );
        return errors?.[0]?.message;
      };
      expect(await refuse({ priority: 'P1' }, 1)).toContain('P1');
      expect(await refuse({}, 5)).toContain(`not be later than ${latest}`);
      expect(await refuse({}, -1)).toContain('in the future');
      expect(await refuse({ first_response_due_at: due(-1) }, 1)).toContain('late');
      expect(await refuse({ first_responded_at: due(-1) }, 24 * 91)).toContain('90 days');
      const answered = await addItem(service, '已回复', {
        first_responded_at: due(-1),
        first_response_due_at: due(-2),
      });
      expect((await assign(answered, { snooze_until: due(24 * 30) })).status).toBe(200);
      const exactly = await addItem(service, '正好', { first_response_due_at: latest });
      expect((await assign(exactly, { snooze_until: latest })).status).toBe(200);
    });

    test('ends with a hand-over: the next team sees it at once', async () => {
      const id = await addItem(service, '转给别人', { first_response_due_at: due(8) });
      await assign(id, { snooze_until: due(2) });
      expect(await read(await assign(id, { queue: 'api' }))).toMatchObject({ queue: 'api', snoozed_until: null });
    });
  });

  test.each<[string, unknown, string[]]>([
    ['nothing', {}, ['']],
    ['two deeds', { release: true, queue: 'api' }, ['']],
    ['release that is not one', { release: false }, ['/release']],
    ['a take-over of nothing', { release: true, take_over: true }, ['/take_over']],
    ['an unknown queue', { queue: 'paymnets' }, ['/queue']],
    ['an agent who is not there', { to: NOBODY }, ['/to']],
    ['an id that is none', { to: 'lin' }, ['/to']],
    ['a time without a zone', { snooze_until: '2026-11-03T08:00:00' }, ['/snooze_until']],
    ['an unknown field', { release: true, team: 'x' }, ['/team']],
  ])('refused: %s', async (_, body, pointers) => {
    const id = await addItem(service, `坏输入 ${JSON.stringify(body)}`);
    await expectProblem(await assign(id, body), invalid(...pointers));
    expect(await auditOf(service, id)).toHaveLength(1);
  });

  test('only open items that speak for themselves are assigned, and only to agents who are there', async () => {
    const [{ id: agent }, { id: gone }] = [await addAgent(service, 'here'), await addAgent(service, 'gone')];
    await send(service, 'DELETE', `/v1/agents/${gone}`);
    const open = await addItem(service, '开着');
    await expectProblem(await assign(open, { to: gone }), invalid('/to'));
    await expectProblem(await next('payments', { agent: gone }), invalid('/agent'));
    const closed = await addItem(service, '关了', { status: 'closed', resolved_at: new Date(clock) });
    const merged = await addItem(service, '合并了', { merged_into: open });
    for (const body of [{ to: agent }, { release: true }, { queue: 'api' }, { snooze_until: null }]) {
      await expectProblem(await assign(closed, body), conflict());
      await expectProblem(await assign(merged, body), { ...conflict(), pointers: ['/id'] });
    }
    for (const id of [NOBODY, 'nonsense'])
      await expectProblem(await assign(id, { to: agent }), { status: 404, code: 'not_found' });
  });

  test('next gives the most urgent of the queue, then what is due first, then nothing', async () => {
    const { id: agent } = await addAgent(service, 'next', { skills: ['trading'], capacity: 1 });
    const at = (hours: number) => new Date(clock + hours * HOUR_MS);
    const item = (text: string, priority: string, hours: number) =>
      addItem(service, text, { queue: 'trading', priority, first_response_due_at: at(hours) });
    const p4 = await item('四', 'P4', 1);
    const late = await item('三晚', 'P3', 9);
    const soon = await item('三早', 'P3', 2);
    const p2 = await item('二', 'P2', 5);
    const given = [];
    for (let turn = 0; turn < 4; turn++) given.push((await read(await next('trading', { agent, by: 'lin' }))).id);
    expect(given).toEqual([p2, soon, late, p4]);
    const empty = await next('trading', { agent });
    expect([empty.status, await empty.text()]).toEqual([204, '']);
    await expectProblem(await next('nowhere', { agent }), { status: 404, code: 'not_found' });
    expect((await lastChange(p2))?.change).toMatchObject({ by: 'lin', warnings: ['over_capacity'] });
  });
});
