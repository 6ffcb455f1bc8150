import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { Items } from '../_util/items.ts';
import { expectProblem } from '../_util/problem.ts';

const NOWHERE = '01a20162-58db-746b-8ed4-46b9e0bc5972';

describeOnEngines('links', (engine) => {
  let service: TestService;
  let items: Items;
  beforeAll(async () => {
    service = await openTestService({ engine });
    items = new Items(service);
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const submit = (name: string) => items.submit(`行情图表一直卡住不动 ${name}`);
  const link = (from: string, kind: string, to: string) => items.post(from, 'links', { kind, to });
  const refused = (response: Response, status = 409) =>
    expectProblem(response, { status, code: status === 409 ? 'conflict' : 'invalid_input', pointers: ['/to'] });

  test('are shown from both ends and taken away from either', async () => {
    const [symptom, cause] = [await submit('症状'), await submit('原因')];
    const made = await link(symptom, 'caused_by', cause);
    expect([made.status, made.headers.get('etag')]).toEqual([201, '"3"']);
    const { items: here } = await items.get(symptom, 'links');
    const { items: there } = await items.get(cause, 'links');
    expect(here).toMatchObject([{ kind: 'caused_by', from: symptom, to: cause, other: { id: cause } }]);
    expect(there).toMatchObject([{ id: here[0]?.id, other: { id: symptom, text: '行情图表一直卡住不动 症状' } }]);
    expect(await items.look(cause)).toMatchObject({ version: 2 });
    const path = `/v1/feedback/${cause}/links/${here[0]?.id}`;
    expect((await service.request(path, { method: 'DELETE' })).status).toBe(200);
    expect(await items.get(symptom, 'links')).toEqual({ items: [] });
    expect((await items.actions(symptom)).at(-1)).toBe('feedback.linked');
    expect((await items.actions(cause)).at(-1)).toBe('feedback.unlinked');
    await expectProblem(await service.request(path, { method: 'DELETE' }), { status: 404, code: 'not_found' });
  });

  test('to itself, to nothing and of no kind are refused', async () => {
    const [one, other] = [await submit('甲'), await submit('乙')];
    await refused(await link(one, 'related_to', one), 422);
    await refused(await link(one, 'related_to', one.toUpperCase()), 422);
    await refused(await link(one, 'related_to', NOWHERE), 422);
    for (const kind of ['split_from', 'reminds_of']) {
      const response = await link(one, kind, other);
      await expectProblem(response, { status: 422, code: 'invalid_input', pointers: ['/kind'] });
    }
    await expectProblem(await link(NOWHERE, 'related_to', one), { status: 404, code: 'not_found' });
    expect(await items.get(one, 'links')).toEqual({ items: [] });
  });

  test('twice or the other way round are refused, another kind is not', async () => {
    const [one, other] = [await submit('丙'), await submit('丁')];
    expect((await link(one, 'related_to', other)).status).toBe(201);
    await refused(await link(one, 'related_to', other));
    await refused(await link(other, 'related_to', one));
    expect((await link(one, 'follow_up_of', other)).status).toBe(201);
    expect((await items.look(one)).version).toBe(4);
  });

  test('no circle of causes, however long, also when it is closed by two at once', async () => {
    const [a, b, c, d] = [await submit('a'), await submit('b'), await submit('c'), await submit('d')];
    expect((await link(a, 'caused_by', b)).status).toBe(201);
    expect((await link(b, 'caused_by', c)).status).toBe(201);
    const problem = await refused(await link(c, 'caused_by', a));
    expect(problem.detail).toContain('caused by');
    expect((await link(c, 'related_to', a)).status).toBe(201);
    const both = await Promise.all([link(c, 'caused_by', d), link(d, 'caused_by', a)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  test('an item has at most a hundred', async () => {
    const hub = await submit('hub');
    const ends = await Promise.all(Array.from({ length: 101 }, (_, at) => submit(`end ${at}`)));
    const last = ends.pop() ?? '';
    for (const end of ends) expect((await link(end, 'related_to', hub)).status).toBe(201);
    const problem = await refused(await link(hub, 'follow_up_of', last));
    expect(problem.detail).toContain('this item has as many');
    expect((await refused(await link(last, 'follow_up_of', hub))).detail).toContain('the other item');
  });
});
