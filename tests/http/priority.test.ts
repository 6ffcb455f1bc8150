import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { Items } from '../_util/items.ts';
import { expectProblem } from '../_util/problem.ts';

describeOnEngines('a person’s word on the priority', (engine) => {
  let service: TestService;
  let items: Items;
  beforeAll(async () => {
    service = await openTestService({ engine });
    items = new Items(service);
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  test('changes it with deadlines and urgency, stays, and is kept as a correction with its reason', async () => {
    const id = await items.submit('How do I change my e-mail?');
    const before = await items.look(id);
    const answer = await items.done(id, 'priority', {
      priority: 'P1',
      reason: '主管确认，电话 13912345678',
      by: 'lin',
    });
    expect(answer).toMatchObject({
      correction: { before: { priority: 'P4' }, after: { priority: 'P1' }, note: '主管确认，电话 [PHONE]', by: 'lin' },
      item: { priority: 'P1', type: before.type, queue: before.queue, version: 3 },
    });
    const after = await items.look(id);
    expect(after.first_response_due_at < before.first_response_due_at).toBe(true);
    expect(after.urgency_score).toBeGreaterThanOrEqual(75);
    await items.done(id, 'corrections', { topics: [] });
    expect((await items.look(id)).priority).toBe('P1');
  });

  test('stands above what made the item more urgent, until something new comes', async () => {
    const id = await items.submit('How do I change my e-mail?');
    const say = (text: string) => items.done(id, 'messages', { direction: 'inbound', text });
    expect(await say('我的账户被盗了，刚刚有人提走了12000 USDT')).toMatchObject({ item: { priority: 'P1' } });
    await items.done(id, 'priority', { priority: 'P3', reason: 'It was the customer’s wife' });
    expect(await items.look(id)).toMatchObject({
      priority: 'P3',
      risk_flags: ['security_compromise', 'funds_at_risk'],
    });
    expect(await say('又有人提走了12000 USDT，账户又被盗了')).toMatchObject({ raised: true, item: { priority: 'P1' } });
  });

  test.each([
    ['no reason', { priority: 'P1' }, '/reason'],
    ['an unknown priority', { priority: 'P0', reason: 'a' }, '/priority'],
    ['something else', { priority: 'P1', reason: 'a', type: 'praise' }, '/type'],
  ])('%s is refused', async (_, body, pointer) => {
    const id = await items.submit('The chart is blank since the update');
    const response = await items.post(id, 'priority', body);
    await expectProblem(response, { status: 422, code: 'invalid_input', pointers: [pointer] });
    expect((await items.look(id)).version).toBe(2);
  });
});
