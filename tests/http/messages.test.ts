import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MessageAnswer, messageAnswerSchema } from '../../src/feedback/messages.ts';
import { listLabelledItems } from '../../src/learning/labelled-items.ts';
import type { Status } from '../../src/triage/lifecycle.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { createHeldEncoder, type HeldEncoder } from '../_util/held-encoder.ts';
import { Items } from '../_util/items.ts';
import { expectProblem } from '../_util/problem.ts';

/** Steps by which an item that is assigned gets to a status. */
const WAYS: Partial<Record<Status, readonly object[]>> = {
  assigned: [],
  in_progress: [{ to: 'in_progress' }],
  replied: [{ to: 'replied' }],
  waiting_for_customer: [{ to: 'waiting_for_customer' }],
  resolved: [{ to: 'resolved', resolution: 'solved' }],
  followed_up: [{ to: 'resolved', resolution: 'solved' }, { to: 'followed_up' }],
  closed: [{ to: 'resolved', resolution: 'solved' }, { to: 'followed_up' }, { to: 'closed' }],
};

describeOnEngines('messages', (engine) => {
  let service: TestService;
  let items: Items;
  let held: HeldEncoder;
  let lateMs = 0;
  beforeAll(async () => {
    held = createHeldEncoder();
    service = await openTestService({ engine, encoder: held.encoder, now: () => new Date(Date.now() + lateMs) });
    items = new Items(service);
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const itemAt = async (status: Status, text = '充值没到账') => {
    const id = await items.submit(text);
    for (const step of WAYS[status] ?? []) await items.done(id, 'transitions', step);
    return id;
  };
  const say = async (id: string, direction: 'inbound' | 'outbound', text: string): Promise<MessageAnswer> =>
    messageAnswerSchema.parse(await items.done(id, 'messages', { direction, text }));

  test.each<[Status, 'inbound' | 'outbound', Status]>([
    ['assigned', 'outbound', 'replied'],
    ['in_progress', 'outbound', 'replied'],
    ['waiting_for_customer', 'outbound', 'replied'],
    ['replied', 'outbound', 'replied'],
    ['resolved', 'outbound', 'resolved'],
    ['assigned', 'inbound', 'assigned'],
    ['in_progress', 'inbound', 'in_progress'],
    ['replied', 'inbound', 'in_progress'],
    ['waiting_for_customer', 'inbound', 'in_progress'],
    ['resolved', 'inbound', 'assigned'],
    ['followed_up', 'inbound', 'assigned'],
    ['closed', 'inbound', 'assigned'],
  ])('%s, %s: %s', async (from, direction, to) => {
    const id = await itemAt(from);
    const { item, reopened } = await say(id, direction, '还是没到账，请再查一下');
    const isDone = ['resolved', 'followed_up', 'closed'].includes(from);
    expect([item.status, reopened, item.reopened]).toEqual(
      isDone && direction === 'inbound' ? [to, true, 1] : [to, false, 0],
    );
    if (reopened) expect(item).toMatchObject({ resolved_at: null, closed_at: null, resolution: null });
    const events = await items.events(id);
    expect(events.includes('feedback.reopened')).toBe(reopened);
    expect(events).toContain(direction === 'inbound' ? 'feedback.message_received' : 'feedback.message_sent');
  });

  test.each([
    '谢谢，收到了',
    '好的，谢谢',
    '已经到账了，感谢帮忙',
    '收到',
    'thanks, all good',
    'It arrived this morning, thank you!',
    'ok got it',
    '没问题了，辛苦',
  ])('“%s” opens nothing again, and is told', async (text) => {
    const id = await itemAt('closed');
    expect(await say(id, 'inbound', text)).toMatchObject({
      satisfied: true,
      reopened: false,
      raised: false,
      item: { status: 'closed', reopened: 0 },
    });
    expect((await items.events(id)).at(-1)).toBe('feedback.customer_satisfied');
  });

  test.each([
    '还是没到账',
    '谢谢，但是还没到账',
    '问题没有解决',
    '好的，那什么时候到账？',
    '你们就是骗子，我要报警',
    'still nothing',
    'thanks but it is still missing',
    'Thanks. When will I get it?',
    'It does not work',
    'OK, but the button is gone now',
    'ok but what about the fee',
    '呵呵，真行',
  ])('“%s” opens it again', async (text) => {
    const id = await itemAt('closed');
    expect(await say(id, 'inbound', text)).toMatchObject({
      satisfied: false,
      reopened: true,
      item: { status: 'assigned', reopened: 1 },
    });
    expect((await items.events(id)).filter((event) => event === 'feedback.reopened')).toHaveLength(1);
  });

  test('thanks for a reply resolves nothing by itself, but is offered', async () => {
    const id = await itemAt('replied');
    const { item, suggested_transition } = await say(id, 'inbound', '谢谢，已经解决了');
    expect(item.status).toBe('replied');
    expect(suggested_transition).toEqual({ to: 'resolved', resolution: 'solved' });
    expect(await items.done(id, 'transitions', suggested_transition)).toMatchObject({ status: 'resolved' });
  });

  test('the first message to the customer is the first response, and stays it', async () => {
    const id = await itemAt('assigned');
    const first = await say(id, 'outbound', '您好，正在核实');
    expect(first.item.first_responded_at).toBe(first.message.at);
    expect(first.decision).toBeNull();
    const second = await say(id, 'outbound', '您好，已经补发');
    expect(second.item.first_responded_at).toBe(first.message.at);
  });

  test('a danger makes the item more urgent, with the words; thanks make it no less so', async () => {
    const id = await itemAt('replied', 'How do I change my e-mail?');
    const before = await items.look(id);
    const danger = await say(id, 'inbound', '我的账户被盗了，刚刚有人提走了12000 USDT');
    expect(danger).toMatchObject({
      raised: true,
      decision: { priority: 'P1' },
      item: { priority: 'P1', queue: 'security' },
    });
    expect(danger.item.risk_flags).toContain('security_compromise');
    // The first answer was given in time and stays so; a solution is promised now.
    expect(danger.item.first_response_due_at).toBe(before.first_response_due_at);
    expect([before.resolve_due_at, typeof danger.item.resolve_due_at]).toEqual([null, 'string']);
    expect((await items.audit(id)).at(-1)).toMatchObject({
      action: 'feedback.raised',
      change: { from: 'P4', to: 'P1', by: 'message', by_id: danger.message.id, quote: expect.stringContaining('提走') },
    });
    // The first message did not say it, so nobody learns it from there.
    const { segmenter, encoder } = service.context;
    const learned = await listLabelledItems(service.database.kysely, segmenter, encoder.info.hash);
    expect(learned.find((item) => item.id === id)?.flags).toEqual(before.risk_flags);
    const after = await say(id, 'inbound', '谢谢，收到了');
    expect(after).toMatchObject({ raised: false, item: { priority: 'P1' } });
    expect((await say(id, 'inbound', '还是打不开图表')).item.priority).toBe('P1');
  });

  test('a danger counts from the receipt of the item: its decision and the item name the same times', async () => {
    const id = await itemAt('assigned', 'How do I change my phone number?');
    lateMs += 3 * 24 * 3_600_000;
    const { item } = await say(id, 'inbound', '我的账户被盗了，刚刚有人提走了12000 USDT');
    const { decision, received_at, decisions } = await items.look(id);
    expect(decision.deadlines).toEqual({
      first_response_at: item.first_response_due_at,
      resolve_at: item.resolve_due_at,
    });
    expect(Date.parse(item.first_response_due_at) - Date.parse(received_at)).toBe(3_600_000);
    const replay = await service.request(`/v1/decisions/${decisions.at(-1)?.id}/replay`);
    expect(await replay.json()).toMatchObject({ same: true });
  });

  test('is masked where it is shown and stored, and sealed as it was', async () => {
    const id = await itemAt('assigned');
    const { message } = await say(id, 'inbound', '打我电话 13912345678');
    expect(message.text).toBe('打我电话 [PHONE]');
    const page = await items.get(id, 'messages');
    expect(page.items).toEqual([message]);
    const row = await service.database.kysely.selectFrom('message').selectAll().executeTakeFirstOrThrow();
    const kept = await service.database.kysely
      .selectFrom('message')
      .selectAll()
      .where('id', '=', message.id)
      .executeTakeFirstOrThrow();
    expect(JSON.stringify(row)).not.toContain('13912345678');
    expect(service.context.vault.open(message.id, kept.sealed ?? new Uint8Array())).toEqual({
      text: '打我电话 13912345678',
    });
  });

  test('a repeat with the same key is answered with the same bytes and stored once', async () => {
    const [id, other] = [await itemAt('replied'), await itemAt('replied')];
    const send = (to: string, text = '还没到账', headers = {}) =>
      items.post(to, 'messages', { direction: 'inbound', text }, { 'Idempotency-Key': `m-${engine}`, ...headers });
    held.failWith(new Error('boom'));
    expect((await send(id)).status).toBe(500);
    held.release();
    const first = await send(id);
    const again = await send(id, '还没到账', { 'If-Match': '"1"' });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(await again.text()).toBe(await first.text());
    await expectProblem(await send(id, '别的'), { status: 422, code: 'idempotency_mismatch' });
    await expectProblem(await send(other), { status: 422, code: 'idempotency_mismatch' });
    expect((await items.get(id, 'messages')).items).toHaveLength(1);
  });

  test.each([
    ['no direction', { text: 'a' }, '/direction'],
    ['an unknown one', { direction: 'sideways', text: 'a' }, '/direction'],
    ['nothing to read', { direction: 'inbound', text: ' ' }, '/text'],
    ['an unknown channel', { direction: 'inbound', text: 'a', channel: 'fax' }, '/channel'],
  ])('%s is refused', async (_, body, pointer) => {
    const id = await itemAt('assigned');
    const response = await items.post(id, 'messages', body);
    await expectProblem(response, { status: 422, code: 'invalid_input', pointers: [pointer] });
  });
});
