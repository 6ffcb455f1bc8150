import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestService, type TestService } from '../_util/context.ts';
import { OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { label } from '../_util/taxonomy.ts';

const LABELS = 900;
const FILLER = '请联系 13800138000 查询订单，退款还没有到账；mail a.b@example.com about order 7781. '.repeat(2);

let service: TestService;
beforeAll(async () => {
  service = await openTestService();
}, OPEN_TIMEOUT_MS);
afterAll(() => service[Symbol.asyncDispose]());

const labels = Array.from({ length: LABELS }, (_, at) =>
  label(
    `label_${at}`,
    `标签 ${at}`,
    [0, 1, 2].map((n) => `${at} ${n} ${FILLER}`),
  ),
);

test('others are answered while a large definition is masked', async () => {
  let isDone = false;
  const put = service.put('/v1/taxonomies/large', { labels }).finally(() => {
    isDone = true;
  });
  let answered = 0;
  while (!isDone) {
    expect((await service.request('/livez')).status).toBe(200);
    if (!isDone) answered++;
    await setImmediate();
  }
  const response = await put;
  expect(response.status).toBe(202);
  expect(JSON.stringify(await (await service.request('/v1/taxonomies/large')).json())).not.toContain('13800138000');
  // Some turns are left to others by reading the body and storing the row; masking leaves one per few texts.
  expect(answered).toBeGreaterThan(25);
});

test('who leaves meanwhile ends it, and nothing is kept', async () => {
  const client = new AbortController();
  const put = service.request('/v1/taxonomies/left', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ labels }),
    signal: client.signal,
  });
  for (let turn = 0; turn < 10; turn++) await setImmediate();
  client.abort();
  expect((await put).status).toBe(499);
  expect((await service.request('/v1/taxonomies/left')).status).toBe(404);
});
