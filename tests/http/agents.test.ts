import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { agentSchema } from '../../src/routing/agent.ts';
import { addAgent, addItem, assigneeOf, auditOf, eventsOf, send } from '../_util/agents.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { expectProblem } from '../_util/problem.ts';

const NOBODY = '01a20162-58db-746b-8ed4-46b9e0bc5972';
const strictAgent = z.strictObject(agentSchema.shape);

describeOnEngines('agents', (engine) => {
  let service: TestService;
  beforeAll(async () => {
    service = await openTestService({ engine });
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const hold = (agent: string, id: string, set: object = {}) =>
    service.database.kysely
      .updateTable('feedback')
      .set({ assignee: agent, ...set })
      .where('id', '=', id)
      .execute();

  test('one is added, found under its address, listed by name, and begins offline', async () => {
    const body = { name: '林静', languages: ['zh'], skills: ['payments', 'crisis'], capacity: 12 };
    const answer = await service.post('/v1/agents', body);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('etag')).toBe('"1"');
    const agent = strictAgent.parse(await answer.json());
    expect(agent).toMatchObject({ ...body, presence: 'offline', load: 0, open_items: 0, last_assigned_at: null });
    const found = await service.request(answer.headers.get('location') ?? '');
    expect([found.headers.get('etag'), await found.json()]).toEqual(['"1"', agent]);
    await addAgent(service, 'Ada');
    const { items } = (await (await service.request('/v1/agents')).json()) as { items: { name: string }[] };
    expect(items.map(({ name }) => name)).toEqual(['Ada', '林静']);
    expect(await auditOf(service, agent.id)).toMatchObject([{ action: 'agent.created', actor: { kind: 'local' } }]);
    expect(await eventsOf(service, agent.id)).toEqual(['agent.created']);
    expect(service.enqueued).toContain('routing.assign');
  });

  test('load counts what is open by its priority, and nothing else', async () => {
    const { id } = await addAgent(service, 'load');
    await hold(id, await addItem(service, '一', { priority: 'P1' }));
    await hold(id, await addItem(service, '二', { priority: 'P4' }), { status: 'waiting_for_customer' });
    await hold(id, await addItem(service, '三', { priority: 'P2' }), { status: 'resolved', resolved_at: new Date() });
    await hold(id, await addItem(service, '四', { priority: 'P2' }), { merged_into: await addItem(service, '五') });
    const agent = agentSchema.parse(await (await service.request(`/v1/agents/${id}`)).json());
    expect([agent.load, agent.open_items]).toEqual([5, 2]);
  });

  describe('a new one is refused with what would be accepted', () => {
    const good = { name: 'x', languages: ['zh'], skills: ['payments'], capacity: 5 };
    test.each<[string, object, string, string]>([
      ['an unknown queue', { skills: ['payments', 'paymnets'] }, '/skills/1', 'payments'],
      ['an unknown language', { languages: ['fr'] }, '/languages/0', 'zh, en'],
      ['no language', { languages: [] }, '/languages', 'at least 1'],
      ['a language twice', { languages: ['zh', 'zh'] }, '/languages', 'twice'],
      ['a skill twice', { skills: ['api', 'api'] }, '/skills', 'twice'],
      ['a capacity of nothing', { capacity: 0 }, '/capacity', 'at least 1'],
      ['a capacity of a crowd', { capacity: 201 }, '/capacity', 'at most 200'],
      ['half a capacity', { capacity: 1.5 }, '/capacity', 'whole'],
      ['an unknown presence', { presence: 'asleep' }, '/presence', 'available, away, offline'],
      ['an empty name', { name: '' }, '/name', 'empty'],
      ['a name that nobody sees', { name: ' \u200B' }, '/name', 'visible'],
      ['a name with U+0000', { name: 'a\u0000b' }, '/name', 'U+0000'],
      ['a long name', { name: '名'.repeat(101) }, '/name', 'at most 100'],
      ['an unknown field', { team: 'trust' }, '/team', 'not a known field'],
    ])('%s', async (_, values, pointer, accepted) => {
      const answer = await service.post('/v1/agents', { ...good, ...values });
      const { errors } = await expectProblem(answer, { status: 422, code: 'invalid_input', pointers: [pointer] });
      expect(errors?.[0]?.message).toContain(accepted);
    });

    test('a name that is taken, whatever its capitals, width and spaces', async () => {
      await addAgent(service, 'zoë');
      for (const name of ['ZOË', 'Zoë', 'ｚｏë', ' zoë  ', 'zoe\u0308']) {
        const answer = await service.post('/v1/agents', { ...good, name });
        await expectProblem(answer, { status: 409, code: 'conflict', pointers: ['/name'] });
      }
    });
  });

  test('of many who take one name at once one gets it', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        service.post('/v1/agents', { name: at % 2 ? 'TWIN' : 'twin', languages: ['en'], skills: [], capacity: 1 }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)]);
  });

  test('a change applies to what was seen, is kept in the audit, and the same again changes nothing', async () => {
    const { id } = await addAgent(service, 'Mia');
    const change = (body: object, headers = {}) => send(service, 'PATCH', `/v1/agents/${id}`, body, headers);
    const first = await change({ presence: 'away', capacity: 7, name: 'Mia Chen' }, { 'If-Match': '"1"' });
    expect([first.status, first.headers.get('etag')]).toEqual([200, '"2"']);
    expect(await first.json()).toMatchObject({ presence: 'away', capacity: 7, name: 'Mia Chen', skills: ['payments'] });
    await expectProblem(await change({ presence: 'offline' }, { 'If-Match': '"1"' }), {
      status: 412,
      code: 'precondition_failed',
      pointers: ['/headers/If-Match'],
    });
    expect((await change({ presence: 'away' })).headers.get('etag')).toBe('"2"');
    expect((await change({ name: 'MIA CHEN' })).headers.get('etag')).toBe('"3"');
    expect((await auditOf(service, id)).map(({ action, change: what }) => [action, what])).toMatchObject([
      ['agent.created', {}],
      [
        'agent.changed',
        {
          before: { presence: 'available', capacity: 10, name: 'Mia' },
          after: { presence: 'away', capacity: 7, name: 'Mia Chen' },
        },
      ],
      ['agent.changed', { before: { name: 'Mia Chen' }, after: { name: 'MIA CHEN' } }],
    ]);
    await addAgent(service, 'Noa');
    await expectProblem(await change({ name: 'noa' }), { status: 409, code: 'conflict', pointers: ['/name'] });
    await expectProblem(await change({ skills: ['nowhere'] }), {
      status: 422,
      code: 'invalid_input',
      pointers: ['/skills/0'],
    });
    await expectProblem(await change({}), { status: 422, code: 'invalid_input', pointers: [''] });
  });

  test('going away keeps the items', async () => {
    const { id } = await addAgent(service, 'keeps');
    const held = await addItem(service, '我的提现呢');
    await hold(id, held);
    for (const presence of ['away', 'offline']) await send(service, 'PATCH', `/v1/agents/${id}`, { presence });
    expect(await assigneeOf(service, held)).toBe(id);
  });

  test('one with open items is removed only when these go back to their queues, in the same step', async () => {
    const { id, name } = await addAgent(service, 'leaves');
    const remove = (query = '', headers = {}) =>
      send(service, 'DELETE', `/v1/agents/${id}${query}`, undefined, headers);
    const [begun, solved] = [await addItem(service, '充值没到'), await addItem(service, '已经解决了')];
    const replied = await addItem(service, '回复过了');
    await hold(id, begun, { status: 'in_progress' });
    await hold(id, replied, { status: 'replied' });
    await hold(id, solved, { status: 'resolved', resolved_at: new Date() });
    const refused = await expectProblem(await remove(), { status: 409, code: 'conflict', pointers: ['/items'] });
    expect(refused.detail).toContain('2 open items');
    expect(await assigneeOf(service, begun)).toBe(id);
    await expectProblem(await remove('?items=drop'), { status: 422, code: 'invalid_input', pointers: ['/items'] });
    await expectProblem(await remove('?items=return', { 'If-Match': '"9"' }), {
      status: 412,
      code: 'precondition_failed',
      pointers: ['/headers/If-Match'],
    });
    const gone = await remove('?items=return', { 'If-Match': '"1"' });
    expect(await gone.json()).toEqual({ removed: id, returned_items: 2 });
    expect([await assigneeOf(service, begun), await assigneeOf(service, replied)]).toEqual([null, null]);
    expect(await assigneeOf(service, solved)).toBe(id);
    expect((await auditOf(service, begun)).at(-1)).toMatchObject({
      action: 'feedback.released',
      change: { from: id, reason: 'agent_removed', status: { from: 'in_progress', to: 'assigned' } },
    });
    expect(await eventsOf(service, begun)).toContain('feedback.released');
    expect((await auditOf(service, id)).at(-1)).toMatchObject({
      action: 'agent.removed',
      change: { name: 'leaves', returned_items: 2 },
    });
    for (const answer of [await remove(), await service.request(`/v1/agents/${id}`)])
      await expectProblem(answer, { status: 404, code: 'not_found' });
    expect((await addAgent(service, name)).id).not.toBe(id);
  });

  test('whoever is not there is not found', async () => {
    for (const id of [NOBODY, 'nonsense']) {
      for (const [method, body] of [['GET'], ['PATCH', { capacity: 3 }], ['DELETE']] as const) {
        const answer = await send(service, method, `/v1/agents/${id}`, body);
        await expectProblem(answer, { status: 404, code: 'not_found' });
      }
    }
  });
});
