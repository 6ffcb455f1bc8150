import { once } from 'node:events';
import { createServer, connect as openSocket, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/db/connect.ts';
import { migrateToLatest } from '../../src/db/migrate.ts';
import { createFakeEncoder } from '../../src/embedding/fake.ts';
import { createApp } from '../../src/http/app.ts';
import { openTestService, TEST_VAULT_KEY, type TestService } from '../_util/context.ts';
import { OPEN_TIMEOUT_MS, quiet, TEST_TIMEOUT_MS } from '../_util/db.ts';
import { createIdleQueue } from '../_util/jobs.ts';
import { createTestPostgres } from '../_util/postgres.ts';
import { expectProblem } from '../_util/problem.ts';
import { withSla } from '../_util/sla.ts';

const ID = '01a20162-58db-746b-8ed4-46b9e0bc5972';

describe('for supervisors', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await openTestService();
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  test('/livez and /readyz say yes', async () => {
    expect(await (await service.request('/livez')).json()).toEqual({ status: 'ok' });
    const ready = await service.request('/readyz');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({ status: 'ready', checks: { database: 'ok', encoder: 'ok' }, warnings: [] });
  });

  test('/readyz says when the holidays of a calendar in use end, and stays ready', async () => {
    const { context } = service;
    const { sla } = context.policy;
    const calendars = sla.calendars.map((calendar) => ({ ...calendar, known_through: 2026 }));
    const later = { ...withSla(context, { ...sla, calendars }), now: () => new Date('2026-12-20T00:00:00Z') };
    const app = createApp(later, createIdleQueue());
    const ready = await app.request('/readyz', { headers: { host: 'localhost' } });
    expect([ready.status, await ready.json()]).toMatchObject([
      200,
      { status: 'ready', warnings: [expect.stringMatching(/calendar always/u), expect.stringMatching(/business/u)] },
    ]);
  });

  test('measurements name routes, never ids or what was sent', async () => {
    await service.request(`/v1/feedback/${ID}`);
    await service.request('/v1/feedback?type=Zaphod');
    await service.request('/Zaphod/beeblebrox');
    await service.request('/v1/classify', { method: 'PUT' });
    await service.post('/v1/classify', { text: 'Zaphod' });
    const response = await service.request('/metrics');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const lines = (await response.text()).split('\n');
    const requests = lines.filter((line) => line.startsWith('http_requests_total{'));
    expect(requests).toEqual(
      expect.arrayContaining([
        'http_requests_total{route="/v1/feedback/:id",method="GET",status="404"} 1',
        'http_requests_total{route="/v1/feedback",method="GET",status="200"} 1',
        'http_requests_total{route="unknown",method="GET",status="404"} 1',
        'http_requests_total{route="unknown",method="PUT",status="405"} 1',
        'http_requests_total{route="/v1/classify",method="POST",status="200"} 1',
      ]),
    );
    expect(lines.join('\n')).not.toMatch(/Zaphod|beeblebrox|01a20162/);
    expect(lines).toContain('encoder_sessions 1');
    expect(lines).toContain('database_waiting 0');
    const logged = service.logged.join('');
    expect(logged).toContain('"route":"/v1/feedback/:id"');
    expect(logged).not.toMatch(/Zaphod|beeblebrox|01a20162-58db/);
  });

  test(
    'a replica without encoder sessions is not ready, and lives',
    async () => {
      const encoder = createFakeEncoder();
      await using own = await openTestService({ encoder });
      await encoder[Symbol.asyncDispose]();
      const ready = await own.request('/readyz');
      expect(ready.status).toBe(503);
      expect(await ready.json()).toEqual({
        status: 'not_ready',
        checks: { database: 'ok', encoder: 'failed' },
        warnings: [],
      });
      expect((await own.request('/livez')).status).toBe(200);
      await expectProblem(await own.post('/classify', { text: 'hello' }), { status: 503, code: 'encoder_unavailable' });
    },
    TEST_TIMEOUT_MS,
  );

  test(
    'METRICS=false takes /metrics away',
    async () => {
      await using own = await openTestService({ settings: { METRICS: 'false' } });
      await expectProblem(await own.request('/metrics'), { status: 404, code: 'not_found' });
    },
    TEST_TIMEOUT_MS,
  );

  test(
    'an embedded database that has gone: not ready, a decision still, nothing kept',
    async () => {
      await using own = await openTestService();
      await own.database[Symbol.asyncDispose]();
      await expectWithoutDatabase(own);
    },
    TEST_TIMEOUT_MS,
  );

  test.runIf(process.env.TEST_DATABASE_URL)(
    'PostgreSQL that goes and comes back',
    async () => {
      await using postgres = await createTestPostgres(process.env.TEST_DATABASE_URL ?? '');
      await using proxy = await openProxy(new URL(postgres.url));
      const config = loadConfig({ DATABASE_URL: proxy.url, VAULT_KEY: TEST_VAULT_KEY, STATEMENT_TIMEOUT_MS: '2000' });
      await using database = await openDatabase({ config, logger: quiet });
      await migrateToLatest(database, quiet);
      await using own = await openTestService({ opened: { config, database, [Symbol.asyncDispose]: async () => {} } });
      expect((await own.request('/readyz')).status).toBe(200);
      await proxy.shut();
      await expectWithoutDatabase(own);
      await proxy.open();
      expect((await own.request('/readyz')).status).toBe(200);
      expect((await own.post('/v1/feedback', { text: 'hello again' })).status).toBe(201);
    },
    TEST_TIMEOUT_MS,
  );
});

