import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createFakeEncoder } from '../../src/embedding/fake.ts';
import { unreadableError } from '../../src/embedding/unreadable.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { createHeldEncoder, type HeldEncoder } from '../_util/held-encoder.ts';
import { expectProblem } from '../_util/problem.ts';

let service: TestService;
let held: HeldEncoder;
let embedded: string[] = [];
beforeAll(async () => {
  const inner = createFakeEncoder();
  held = createHeldEncoder(inner);
  const encoder = {
    ...held.encoder,
    embed: (...args: Parameters<typeof inner.embed>) => {
      embedded.push(args[0]);
      return held.encoder.embed(...args);
    },
  };
  service = await openTestService({ encoder });
}, OPEN_TIMEOUT_MS);
afterAll(() => service[Symbol.asyncDispose]());
beforeEach(() => {
  embedded = [];
  service.logged.length = 0;
});

/** Sends a request whose client leaves when so many of its texts are with the encoder. */
async function leave(path: string, body: unknown, texts: number, headers: Record<string, string> = {}) {
  const client = new AbortController();
  held.hold();
  const answer = service.request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: client.signal,
  });
  await held.untilWaiting(texts);
  // The HTTP server's reason is a string and not an Error.
  client.abort('Client connection prematurely closed.');
  held.release();
  return await answer;
}

const linesAt = (level: number) => service.logged.filter((line) => JSON.parse(line).level === level);
const expectOneQuietLine = () => {
  expect([...linesAt(50), ...linesAt(40)]).toEqual([]);
  expect(linesAt(30).map((line) => JSON.parse(line))).toMatchObject([{ msg: 'request', status: 499 }]);
};

describe('a client that hangs up', () => {
  test.each(['/classify', '/v1/classify'])('%s ends without an error in the log', async (path) => {
    await expectProblem(await leave(path, { text: 'hello' }, 1), { status: 499, code: 'cancelled' });
    expectOneQuietLine();
  });

  test.each(['/v1/classify/batch', '/classify'])('the rest of its batch to %s is not started', async (path) => {
    const items = Array.from({ length: 100 }, (_, at) => ({ text: `message ${at}` }));
    const answer = await leave(path, { items }, 8);
    await expectProblem(answer, { status: 499, code: 'cancelled' });
    await sleep(0);
    expect(embedded).toHaveLength(8);
    expectOneQuietLine();
  });

  test('nothing is stored, and the key can be used again', async () => {
    const key = { 'idempotency-key': 'left' };
    await expectProblem(await leave('/v1/feedback', { text: '我走了' }, 1, key), { status: 499, code: 'cancelled' });
    expectOneQuietLine();
    const rows = () => service.database.kysely.selectFrom('feedback').select('id').where('body', '=', '我走了');
    expect(await rows().execute()).toEqual([]);
    expect((await service.post('/v1/feedback', { text: '我走了' }, key)).status).toBe(201);
    expect(await rows().execute()).toHaveLength(1);
  });

  test('a client that had left before its request was read costs the encoder nothing', async () => {
    const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"text":"a"}' };
    const answer = await service.request('/v1/feedback', { ...request, signal: AbortSignal.abort('gone') });
    await expectProblem(answer, { status: 499, code: 'cancelled' });
    expect(embedded).toEqual([]);
  });

  test('is counted under its own status', async () => {
    await leave('/classify', { text: 'counted' }, 1);
    const metrics = await (await service.request('/metrics')).text();
    expect(metrics).toMatch(/http_requests_total\{route="\/classify",method="POST",status="499"\} [1-9]/);
  });
});

describe('a text that the encoder cannot read', () => {
  test('is refused for good, alone', async () => {
    for (const path of ['/classify', '/v1/feedback']) {
      held.failWith(unreadableError());
      const answer = await service.post(path, { text: 'poison' });
      held.release();
      expect(answer.headers.get('retry-after')).toBeNull();
      await expectProblem(answer, { status: 422, code: 'text_unprocessable', pointers: ['/text'] });
    }
    expect([...linesAt(50), ...linesAt(40)]).toEqual([]);
  });

  test('has a problem of its own in a batch', async () => {
    held.failWith(unreadableError());
    const answer = await service.post('/v1/classify/batch', { items: [{ text: '' }, { text: 'poison' }] });
    held.release();
    const { items } = (await answer.json()) as { items: { status: number; problem: Record<string, unknown> }[] };
    expect(items.map(({ status }) => status)).toEqual([422, 422]);
    expect(items[1]?.problem).toMatchObject({ code: 'text_unprocessable', errors: [{ pointer: '/items/1/text' }] });
  });
});
