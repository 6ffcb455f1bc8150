import { once } from 'node:events';
import { Agent, type IncomingMessage, request as send } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Encoder } from '../../src/embedding/encoder.ts';
import { AppError } from '../../src/errors.ts';
import { createApp } from '../../src/http/app.ts';
import { type DrainPlan, HttpServer } from '../../src/http/server.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { createHeldEncoder, type HeldEncoder } from '../_util/held-encoder.ts';
import { createIdleQueue } from '../_util/jobs.ts';
import { expectProblem } from '../_util/problem.ts';

const LOOPBACK = { HOST: '127.0.0.1', PORT: 0 };
/** Nothing is given up or cut while a test runs. */
const PATIENT = {
  noticeMs: 10,
  patienceMs: 100_000,
  cutMs: 100_000,
  giveUp: async () => undefined,
} satisfies DrainPlan;

let service: TestService;
let held: HeldEncoder;
let server: HttpServer;
let signals: (AbortSignal | undefined)[] = [];
beforeAll(async () => {
  held = createHeldEncoder();
  const { embed } = held.encoder;
  const encoder: Encoder = {
    ...held.encoder,
    embed(text, options) {
      signals.push(options?.signal);
      return embed(text, options);
    },
  };
  service = await openTestService({ encoder });
}, OPEN_TIMEOUT_MS);
afterAll(() => service[Symbol.asyncDispose]());
beforeEach(async () => {
  service.logged.length = 0;
  signals = [];
  server = await HttpServer.listen(LOOPBACK, service.context.logger);
});
afterEach(async () => {
  held.release();
  await server[Symbol.asyncDispose]();
});

const serve = () => server.serve(createApp(service.context, createIdleQueue(), server));
const ask = (path: string) => fetch(`${server.url}${path}`);
const classify = () =>
  fetch(`${server.url}/classify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"text":"hello"}',
  });
const untilLogged = async (pattern: RegExp) => {
  for (;;) {
    const line = service.logged.find((entry) => pattern.test(entry));
    if (line !== undefined) return JSON.parse(line);
    await sleep(5);
  }
};
const levels = () => service.logged.map((line) => JSON.parse(line).level);

describe('while the service starts', () => {
  test('the port is bound, says that it lives and that it is not ready, and refuses work', async () => {
    const live = await ask('/livez');
    expect([live.status, await live.json()]).toEqual([200, { status: 'ok' }]);
    const ready = await ask('/readyz');
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'starting', checks: {}, warnings: [] }]);
    expect(ready.headers.get('x-content-type-options')).toBe('nosniff');
    await expectProblem(await classify(), { status: 503, code: 'starting' });
    serve();
    const now = await ask('/readyz');
    expect([now.status, await now.json()]).toEqual([
      200,
      { status: 'ready', checks: { database: 'ok', encoder: 'ok' }, warnings: [] },
    ]);
    expect((await classify()).status).toBe(200);
  });

  test('a port that somebody has is refused at once', async () => {
    const again = HttpServer.listen({ ...LOOPBACK, PORT: server.port }, service.context.logger);
    await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('a client that hangs up', () => {
  test('before the answer: one quiet line, nothing is computed for it', async () => {
    serve();
    held.hold();
    const request = send(`${server.url}/classify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    request.on('error', () => undefined);
    request.end('{"text":"hello"}');
    await held.untilWaiting(1);
    request.destroy();
    await expect.poll(() => signals[0]?.aborted).toBe(true);
    held.release();
    expect(await untilLogged(/"msg":"request"/)).toMatchObject({ level: 30, status: 499 });
    expect(levels()).toEqual([30]);
  });

  test('in the middle of its body', async () => {
    serve();
    const socket = connect(server.port, '127.0.0.1');
    const head = ['POST /classify HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', 'Content-Length: 99'];
    const part = `${head.join('\r\n')}\r\n\r\n{"text":`;
    await new Promise((resolve) => socket.write(part, resolve));
    socket.destroy();
    expect(await untilLogged(/"msg":"request"/)).toMatchObject({ level: 30, status: 499 });
    expect(levels()).toEqual([30]);
  });
});

describe('bodies on the wire', () => {
  const post = (body: string) =>
    fetch(`${server.url}/classify`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const postInPieces = async (size: number) => {
    const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
    const request = send(`${server.url}/classify`, { method: 'POST', headers });
    request.end(`{"text":"a"}`.padEnd(size));
    const [answer]: IncomingMessage[] = await once(request, 'response');
    answer?.resume();
    return answer?.statusCode;
  };

  test('of a declared and of an undeclared length are read, up to the limit', async () => {
    serve();
    expect((await post(`{"text":"a"}`.padEnd(1_048_576))).status).toBe(200);
    expect(await postInPieces(1_048_576)).toBe(200);
    await expectProblem(await post('x'.repeat(1_048_577)), { status: 413, code: 'payload_too_large' });
    expect(await postInPieces(1_048_577)).toBe(413);
  });
});

describe('while the service stops', () => {
  test('requests in flight are answered, probes are told, connections are told to close, the port closes', async () => {
    serve();
    using agent = keepAlive();
    held.hold();
    const inFlight = agent.post('/classify', '{"text":"hello"}');
    await held.untilWaiting(1);
    const drained = server.drain({ ...PATIENT, noticeMs: 2_000 });
    const ready = await ask('/readyz');
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'draining', checks: {}, warnings: [] }]);
    expect(ready.headers.get('connection')).toBe('close');
    expect((await ask('/livez')).status).toBe(200);
    held.release();
    const answer = await inFlight;
    expect([answer.statusCode, answer.headers.connection]).toEqual([200, 'close']);
    await drained;
    await expect(ask('/livez')).rejects.toThrow('fetch failed');
  });

  test('before that they are kept', async () => {
    serve();
    using agent = keepAlive();
    const answer = await agent.post('/classify', '{"text":"hello"}');
    expect(answer.headers.connection).toBe('keep-alive');
  });

  test('what waits too long is refused with an answer', async () => {
    serve();
    held.hold();
    const waiting = classify();
    await held.untilWaiting(1);
    const refusal = new AppError('encoder_unavailable', 'The encoder is being shut down.', { retryAfter: 5 });
    await server.drain({ ...PATIENT, patienceMs: 50, giveUp: async () => held.failWith(refusal) });
    await expectProblem(await waiting, { status: 503, code: 'encoder_unavailable' });
  });

  test('what does not end at all is cut', async () => {
    serve();
    held.hold();
    const hanging = expect(classify()).rejects.toThrow('fetch failed');
    await held.untilWaiting(1);
    await server.drain({ ...PATIENT, patienceMs: 20, cutMs: 60 });
    await hanging;
  });
});

/** One connection that is used again, as an HTTP client of a program does. */
function keepAlive() {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    async post(path: string, body: string): Promise<IncomingMessage> {
      const headers = { 'content-type': 'application/json' };
      const request = send(`${server.url}${path}`, { method: 'POST', agent, headers });
      request.end(body);
      const [answer]: IncomingMessage[] = await once(request, 'response');
      if (answer === undefined) throw new Error('no answer');
      answer.resume();
      await once(answer, 'end');
      return answer;
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}