async function expectWithoutDatabase(service: TestService): Promise<void> {
  const ready = await service.request('/readyz');
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({
    status: 'not_ready',
    checks: { database: 'failed', encoder: 'ok' },
    warnings: [],
  });
  expect((await service.request('/livez')).status).toBe(200);
  expect((await service.post('/classify', { text: 'hello' })).status).toBe(200);
  const refusal = { status: 503, code: 'database_unavailable' };
  await expectProblem(await service.post('/v1/feedback', { text: 'hello' }), refusal);
  await expectProblem(await service.post('/v1/feedback', { text: 'hello' }, { 'idempotency-key': 'k' }), refusal);
  await expectProblem(await service.request('/v1/feedback'), refusal);
  await expectProblem(await service.request(`/v1/feedback/${ID}`), refusal);
  expect((await service.request('/metrics')).status).toBe(200);
}

interface Proxy extends AsyncDisposable {
  readonly url: string;
  /** Cuts every connection and takes no new one. */
  shut(): Promise<void>;
  open(): Promise<void>;
}

/** Stands between service and server, so that a test can take the server away. */
async function openProxy(target: URL): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;
  const relay = (socket: Socket) => {
    const upstream = openSocket(Number(target.port), target.hostname);
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy()).on('close', () => sockets.delete(one));
    }
  };
  const open = async () => {
    server = createServer(relay).listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address === 'object' && address !== null) port = address.port;
  };
  const shut = async () => {
    const closed = new Promise((resolve) => server?.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await open();
  const url = new URL(target);
  url.port = String(port);
  return { url: url.href, open, shut, [Symbol.asyncDispose]: shut };
}

describe('paths and methods', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await openTestService();
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  test.each<[string, string, string]>([
    ['GET', '/classify', 'POST'],
    ['PUT', '/v1/classify', 'POST'],
    ['GET', '/v1/classify/batch', 'POST'],
    ['DELETE', '/v1/feedback', 'GET, POST'],
    ['POST', `/v1/feedback/${ID}`, 'GET'],
    ['PATCH', '/v1/feedback/anything', 'GET'],
    ['POST', '/livez', 'GET'],
    ['POST', '/readyz', 'GET'],
    ['POST', '/metrics', 'GET'],
    ['DELETE', '/openapi.json', 'GET'],
    ['OPTIONS', '/v1/feedback', 'GET, POST'],
  ])('%s %s is answered with 405 and what is allowed: %s', async (method, path, allowed) => {
    const response = await service.request(path, { method });
    await expectProblem(response, { status: 405, code: 'method_not_allowed' });
    expect(response.headers.get('allow')?.split(', ').sort().join(', ')).toBe(allowed);
  });

  test.each([
    '/',
    '/v1',
    '/v1/',
    '/v1/feedback/',
    '/v1/feedback/a/b',
    '/V1/feedback',
    '//classify',
    '/classify%2F',
    '/docs/../etc/passwd',
    '/docs/scalar.js/x',
  ])('nothing is at %s', async (path) => {
    await expectProblem(await service.request(path), { status: 404, code: 'not_found' });
  });

  test('HEAD is GET without a body', async () => {
    const response = await service.request('/livez', { method: 'HEAD' });
    expect({ status: response.status, body: await response.text() }).toEqual({ status: 200, body: '' });
  });

  test('every answer keeps browsers from guessing, framing and running', async () => {
    for (const path of ['/livez', '/v1/feedback', '/nothing', '/metrics']) {
      const { headers } = await service.request(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });
});
