import { afterAll, beforeAll, expect, test } from 'vitest';
import { feedbackDetailSchema, feedbackSchema } from '../../src/feedback/view.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';

describeOnEngines('the life of an item', (engine) => {
  let service: TestService;
  beforeAll(async () => {
    service = await openTestService({ engine });
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const submit = async (text: string) => {
    const { id } = feedbackSchema.parse(await (await service.post('/v1/feedback', { text })).json());
    await service.post(`/v1/feedback/${id}/corrections`, { confirm: true });
    return id;
  };
  const move = (id: string, body: unknown, headers = {}) =>
    service.post(`/v1/feedback/${id}/transitions`, body, headers);
  const look = async (id: string) =>
    feedbackDetailSchema.parse(await (await service.request(`/v1/feedback/${id}`)).json());

  test('a reply and a solution are kept with their times, the way in `transition`', async () => {
    const id = await submit('提现已经三天没到账了');
    const replied = await move(id, { to: 'replied', by: 'lin', reason: '已请客户提供哈希，电话 13800138000' });
    expect(replied.status).toBe(200);
    expect(feedbackSchema.parse(await replied.json()).first_responded_at).not.toBeNull();
    const resolved = await move(id, { to: 'resolved', resolution: 'solved' });
    expect(await resolved.json()).toMatchObject({ status: 'resolved', resolution: 'solved', version: 4 });
    const steps = await service.database.kysely
      .selectFrom('transition')
      .select(['from_status', 'to_status', 'person', 'reason'])
      .where('feedback_id', '=', id)
      .orderBy('id')
      .execute();
    expect(steps).toMatchObject([
      { from_status: 'assigned', to_status: 'replied', person: 'lin' },
      { from_status: 'replied', to_status: 'resolved', person: null },
    ]);
    expect(steps[0]?.reason).not.toContain('13800138000');
    expect((await look(id)).next).toEqual(['assigned', 'followed_up']);
  });

  test.each([
    ['a step that the policy does not have', { to: 'closed' }, 409, '/to'],
    ['an unknown status', { to: 'done' }, 422, '/to'],
    ['a solution without saying how', { to: 'resolved' }, 422, '/resolution'],
    ['a resolution of what is not resolved', { to: 'replied', resolution: 'solved' }, 422, '/resolution'],
    ['an unknown field', { to: 'replied', why: 'x' }, 422, '/why'],
  ])('%s is refused, and nothing changes', async (_, body, status, pointer) => {
    const id = await submit(`How do I change my e-mail? ${JSON.stringify(body)}`);
    const response = await move(id, body);
    expect(response.status).toBe(status);
    const { errors } = (await response.json()) as { errors: { pointer: string }[] };
    expect(errors.map((error) => error.pointer)).toContain(pointer);
    expect(await look(id)).toMatchObject({ status: 'assigned', version: 2 });
  });

  test('who has seen an older version is refused, by every change', async () => {
    const id = await submit('The chart is blank since the update');
    const seen = await service.request(`/v1/feedback/${id}`);
    const etag = seen.headers.get('etag') ?? '';
    expect(etag).toBe('"2"');
    const first = await move(id, { to: 'in_progress' }, { 'If-Match': etag });
    expect(first.headers.get('etag')).toBe('"3"');
    const told = 'must be "3", the ETag of the item as it is now, or *';
    for (const late of [
      await move(id, { to: 'replied' }, { 'If-Match': etag }),
      await move(id, { to: 'replied' }, { 'If-Match': 'W/"3"' }),
      await service.post(`/v1/feedback/${id}/corrections`, { priority: 'P1' }, { 'If-Match': etag }),
    ]) {
      expect(late.status).toBe(412);
      expect(await late.json()).toMatchObject({
        code: 'precondition_failed',
        errors: [{ pointer: '/headers/If-Match', message: told }],
      });
    }
    expect((await move(id, { to: 'replied' }, { 'If-Match': '"1", "3"' })).status).toBe(200);
    expect((await move(id, { to: 'in_progress' }, { 'If-Match': 'three' })).status).toBe(422);
    const known = await service.request(`/v1/feedback/${id}`, { headers: { 'If-None-Match': '"4"' } });
    expect([known.status, await known.text()]).toEqual([304, '']);
  });

  test('of two at once with the same version one wins', async () => {
    const id = await submit('What are your fees for card deposits?');
    const results = await Promise.all(
      Array.from({ length: 8 }, () => move(id, { to: 'in_progress' }, { 'If-Match': '"2"' })),
    );
    expect(results.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(412)]);
    expect((await look(id)).version).toBe(3);
  });

  test('an item that is not there is not found', async () => {
    for (const id of ['01a20162-58db-746b-8ed4-46b9e0bc5972', 'nonsense'])
      expect((await move(id, { to: 'replied' })).status).toBe(404);
  });
});
