import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { Items } from '../_util/items.ts';
import { expectProblem } from '../_util/problem.ts';

const NOWHERE = '01a20162-58db-746b-8ed4-46b9e0bc5972';
const STOLEN = '我的账户被盗了，刚刚有人提走了12000 USDT';

describeOnEngines('merging', (engine) => {
  let service: TestService;
  let items: Items;
  beforeAll(async () => {
    service = await openTestService({ engine });
    items = new Items(service);
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const merge = (id: string, into: string, headers = {}) =>
    items.post(id, 'merge', { into, reason: '同一件事', by: 'lin' }, headers);
  const pair = async (name: string) => [
    await items.submit(`行情一直卡住 ${name} 一`, { customer: { ref: `c-${name}` } }),
    await items.submit(`行情一直卡住 ${name} 二`),
  ];

  test('leaves one open item that tells of the other, its notes and its customer', async () => {
    const [item = '', target = ''] = await pair('甲');
    await items.done(item, 'notes', { text: '客户已经截图' });
    const merged = await merge(item, target);
    expect([merged.status, merged.headers.get('etag')]).toEqual([200, '"4"']);
    expect(await merged.json()).toMatchObject({
      item: { status: 'resolved', resolution: 'duplicate', merged_into: target, next: [] },
      target: { id: target, status: 'assigned', version: 3 },
    });
    expect((await items.get(target, 'notes')).items).toMatchObject([{ feedback_id: item, text: '客户已经截图' }]);
    expect((await items.get(target, 'merged')).items).toMatchObject([{ id: item, customer: { ref: 'c-甲' } }]);
    expect((await items.get(target, 'links')).items).toMatchObject([{ kind: 'duplicate_of', from: item }]);
    expect((await items.actions(item)).at(-1)).toBe('feedback.merged');
    expect((await items.audit(target)).at(-1)).toMatchObject({
      action: 'feedback.absorbed',
      change: { item, reason: '同一件事', by: 'lin' },
    });
  });

  test('every change of a merged item is refused with the name of who speaks for it', async () => {
    const [item = '', between = ''] = await pair('乙');
    const [end = ''] = await pair('丙');
    expect((await merge(item, between)).status).toBe(200);
    expect((await merge(between, end)).status).toBe(200);
    const { version } = await items.look(item);
    for (const [what, body] of [
      ['transitions', { to: 'assigned' }],
      ['corrections', { confirm: true }],
      ['notes', { text: 'a' }],
      ['links', { kind: 'related_to', to: end }],
      ['merge', { into: end, reason: 'a' }],
      ['split', { text: '行情', reason: 'a' }],
    ] as const) {
      const problem = await expectProblem(await items.post(item, what, body), {
        status: 409,
        code: 'conflict',
        pointers: ['/id'],
      });
      expect({ what, named: problem.detail?.includes(end) }).toEqual({ what, named: true });
    }
    expect((await items.look(item)).version).toBe(version);
    expect((await items.get(end, 'merged')).items.map(({ id }) => id)).toEqual([item, between]);
    const [late = ''] = await pair('丁');
    expect(await (await merge(late, item)).json()).toMatchObject({ item: { merged_into: end } });
  });

  test('circles, itself, nothing and what is done are refused', async () => {
    const [item = '', target = ''] = await pair('戊');
    expect((await merge(item, target)).status).toBe(200);
    const conflict = { status: 409, code: 'conflict', pointers: ['/into'] };
    const invalid = { status: 422, code: 'invalid_input', pointers: ['/into'] };
    await expectProblem(await merge(target, item), conflict);
    await expectProblem(await merge(target, target), invalid);
    await expectProblem(await merge(target, NOWHERE), invalid);
    await expectProblem(await merge(NOWHERE, target), { status: 404, code: 'not_found' });
    const [open = '', done = ''] = await pair('己');
    await items.done(done, 'transitions', { to: 'resolved', resolution: 'solved' });
    const problem = await expectProblem(await merge(open, done), conflict);
    expect(problem.detail).toContain('resolved');
    await expectProblem(await merge(open, target, { 'If-Match': '"1"' }), {
      status: 412,
      code: 'precondition_failed',
      pointers: ['/headers/If-Match'],
    });
    expect(await items.look(open)).toMatchObject({ status: 'assigned', merged_into: null, version: 2 });
  });

  test('what nobody has confirmed yet is merged too, and nobody is asked about it any more', async () => {
    const [target = ''] = await pair('壬');
    const response = await service.post('/v1/feedback', { text: 'asdf qwer zxcv' });
    const { id, status } = (await response.json()) as { id: string; status: string };
    const reviewed = async () => {
      const queue = await service.request('/v1/review?limit=100');
      return ((await queue.json()) as { items: { id: string }[] }).items.some((item) => item.id === id);
    };
    expect([status, await reviewed()]).toEqual(['prioritised', true]);
    expect((await merge(id, target)).status).toBe(200);
    expect(await reviewed()).toBe(false);
    await items.done(id, 'unmerge', { reason: '不是同一件' });
    expect([(await items.look(id)).status, await reviewed()]).toEqual(['prioritised', true]);
  });

  test('the more urgent item makes its target as urgent, with the reason and the words in the audit', async () => {
    const target = await items.submit('How do I change my e-mail?');
    const stolen = await items.submit(STOLEN);
    const before = await items.look(target);
    expect((await merge(stolen, target)).status).toBe(200);
    const after = await items.look(target);
    expect([before.priority, after.priority, after.decision.priority]).toEqual(['P4', 'P1', 'P1']);
    expect(after.risk_flags).toEqual((await items.look(stolen)).risk_flags);
    expect(after.first_response_due_at < before.first_response_due_at).toBe(true);
    expect(after.queue).toBe('security');
    expect((await items.audit(target)).at(-1)).toMatchObject({
      action: 'feedback.raised',
      change: { from: 'P4', to: 'P1', by: 'merge', by_id: stolen, quote: expect.stringContaining('提走') },
    });
    const replay = await service.request(`/v1/decisions/${after.decisions.at(-1)?.id}/replay`);
    expect(await replay.json()).toMatchObject({ same: true });
    // A person's word about the item comes after it, and stands above it.
    await items.done(target, 'corrections', { type: 'technical_issue' });
    expect((await items.look(target)).priority).toBe('P1');
    await items.done(target, 'corrections', { priority: 'P3', risk_flags: [] });
    expect(await items.look(target)).toMatchObject({ priority: 'P3', risk_flags: [] });
  });

  test('unmerging gives the item back as it was, clocks included', async () => {
    const [item = '', target = ''] = await pair('庚');
    await items.done(item, 'transitions', { to: 'waiting_for_customer' });
    const { version: _, updated_at: __, ...before } = await items.look(item);
    expect((await merge(item, target)).status).toBe(200);
    const back = await items.done(item, 'unmerge', { reason: '是两笔' });
    const { version: ___, updated_at: ____, ...after } = await items.look(item);
    expect(after).toEqual(before);
    expect(back).toMatchObject({ item: { status: 'waiting_for_customer' }, target: { id: target, version: 4 } });
    expect(await items.get(item, 'links')).toEqual({ items: [] });
    expect((await items.actions(target)).slice(2)).toEqual(['feedback.absorbed', 'feedback.separated']);
    const row = service.database.kysely.selectFrom('feedback').select('pauses').where('id', '=', item);
    expect((await row.executeTakeFirstOrThrow()).pauses).toMatchObject([{ to: null }]);
    await expectProblem(await items.post(item, 'unmerge', { reason: 'a' }), { status: 409, code: 'conflict' });
    expect((await merge(item, target)).status).toBe(200);
  });

  test('of merges at once in a ring none waits for ever, and one item is left', async () => {
    const ring = await Promise.all(
      Array.from({ length: 4 }, (_, at) => items.submit(`充值页面打不开 ${engine} ${at}`)),
    );
    const results = await Promise.all(ring.map((id, at) => merge(id, ring[(at + 1) % ring.length] ?? '')));
    expect(results.map(({ status }) => status).sort()).toEqual([200, 200, 200, 409]);
    const seen = await Promise.all(ring.map((id) => items.look(id)));
    expect(seen.filter(({ merged_into }) => merged_into === null)).toHaveLength(1);
  });

  test('the link of a merge cannot be taken away by itself', async () => {
    const [item = '', target = ''] = await pair('辛');
    await items.done(item, 'links', { kind: 'duplicate_of', to: target });
    expect((await merge(item, target)).status).toBe(200);
    const [link] = (await items.get(target, 'links')).items;
    const path = `/v1/feedback/${target}/links/${link?.id}`;
    await expectProblem(await service.request(path, { method: 'DELETE' }), { status: 409, code: 'conflict' });
  });
});
