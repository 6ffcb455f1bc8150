import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { tellForgotten } from '../../src/feedback/forgotten.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { Items } from '../_util/items.ts';
import { expectProblem } from '../_util/problem.ts';

const HOUR_MS = 3_600_000;
/** A Monday, 16:00 in the business time zone. */
const START = Date.parse('2026-11-02T08:00:00Z');

describeOnEngines('forgotten items', (engine) => {
  let service: TestService;
  let items: Items;
  let clock = START;
  beforeAll(async () => {
    service = await openTestService({ engine, now: () => new Date(clock) });
    items = new Items(service);
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());
  beforeEach(async () => {
    clock = START;
    await sql`truncate feedback, outbox cascade`.execute(service.database.kysely);
  });

  const run = () => tellForgotten(service.context, AbortSignal.timeout(60_000));
  const list = async (query = '') => {
    const response = await service.request(`/v1/feedback/forgotten${query}`);
    expect(response.status).toBe(200);
    return (await response.json()) as {
      items: { id: string; reasons: { code: string; note: object }[] }[];
      next_cursor: string | null;
    };
  };
  const codes = async () =>
    Object.fromEntries((await list()).items.map(({ id, reasons }) => [id, reasons.map(({ code }) => code)]));

  test('are found for each reason, and only then', async () => {
    const assigned = await items.submit('How do I export my trades?');
    const working = await items.submit('Where do I find the fees?');
    await items.done(working, 'transitions', { to: 'in_progress' });
    await items.done(working, 'messages', { direction: 'outbound', text: 'On the page Fees.' });
    const waiting = await items.submit('What is the minimum deposit?');
    await items.done(waiting, 'transitions', { to: 'waiting_for_customer' });
    const done = await items.submit('Which documents do I need?');
    await items.done(done, 'transitions', { to: 'resolved', resolution: 'answered' });
    expect(await list()).toEqual({ items: [], next_cursor: null });
    clock += 24 * HOUR_MS;
    expect(await codes()).toEqual({});
    clock += 1_000;
    expect(await codes()).toEqual(Object.fromEntries([assigned, working, waiting].map((id) => [id, ['no_owner']])));
    clock += 24 * HOUR_MS;
    // The first response of a question is due after two business days.
    expect(await codes()).toEqual({
      [assigned]: ['no_owner', 'overdue', 'untouched'],
      [working]: ['no_owner', 'untouched'],
      [waiting]: ['no_owner'],
    });
    clock += 12 * 24 * HOUR_MS;
    expect((await codes())[waiting]).toEqual(['no_owner', 'waiting_too_long']);
    expect((await codes())[done]).toBeUndefined();
    const [first] = (await list()).items;
    expect(first?.reasons[0]?.note).toEqual({ zh: expect.any(String), en: expect.any(String) });
  });

  test('what waits for a confirmation is not assigned', async () => {
    const response = await service.post('/v1/feedback', { text: 'asdf qwer zxcv' });
    expect(await response.json()).toMatchObject({ status: 'prioritised' });
    clock += 24 * HOUR_MS + 1;
    expect((await list()).items[0]?.reasons.map(({ code }) => code)).toContain('not_assigned');
  });

  test('a resolution that is late counts the time in which the clock stood', async () => {
    const id = await items.submit('提现没到账');
    const { resolve_due_at } = await items.look(id);
    await items.done(id, 'transitions', { to: 'waiting_for_customer' });
    clock += 10 * HOUR_MS;
    await items.done(id, 'transitions', { to: 'in_progress' });
    clock = Date.parse(resolve_due_at ?? '') + 10 * HOUR_MS;
    expect((await codes())[id] ?? []).not.toContain('overdue');
    clock += 1_000;
    expect((await codes())[id]).toContain('overdue');
  });

  test('who snoozed an item thinks of it', async () => {
    const id = await items.submit('How do I export my trades?');
    clock += 49 * HOUR_MS;
    const until = new Date(clock + HOUR_MS);
    await service.database.kysely
      .updateTable('feedback')
      .set({ snoozed_until: until, first_responded_at: new Date(START) })
      .where('id', '=', id)
      .execute();
    expect(await codes()).toEqual({});
    clock += HOUR_MS;
    expect(await codes()).toEqual({ [id]: ['no_owner', 'untouched'] });
  });

  test('are told of once a day, also by two at once, without a change of the item', async () => {
    const ids = await Promise.all(Array.from({ length: 40 }, (_, at) => items.submit(`图表卡住了 ${at}`)));
    clock += 30 * HOUR_MS;
    const told = await Promise.all([run(), run(), run()]);
    expect(told.reduce((sum, count) => sum + count, 0)).toBe(ids.length);
    expect(await run()).toBe(0);
    expect((await items.events(ids[0] ?? '')).at(-1)).toBe('feedback.forgotten');
    expect((await items.look(ids[0] ?? '')).version).toBe(2);
    // Two hours later it is another day in the business time zone.
    clock += 2 * HOUR_MS;
    expect(await run()).toBe(ids.length);
    await expect(tellForgotten(service.context, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('are paged, oldest first', async () => {
    const ids = [];
    for (let at = 0; at < 3; at++) ids.push(await items.submit(`图表卡住了 ${at}`));
    clock += 30 * HOUR_MS;
    const first = await list('?limit=2');
    const rest = await list(`?limit=2&cursor=${first.next_cursor}`);
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(ids);
    expect(rest.next_cursor).toBeNull();
    const refused = await service.request('/v1/feedback/forgotten?limit=0');
    await expectProblem(refused, { status: 422, code: 'invalid_input', pointers: ['/limit'] });
  });
});
