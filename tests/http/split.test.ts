import { afterAll, beforeAll, expect, test } from 'vitest';
import { feedbackSchema } from '../../src/feedback/view.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { Items } from '../_util/items.ts';
import { expectProblem } from '../_util/problem.ts';

const TEXT = '图表一直加载不出来，我的电话 13912345678。另外，我的账户被盗了，有人提走了12000 USDT';
const PART = '我的账户被盗了，有人提走了12000 USDT';

describeOnEngines('splitting', (engine) => {
  let service: TestService;
  let items: Items;
  beforeAll(async () => {
    service = await openTestService({ engine });
    items = new Items(service);
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  test('a part becomes an item of the same customer and channel, decided for itself, both audited', async () => {
    const id = await items.submit(TEXT, { channel: 'email', source: 'box', customer: { ref: 'li@example.com' } });
    const answer = await items.done(id, 'split', { text: PART, reason: '两件事', by: 'lin' });
    const part = feedbackSchema.parse(answer.part);
    const whole = await items.look(id);
    expect(part).toMatchObject({ text: PART, channel: 'email', source: 'box', priority: 'P1', version: 2 });
    expect(part.customer).toEqual(whole.customer);
    expect(part.happened_at).toBe(whole.received_at);
    expect(whole).toMatchObject({ text: TEXT.replace('13912345678', '[PHONE]'), version: 3 });
    const customers = await service.database.kysely
      .selectFrom('feedback')
      .select('customer_id')
      .distinct()
      .where('id', 'in', [id, part.id])
      .execute();
    expect(customers).toHaveLength(1);
    expect((await items.get(id, 'links')).items).toMatchObject([{ kind: 'split_from', from: part.id, to: id }]);
    expect((await items.audit(id)).at(-1)).toMatchObject({ action: 'feedback.split', change: { part: part.id } });
    expect(await items.actions(part.id)).toEqual(['feedback.created', 'feedback.split_from']);
    const again = await items.post(id, 'split', { text: PART, reason: '两件事' });
    const problem = await expectProblem(again, { status: 409, code: 'conflict', pointers: ['/text'] });
    expect(problem.detail).toContain(part.id);
  });

  test.each([
    ['what does not occur', '我的钱包被盗了'],
    ['what was masked', '我的电话 13912345678'],
    ['all of it', TEXT.replace('13912345678', '[PHONE]')],
  ])('%s is no part, and nothing is stored', async (name, text) => {
    const id = await items.submit(TEXT, { external_id: name });
    const count = () => service.database.kysely.selectFrom('feedback').select('id').execute();
    const before = (await count()).length;
    const refused = await items.post(id, 'split', { text, reason: 'a' });
    await expectProblem(refused, { status: 422, code: 'invalid_input', pointers: ['/text'] });
    expect((await count()).length).toBe(before);
    expect((await items.look(id)).version).toBe(2);
  });

  test('nothing is stored when the item has changed since it was read', async () => {
    const id = await items.submit(TEXT, { external_id: 'late' });
    const late = await items.post(id, 'split', { text: PART, reason: 'a' }, { 'If-Match': '"1"' });
    await expectProblem(late, { status: 412, code: 'precondition_failed', pointers: ['/headers/If-Match'] });
    expect(await items.get(id, 'links')).toEqual({ items: [] });
  });
});
