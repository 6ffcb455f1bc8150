import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestService, type TestService } from '../_util/context.ts';
import { OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { expectProblem } from '../_util/problem.ts';

const KEY = 'ft_s3cret-of-the-crm';
const OTHER_KEY = 'ft_another';
const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');
const GUARDED: [string, RequestInit][] = [
  ['/classify', { method: 'POST', body: '{"text":"hello"}' }],
  ['/v1/classify', { method: 'POST', body: '{"text":"hello"}' }],
  ['/v1/classify/batch', { method: 'POST', body: '{"items":[{"text":"hello"}]}' }],
  ['/v1/feedback', { method: 'POST', body: '{"text":"hello"}' }],
  ['/v1/feedback', {}],
  ['/v1/feedback/01a20162-58db-746b-8ed4-46b9e0bc5972', {}],
  ['/metrics', {}],
  ['/nothing-here', {}],
  ['/v1/feedback', { method: 'DELETE' }],
];
const OPEN = ['/livez', '/readyz', '/openapi.json', '/docs', '/docs/scalar.js'];

const refusal = { status: 401, code: 'unauthorized' };

describe('with keys', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await openTestService({
      settings: { HOST: '0.0.0.0', API_KEYS: `crm=${sha256(KEY)}, forum=${sha256(OTHER_KEY).toUpperCase()}` },
    });
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const ask = (path: string, init: RequestInit = {}, authorization?: string) => {
    const headers = { host: 'feedback.example.com', ...(authorization !== undefined && { authorization }) };
    return service.request(path, { ...init, headers: { ...headers, 'content-type': 'application/json' } });
  };

  test.each(GUARDED)('%s refuses without a key and with a wrong one: %j', async (path, init) => {
    for (const authorization of [undefined, 'Bearer ft_wrong', '']) {
      const problem = await expectProblem(await ask(path, init, authorization), refusal);
      expect(JSON.stringify(problem)).not.toContain('ft_wrong');
    }
    expect((await ask(path, init, `Bearer ${KEY}`)).status).not.toBe(401);
  });

  test.each([
    ['no scheme', KEY],
    ['another scheme', `Basic ${Buffer.from(`crm:${KEY}`).toString('base64')}`],
    ['the hash in place of the key', `Bearer ${sha256(KEY)}`],
    ['the name', 'Bearer crm'],
    ['the key with something behind it', `Bearer ${KEY}x`],
    ['the key without its end', `Bearer ${KEY.slice(0, -1)}`],
    ['the key in capitals', `Bearer ${KEY.toUpperCase()}`],
    ['two keys', `Bearer ${KEY} ${OTHER_KEY}`],
    ['an empty key', 'Bearer '],
    ['a very long key', `Bearer ${'x'.repeat(10_000)}`],
  ])('%s does not let in', async (_name, authorization) => {
    await expectProblem(await ask('/v1/feedback', {}, authorization), refusal);
  });

  test('the scheme may be written as one likes', async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      expect((await ask('/v1/feedback', {}, `${scheme} ${KEY}`)).status).toBe(200);
    }
  });

  test('every item remembers whose key it came with, and no key is kept anywhere', async () => {
    for (const [key, name] of [
      [KEY, 'crm'],
      [OTHER_KEY, 'forum'],
    ] as const) {
      const init = { method: 'POST', body: JSON.stringify({ text: `来自 ${name} 的反馈` }) };
      const { id } = (await (await ask('/v1/feedback', init, `Bearer ${key}`)).json()) as { id: string };
      const { decisions } = (await (await ask(`/v1/feedback/${id}`, {}, `Bearer ${key}`)).json()) as {
        decisions: { actor: unknown }[];
      };
      expect(decisions.map(({ actor }) => actor)).toEqual([{ kind: 'api_key', name }]);
    }
    const audit = await service.database.kysely.selectFrom('audit').select('actor').execute();
    const kept = JSON.stringify([audit, service.context.config, service.logged]);
    expect(kept).not.toContain(KEY);
    expect(kept).not.toContain(OTHER_KEY);
  });

  test.each(OPEN)('%s is open', async (path) => {
    expect((await ask(path)).status).toBe(200);
  });

  test('the host does not matter, the key does', async () => {
    const response = await service.request('/v1/feedback', { headers: { host: 'localhost' } });
    await expectProblem(response, refusal);
  });
});

describe('without keys', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await openTestService();
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  test.each(['localhost', 'localhost:8080', '127.0.0.1', '127.0.0.1:1', '[::1]', '[::1]:8080'])(
    'answers when it is called %s',
    async (host) => {
      expect((await service.request('/v1/feedback', { headers: { host } })).status).toBe(200);
    },
  );

  test.each([
    'evil.example.com',
    'evil.example.com:8080',
    'localhost.evil.example.com',
    'evil.localhost',
    'localhost:8080.evil.example.com',
    '127.0.0.1.nip.io',
    '127.0.0.2',
    '0.0.0.0',
    '192.168.0.7:8080',
    '[::2]',
    'localhost@evil.example.com',
    '',
  ])('refuses when it is called %j', async (host) => {
    for (const [path, init] of GUARDED) {
      await expectProblem(await service.request(path, { ...init, headers: { host } }), refusal);
    }
  });

  test('refuses a request that names no host', async () => {
    await expectProblem(await service.app.request('/v1/feedback'), refusal);
  });

  test('refuses web pages of other sites', async () => {
    const ask = (site: string) => service.request('/v1/feedback', { headers: { 'sec-fetch-site': site } });
    await expectProblem(await ask('cross-site'), refusal);
    for (const site of ['same-origin', 'none']) expect((await ask(site)).status).toBe(200);
  });

  test('allows no other site to read an answer', async () => {
    const headers = { origin: 'http://localhost:3000', 'access-control-request-method': 'POST' };
    const response = await service.request('/v1/feedback', { method: 'OPTIONS', headers });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(response.ok).toBe(false);
  });

  test('a key that nobody configured changes nothing', async () => {
    const response = await service.request('/v1/feedback', { headers: { authorization: 'Bearer x' } });
    expect(response.status).toBe(200);
  });

  test.each(OPEN)('%s is open whatever the host', async (path) => {
    expect((await service.request(path, { headers: { host: 'evil.example.com' } })).status).toBe(200);
  });
});
