import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { Items } from '../_util/items.ts';
import { expectProblem } from '../_util/problem.ts';

describeOnEngines('notes and watchers', (engine) => {
  let service: TestService;
  let items: Items;
  beforeAll(async () => {
    service = await openTestService({ engine });
    items = new Items(service);
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const watch = (method: string, id: string, name: string, headers = {}) =>
    service.request(`/v1/feedback/${id}/watchers/${encodeURIComponent(name)}`, { method, headers });

  test('are kept in their order, masked, paged, and told of in the audit', async () => {
    const id = await items.submit('提现三天没到账');
    const first = await items.post(id, 'notes', { text: '客户电话 13800138000，已回拨', by: 'li@example.com' });
    expect([first.status, first.headers.get('etag')]).toEqual([201, '"3"']);
    expect(await first.json()).toMatchObject({
      feedback_id: id,
      text: '客户电话 [PHONE]，已回拨',
      by: expect.stringMatching(/^p:[0-9a-f]{32}$/),
      actor: { kind: 'local' },
    });
    await items.done(id, 'notes', { text: 'Finance confirmed the payout' });
    const page = await items.get(id, 'notes?limit=1');
    expect(page.items.map(({ text }) => text)).toEqual(['客户电话 [PHONE]，已回拨']);
    const rest = await items.get(id, `notes?cursor=${page.next_cursor}`);
    expect(rest).toMatchObject({ items: [{ text: 'Finance confirmed the payout', by: null }], next_cursor: null });
    expect((await items.actions(id)).slice(2)).toEqual(['feedback.noted', 'feedback.noted']);
    expect(JSON.stringify(await items.audit(id))).not.toContain('Finance');
    expect(await items.look(id)).toMatchObject({ version: 4, status: 'assigned' });
  });

  test.each([
    ['nothing to see', { text: ' \u200b' }, 422, 'invalid_input', ['/text']],
    ['a long one', { text: 'x'.repeat(10_001) }, 422, 'invalid_input', ['/text']],
    ['nobody', { text: 'a', by: '' }, 422, 'invalid_input', ['/by']],
    ['a name that nobody sees', { text: 'a', by: ' ' }, 422, 'invalid_input', ['/by']],
    ['an unknown field', { text: 'a', status: 'closed' }, 422, 'invalid_input', ['/status']],
  ])('a note with %s is refused', async (_, body, status, code, pointers) => {
    const id = await items.submit(`How do I export my trades? ${JSON.stringify(body).slice(0, 40)}`);
    await expectProblem(await items.post(id, 'notes', body), { status, code, pointers });
    expect((await items.look(id)).version).toBe(2);
  });

  test('a note that its writer would not have written on what is there now is refused', async () => {
    const id = await items.submit('The chart is blank since the update');
    const late = await items.post(id, 'notes', { text: 'a' }, { 'If-Match': '"1"' });
    await expectProblem(late, { status: 412, code: 'precondition_failed', pointers: ['/headers/If-Match'] });
    expect(await items.get(id, 'notes')).toEqual({ items: [], next_cursor: null });
  });

  test('somebody watches once, however often it is said, and no longer', async () => {
    const id = await items.submit('What are your fees for card deposits?');
    for (const expected of ['"3"', '"3"']) {
      const response = await watch('PUT', id, '林');
      expect([response.status, response.headers.get('etag')]).toEqual([200, expected]);
    }
    const second = await watch('PUT', id, 'li@example.com');
    const { items: both } = (await second.json()) as { items: { name: string }[] };
    expect(both.map(({ name }) => name)).toEqual(['林', expect.stringMatching(/^p:/)]);
    expect((await watch('DELETE', id, 'li@example.com')).status).toBe(200);
    expect((await watch('DELETE', id, 'nobody')).status).toBe(200);
    expect((await items.get(id, 'watchers')).items.map(({ name }) => name)).toEqual(['林']);
    expect((await items.events(id)).slice(2)).toEqual(['feedback.watched', 'feedback.watched', 'feedback.unwatched']);
  });

  test('a hundred may watch, and the next is refused', async () => {
    const id = await items.submit('Please add a dark mode to the web terminal');
    for (let count = 0; count < 100; count++) expect((await watch('PUT', id, `w${count}`)).status).toBe(200);
    await expectProblem(await watch('PUT', id, 'one more'), { status: 409, code: 'conflict' });
    await expectProblem(await watch('PUT', id, 'x'.repeat(101)), {
      status: 422,
      code: 'invalid_input',
      pointers: ['/name'],
    });
  });

  test('of an item that is not there are not found', async () => {
    for (const id of ['01a20162-58db-746b-8ed4-46b9e0bc5972', 'nonsense']) {
      await expectProblem(await items.post(id, 'notes', { text: 'a' }), { status: 404, code: 'not_found' });
      await expectProblem(await watch('PUT', id, 'lin'), { status: 404, code: 'not_found' });
      expect((await service.request(`/v1/feedback/${id}/notes`)).status).toBe(404);
      expect((await service.request(`/v1/feedback/${id}/watchers`)).status).toBe(404);
    }
  });
});
