import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../src/errors.ts';
import { problemSchema } from '../../src/http/problem.ts';
import { decisionSchema } from '../../src/triage/decision.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { createHeldEncoder, type HeldEncoder } from '../_util/held-encoder.ts';
import { expectProblem } from '../_util/problem.ts';

const classified = z.strictObject({ ...decisionSchema.shape, timing_ms: z.number().min(0) });
const batch = z.strictObject({
  items: z.array(
    z.union([
      z.strictObject({ status: z.literal(200), decision: classified }),
      z.strictObject({ status: z.int(), problem: z.strictObject(problemSchema.shape) }),
    ]),
  ),
});
const STOLEN = '我的账户被盗了，刚刚有人提走了12000 USDT';
const NOW = new Date('2026-11-03T02:00:00.123Z');

let service: TestService;
let held: HeldEncoder;
beforeAll(async () => {
  held = createHeldEncoder();
  service = await openTestService({ encoder: held.encoder, now: () => NOW });
}, OPEN_TIMEOUT_MS);
afterAll(async () => {
  expect(await service.database.kysely.selectFrom('feedback').selectAll().execute()).toEqual([]);
  await service[Symbol.asyncDispose]();
});

const decide = async (body: unknown, path = '/v1/classify') => {
  const response = await service.post(path, body);
  expect(response.status).toBe(200);
  return classified.parse(await response.json());
};
const decideAll = async (items: unknown[], path = '/v1/classify/batch') => {
  const response = await service.post(path, { items });
  expect(response.status).toBe(200);
  return batch.parse(await response.json()).items;
};
const withoutTiming = ({ timing_ms: _, ...decision }: z.infer<typeof classified>) => decision;

describe('one message', () => {
  test.each<[string, string, string]>([
    ['Chinese', STOLEN, 'zh'],
    ['English', 'My account was hacked and someone just withdrew 12,000 USDT', 'en'],
    ['both at once', '我的账户 was hacked，刚刚有人 withdrew all my money', 'mixed'],
  ])('%s is decided with reasons that quote it', async (_name, text, language) => {
    const decision = await decide({ text });
    expect(decision).toMatchObject({ language, priority: 'P1', queue: 'security' });
    expect(decision.risk_flags).toContain('security_compromise');
    const quoted = decision.urgency.reasons.filter(({ quote }) => quote !== null);
    expect(quoted.length).toBeGreaterThan(0);
    for (const { quote, field, start, end } of quoted) {
      expect(field).toBe('text');
      expect(text.slice(start ?? 0, end ?? 0)).toBe(quote);
    }
    expect(decision.deadlines).toEqual({
      first_response_at: '2026-11-03T03:00:00.123Z',
      resolve_at: '2026-11-04T02:00:00.123Z',
    });
  });

  test('/classify and /v1/classify are the same', async () => {
    const [alias, own] = await Promise.all([decide({ text: STOLEN }, '/classify'), decide({ text: STOLEN })]);
    expect(withoutTiming(alias)).toEqual(withoutTiming(own));
  });

  test('subject, language and facts about the customer count', async () => {
    const plain = await decide({ text: '登录不上去' });
    const vip = await decide({
      text: '登录不上去',
      subject: 'Cannot log in',
      language: 'mixed',
      channel: 'email',
      happened_at: '2026-11-01T09:30:00+08:00',
      taxonomy: 'default',
      customer: { ref: 'c-1', tier: 'vip', open_positions: true, prior_contacts_same_matter: 3 },
    });
    expect(plain.priority).not.toBe('P2');
    expect(vip).toMatchObject({ language: 'mixed', priority: 'P2' });
  });

  test('an encoder that is too busy is told with 503 and when to come back', async () => {
    held.failWith(new AppError('deadline_exceeded', 'The text waited too long.', { retryAfter: 4 }));
    const response = await service.post('/classify', { text: 'hello' });
    held.release();
    await expectProblem(response, { status: 503, code: 'deadline_exceeded' });
    expect(response.headers.get('retry-after')).toBe('4');
  });

  test('what nobody foresaw is a plain 500, told apart in the log by the request id', async () => {
    held.failWith(new Error('secret detail at /home/app/x.ts:17'));
    const response = await service.post('/classify', { text: 'hello' }, { 'x-request-id': 'my-id-1' });
    held.release();
    const problem = await expectProblem(response, { status: 500, code: 'internal' });
    expect(problem.requestId).toBe('my-id-1');
    expect(JSON.stringify(problem)).not.toContain('secret');
    const line = service.logged.find((entry) => entry.includes('request failed'));
    expect(line).toContain('my-id-1');
    expect(line).toContain('secret detail');
  });

  test('a request id that could break a log is replaced', async () => {
    const response = await service.post('/classify', { text: 'hello' }, { 'x-request-id': 'a b"{}' });
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe.each(['/v1/classify/batch', '/classify', '/v1/classify'])('several messages to %s', (path) => {
  test('are answered in order, each as if it were alone', async () => {
    const texts = Array.from({ length: 100 }, (_, index) => `${index} 号订单一直没有成交 order ${index}`);
    const items = await decideAll(
      texts.map((text) => ({ text })),
      path,
    );
    expect(items).toHaveLength(100);
    for (const at of [0, 1, 50, 99]) {
      const item = items[at];
      if (item === undefined || !('decision' in item)) throw new Error(`item ${at} was not decided`);
      expect(withoutTiming(item.decision)).toEqual(withoutTiming(await decide({ text: texts[at] })));
    }
  });

  test('a bad one carries its own problem, the others are decided', async () => {
    const items = await decideAll(
      [{ text: STOLEN }, { text: '' }, 'text', { text: 'hi', extra: 1 }, { text: 'ok' }],
      path,
    );
    expect(items.map(({ status }) => status)).toEqual([200, 422, 422, 422, 200]);
    const pointers = items.map((item) => ('problem' in item ? item.problem.errors?.map(({ pointer }) => pointer) : []));
    expect(pointers).toEqual([[], ['/items/1/text'], ['/items/2'], ['/items/3/extra'], []]);
  });

  test('when the encoder fails, the items say so and the answer stands', async () => {
    held.failWith(new AppError('overloaded', 'Too many texts wait.', { retryAfter: 1 }));
    const items = await decideAll([{ text: 'a' }, { text: '' }], path);
    held.failWith(new Error('boom'));
    const broken = await decideAll([{ text: 'a' }], path);
    held.release();
    expect(items.map(({ status }) => status)).toEqual([503, 422]);
    expect(broken).toEqual([{ status: 500, problem: expect.objectContaining({ code: 'internal' }) }]);
  });

  test.each<[string, unknown, string[]]>([
    ['101', Array.from({ length: 101 }, () => ({ text: 'a' })), ['/items']],
    ['none', [], ['/items']],
    ['no list', 'a', ['/items']],
    ['null', null, ['/items']],
  ])('%s are refused with 422', async (_name, items, pointers) => {
    await expectProblem(await service.post(path, { items }), { status: 422, code: 'invalid_input', pointers });
  });

  test('an unknown field beside items is refused', async () => {
    const response = await service.post(path, { items: [{ text: 'a' }], mode: 'fast' });
    await expectProblem(response, { status: 422, code: 'invalid_input', pointers: ['/mode'] });
  });
});
