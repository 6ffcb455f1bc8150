import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { encodeCursor } from '../../src/db/paginate.ts';
import { feedbackSchema, submittedSchema } from '../../src/feedback/view.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { expectProblem } from '../_util/problem.ts';

const page = z.strictObject({
  items: z.array(z.strictObject(feedbackSchema.shape)),
  next_cursor: z.string().nullable(),
});
type Page = z.infer<typeof page>;
type Item = z.infer<typeof submittedSchema>;

const TEXTS = [
  '我的账户被盗了，刚刚有人提走了12000 USDT',
  'My withdrawal of 500 USDT never arrived',
  '希望增加夜间模式',
  'How do I enable 2FA?',
  '提现三天没到账，support says wait, please help me right now',
  'Everyone on my team is locked out, nobody can log in',
];

describeOnEngines('GET /v1/feedback', (engine) => {
  let service: TestService;
  let clock = Date.parse('2026-11-01T00:00:00Z');
  const stored: Item[] = [];
  const submit = async (text: string) => {
    const item = submittedSchema.parse(await (await service.post('/v1/feedback', { text })).json());
    stored.push(item);
    return item;
  };
  const list = async (query: Record<string, string> = {}): Promise<Page> => {
    const response = await service.request(`/v1/feedback?${new URLSearchParams(query)}`);
    expect(response.status).toBe(200);
    return page.parse(await response.json());
  };
  const idsOf = (items: readonly { id: string }[]) => items.map(({ id }) => id);

  beforeAll(async () => {
    service = await openTestService({ engine, now: () => new Date(clock) });
    for (const text of TEXTS) {
      await submit(text);
      clock += 60_000;
    }
    // All at one time: their order must not depend on it.
    for (let count = 0; count < 20; count++) await submit(`同一时刻的第 ${count} 条反馈`);
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  test('newest first, 50 at a time unless told, each as it was stored', async () => {
    const { items, next_cursor } = await list();
    expect(next_cursor).toBeNull();
    expect(items).toEqual(stored.map(({ decision: _, ...item }) => item).reverse());
  });

  test('pages of any size give every item once and in order', async () => {
    for (const limit of [1, 3, 13, stored.length, 200]) {
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const found: Page = await list({ limit: String(limit), ...(cursor && { cursor }) });
        expect(found.items.length).toBeLessThanOrEqual(limit);
        seen.push(...idsOf(found.items));
        cursor = found.next_cursor;
      }
      expect(seen).toEqual(idsOf(stored).reverse());
    }
  });

  test('items that arrive meanwhile neither repeat nor push out others', async () => {
    const expected = idsOf(stored).reverse();
    const seen: string[] = [];
    let found = await list({ limit: '5' });
    for (;;) {
      seen.push(...idsOf(found.items));
      if (found.next_cursor === null) break;
      await submit(`新来的 ${seen.length}`);
      found = await list({ limit: '5', cursor: found.next_cursor });
    }
    expect(seen).toEqual(expected);
  });

  test.each<[string, Record<string, string>, (item: Item) => boolean]>([
    ['priority', { priority: 'P1' }, (item) => item.priority === 'P1'],
    ['language', { language: 'zh' }, (item) => item.language === 'zh'],
    ['mixed language', { language: 'mixed' }, (item) => item.language === 'mixed'],
    ['status', { status: 'prioritised' }, (item) => item.status === 'prioritised'],
    ['start', { received_from: '2026-11-01T00:02:00Z' }, (item) => item.received_at >= '2026-11-01T00:02:00.000Z'],
    ['end', { received_before: '2026-11-01T00:02:00Z' }, (item) => item.received_at < '2026-11-01T00:02:00.000Z'],
    [
      'a span of time in another zone',
      { received_from: '2026-11-01T08:01:00+08:00', received_before: '2026-11-01T08:04:00+08:00' },
      (item) => item.received_at >= '2026-11-01T00:01' && item.received_at < '2026-11-01T00:04',
    ],
    [
      'two filters at once',
      { priority: 'P1', language: 'en' },
      (item) => item.priority === 'P1' && item.language === 'en',
    ],
  ])('filter by %s', async (_name, query, holds) => {
    const expected = stored.filter(holds);
    expect(expected.length).toBeGreaterThan(0);
    expect(expected.length).toBeLessThan(stored.length);
    expect(idsOf((await list({ ...query, limit: '200' })).items)).toEqual(idsOf(expected).reverse());
  });

  test('filter by every type and topic that occurs', async () => {
    for (const type of new Set(stored.map((item) => item.type))) {
      const expected = stored.filter((item) => item.type === type);
      expect(idsOf((await list({ type, limit: '200' })).items)).toEqual(idsOf(expected).reverse());
    }
    const topics = new Set(stored.flatMap((item) => item.topics));
    for (const topic of topics) {
      const expected = stored.filter((item) => item.topics.includes(topic));
      expect(idsOf((await list({ topic, limit: '200' })).items)).toEqual(idsOf(expected).reverse());
    }
  });

  test('filters hold on every page', async () => {
    const first = await list({ language: 'zh', limit: '2' });
    const second = await list({ language: 'zh', limit: '200', cursor: first.next_cursor ?? '' });
    const expected = idsOf(stored.filter((item) => item.language === 'zh')).reverse();
    expect([...idsOf(first.items), ...idsOf(second.items)]).toEqual(expected);
  });

  test('what nothing fits is an empty last page', async () => {
    expect(await list({ type: 'no_such_type' })).toEqual({ items: [], next_cursor: null });
    expect(await list({ topic: `x"},{'` })).toEqual({ items: [], next_cursor: null });
    expect(await list({ language: `';--` })).toEqual({ items: [], next_cursor: null });
    expect((await list()).items.length).toBeGreaterThan(0);
  });

  describe('refuses with 422', () => {
    test.each<[string, string, string[]]>([
      ['an unknown priority', 'priority=P9', ['/priority']],
      ['an empty priority', 'priority=', ['/priority']],
      ['an empty type', 'type=', ['/type']],
      ['an empty topic', 'topic=', ['/topic']],
      ['an empty language', 'language=', ['/language']],
      ['an empty status', 'status=', ['/status']],
      ['an unknown status', `status='; drop table feedback; --`, ['/status']],
      ['an empty cursor', 'cursor=', ['/cursor']],
      ['a limit of 0', 'limit=0', ['/limit']],
      ['a limit of 201', 'limit=201', ['/limit']],
      ['half an item', 'limit=1.5', ['/limit']],
      ['a limit in words', 'limit=ten', ['/limit']],
      ['a time without zone', 'received_from=2026-11-01T00:00:00', ['/received_from']],
      ['a day alone', 'received_before=2026-11-01', ['/received_before']],
      ['the year 0', 'received_from=0000-06-01T00:00:00Z', ['/received_from']],
      ['an unknown parameter', 'prioritiy=P1', ['/prioritiy']],
      ['a parameter twice', 'priority=P1&priority=P2', ['/priority']],
      ['two parameters twice', 'type=a&type=a&topic=b&topic=c', ['/type', '/topic']],
      ['a long type', `type=${'x'.repeat(65)}`, ['/type']],
      ['a cursor that is no cursor', 'cursor=abc', ['/cursor']],
      ['a cursor of another list', `cursor=${encodeCursor('seq', '17')}`, ['/cursor']],
      ['a cursor that was changed', `cursor=${encodeCursor('uuid', "1' or 1=1")}`, ['/cursor']],
      ['a long cursor', `cursor=${'x'.repeat(201)}`, ['/cursor']],
    ])('%s', async (_name, query, pointers) => {
      const response = await service.request(`/v1/feedback?${query}`);
      await expectProblem(response, { status: 422, code: 'invalid_input', pointers });
    });

    test('U+0000 in a filter', async () => {
      for (const name of ['type', 'topic', 'language']) {
        const response = await service.request(`/v1/feedback?${name}=a%00b`);
        await expectProblem(response, { status: 422, code: 'invalid_input', pointers: [`/${name}`] });
      }
    });
  });
});
