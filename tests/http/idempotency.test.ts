import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS, TEST_TIMEOUT_MS } from '../_util/db.ts';
import { createHeldEncoder, type HeldEncoder } from '../_util/held-encoder.ts';
import { expectProblem } from '../_util/problem.ts';

const MINUTE_MS = 60_000;

describeOnEngines('Idempotency-Key', (engine) => {
  let service: TestService;
  let held: HeldEncoder;
  let clock = Date.parse('2026-11-02T08:00:00Z');
  beforeAll(async () => {
    held = createHeldEncoder();
    service = await openTestService({ engine, encoder: held.encoder, now: () => new Date(clock) });
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const send = (key: string, body: unknown, headers: Record<string, string> = {}) =>
    service.post('/v1/feedback', body, { 'idempotency-key': key, ...headers });
  const countItems = async (text: string) => {
    const rows = await service.database.kysely.selectFrom('feedback').select('id').where('body', '=', text).execute();
    return rows.length;
  };

  const untilClaimed = async (key: string) => {
    const find = () => service.database.kysely.selectFrom('idempotency').select('key').where('key', '=', key).execute();
    while ((await find()).length === 0) await sleep(5);
  };

  test('a repeat is answered with the same bytes and stores nothing', async () => {
    const body = { text: '充值 500 USDT 一直没到账' };
    const first = await send('replay-1', body);
    const bytes = await first.text();
    expect(first.status).toBe(201);
    clock += 5 * MINUTE_MS;
    held.hold();
    const again = await send('replay-1', body);
    held.release();
    expect({ status: again.status, body: await again.text() }).toEqual({ status: 201, body: bytes });
    expect(again.headers.get('content-type')).toBe('application/json');
    expect(await countItems(body.text)).toBe(1);
  });

  test('the same key with another body is refused with 422', async () => {
    expect((await send('other-body', { text: 'My withdrawal is stuck' })).status).toBe(201);
    const other = await send('other-body', { text: 'My withdrawal is stuck!' });
    await expectProblem(other, { status: 422, code: 'idempotency_mismatch' });
    expect(await countItems('My withdrawal is stuck!')).toBe(0);
  });

  test('while the first runs, the second is told so with 409; afterwards it gets the answer', async () => {
    const body = { text: '行情一直卡住，刷新也没用' };
    held.hold();
    const first = send('running', body);
    await untilClaimed('running');
    const second = await send('running', body);
    await expectProblem(second, { status: 409, code: 'idempotency_in_progress' });
    expect(second.headers.get('retry-after')).toBe('1');
    const different = await send('running', { text: 'something else' });
    await expectProblem(different, { status: 422, code: 'idempotency_mismatch' });
    held.release();
    const answer = await first;
    expect(answer.status).toBe(201);
    expect(await (await send('running', body)).text()).toBe(await answer.text());
    expect(await countItems(body.text)).toBe(1);
  });

  test('many at once store one item, and every answer is the item or 409', async () => {
    const body = { text: 'The app crashes whenever I open a chart' };
    const answers = await Promise.all(Array.from({ length: 12 }, () => send('many', body)));
    const created = answers.filter(({ status }) => status === 201);
    expect(created.length).toBeGreaterThanOrEqual(1);
    expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    expect(new Set(await Promise.all(created.map((answer) => answer.text()))).size).toBe(1);
    expect(await countItems(body.text)).toBe(1);
  });

  test('a request that failed gives its key back', async () => {
    const body = { text: '客服三天都不回复' };
    held.failWith(new AppError('overloaded', 'Too many texts wait.', { retryAfter: 2.2 }));
    const refused = await send('failed', body);
    await expectProblem(refused, { status: 503, code: 'overloaded' });
    expect(refused.headers.get('retry-after')).toBe('3');
    held.release();
    expect((await send('failed', body)).status).toBe(201);
  });

  test('a request that was not acceptable does not take its key', async () => {
    await expectProblem(await send('corrected', { text: '' }), {
      status: 422,
      code: 'invalid_input',
      pointers: ['/text'],
    });
    expect((await send('corrected', { text: 'Please add a dark mode' })).status).toBe(201);
  });

  test('a client that went away before anything was stored gives its key back', async () => {
    const body = { text: 'I cancelled this request' };
    const abort = new AbortController();
    held.hold();
    const first = service.request('/v1/feedback', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'gone' },
      body: JSON.stringify(body),
      signal: abort.signal,
    });
    await held.untilWaiting(1);
    abort.abort();
    held.release();
    await expectProblem(await first, { status: 499, code: 'cancelled' });
    expect(await countItems(body.text)).toBe(0);
    expect((await send('gone', body)).status).toBe(201);
  });

  test('what was cut off in the middle frees its key after the lease, not before', async () => {
    await service.database.kysely
      .insertInto('idempotency')
      .values({
        scope: 'local',
        key: 'cut-off',
        request_hash: 'of a process that died',
        status: null,
        response: null,
        created_at: sql<Date>`now() - interval '200 seconds'`,
      })
      .execute();
    const body = { text: '我的订单一直没有成交' };
    await expectProblem(await send('cut-off', body), { status: 422, code: 'idempotency_mismatch' });
    // Another replica's clock does not count: it may be wrong.
    clock += 24 * 60 * MINUTE_MS;
    await expectProblem(await send('cut-off', body), { status: 422, code: 'idempotency_mismatch' });
    await service.database.kysely
      .updateTable('idempotency')
      .set({ created_at: sql<Date>`now() - interval '241 seconds'` })
      .where('key', '=', 'cut-off')
      .execute();
    const taken = await send('cut-off', body);
    expect(taken.status).toBe(201);
    expect(await (await send('cut-off', body)).text()).toBe(await taken.text());
  });

  test('without a key every request is an item', async () => {
    const body = { text: 'Same words, two customers' };
    const [first, second] = await Promise.all([service.post('/v1/feedback', body), service.post('/v1/feedback', body)]);
    expect([first?.status, second?.status]).toEqual([201, 201]);
    expect(await countItems(body.text)).toBe(2);
  });
});

test('two callers with keys of their own may use the same words', { timeout: TEST_TIMEOUT_MS }, async () => {
  const keys = ['alpha', 'beta'].map(
    (name) => `${name}=${createHash('sha256').update(`secret-${name}`).digest('hex')}`,
  );
  await using service = await openTestService({ settings: { API_KEYS: keys.join(',') } });
  const send = async (name: string, text: string) => {
    const headers = { authorization: `Bearer secret-${name}`, 'idempotency-key': 'order-1' };
    const answer = await service.post('/v1/feedback', { text }, headers);
    expect(answer.status).toBe(201);
    return await answer.text();
  };
  const alpha = await send('alpha', 'The fee is too high');
  const beta = await send('beta', '手续费太高了');
  expect(JSON.parse(beta).text).toBe('手续费太高了');
  expect(await send('alpha', 'The fee is too high')).toBe(alpha);
});
