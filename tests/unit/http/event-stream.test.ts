import { setTimeout as sleep } from 'node:timers/promises';
import { Hono } from 'hono';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { isAppError } from '../../../src/errors.ts';
import type { HttpEnv, Phase } from '../../../src/http/env.ts';
import { EventStreams, type ServerEvent } from '../../../src/http/event-stream.ts';

const FAREWELL = { event: 'end', data: 'stopping' };

/** A service whose only path streams what the generator gives. */
function open(events: (signal: AbortSignal) => AsyncIterable<ServerEvent>) {
  const serving: { phase: Phase } = { phase: 'ready' };
  const logged: string[] = [];
  const streams = new EventStreams(pino({}, { write: (line: string) => logged.push(line) }));
  const app = new Hono<HttpEnv>();
  app.use(async (c, next) => {
    c.set('serving', serving);
    c.set('requestId', 'r1');
    await next();
  });
  app.get('/', (c) => streams.answer(c, { events, farewell: FAREWELL }));
  app.onError((error, c) => c.text(isAppError(error) ? error.code : 'unknown', 503));
  return { get: async () => await app.request('/'), serving, logged };
}

/** Says something, then waits until it is ended. */
async function* forever(signal: AbortSignal): AsyncGenerator<ServerEvent> {
  yield { event: 'one', data: { text: 'a\nb' } };
  await sleep(3_600_000, undefined, { signal });
}

test('a stream ends with a farewell when the service stops', async () => {
  const { get, serving } = open(forever);
  const response = await get();
  expect(response.headers.get('cache-control')).toBe('no-store');
  serving.phase = 'draining';
  expect(await response.text()).toBe('event: one\ndata: {"text":"a\\nb"}\n\nevent: end\ndata: "stopping"\n\n');
});

test('a client that leaves ends what was done for it, and makes room', async () => {
  let ended = 0;
  const { get } = open(async function* (signal) {
    try {
      yield* forever(signal);
    } finally {
      ended += 1;
    }
  });
  const responses = await Promise.all(Array.from({ length: 100 }, get));
  const refused = await get();
  expect([refused.status, await refused.text()]).toEqual([503, 'overloaded']);
  await Promise.all(responses.map(({ body }) => body?.cancel()));
  while (ended < responses.length) await sleep(1);
  const again = await get();
  expect(again.status).toBe(200);
  await again.body?.cancel();
});

test('what fails is told without its content, and logged', async () => {
  const { get, logged } = open(async function* () {
    yield { event: 'one', data: 1 };
    throw new Error('select secret from rows');
  });
  const text = await (await get()).text();
  expect(text).toContain('event: error\ndata: {"code":"internal"');
  expect(text).toContain('"requestId":"r1"');
  expect(text).not.toContain('secret');
  expect(logged.join('')).toContain('a stream of events failed');
});
