import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { followUp } from '../../src/feedback/follow-up.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { Items } from '../_util/items.ts';
import { expectProblem } from '../_util/problem.ts';

const HOUR_MS = 3_600_000;
const START = Date.parse('2026-11-02T08:00:00Z');

describeOnEngines('following up', (engine) => {
  let service: TestService;
  let items: Items;
  let clock = START;
  beforeAll(async () => {
    service = await openTestService({ engine, now: () => new Date(clock) });
    items = new Items(service);
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());
  beforeEach(async () => {
    clock = START;
    await sql`truncate feedback, outbox cascade`.execute(service.database.kysely);
  });

  const run = () => followUp(service.context, AbortSignal.timeout(60_000));
  const resolve = async (text: string) => {
    const id = await items.submit(text, { customer: { ref: 'c-1' } });
    await items.done(id, 'transitions', { to: 'resolved', resolution: 'solved' });
    return id;
  };
  const questions = async (id: string) => {
    const rows = await service.database.kysely
      .selectFrom('outbox')
      .select('payload')
      .where('event', '=', 'feedback.follow_up_due')
      .where('subject_id', '=', id)
      .execute();
    return rows.map(({ payload }) => payload);
  };

  test('after three days the customer is asked in the language of the item, and after seven more it is closed', async () => {
    const [zh, en] = [await resolve('提现三天没到账，请帮忙查一下'), await resolve('My withdrawal never arrived')];
    clock += 72 * HOUR_MS - 1_000;
    expect(await run()).toEqual({ asked: 0, closed: 0 });
    clock += 1_000;
    expect(await run()).toEqual({ asked: 2, closed: 0 });
    expect(await questions(zh)).toMatchObject([{ language: 'zh', question: expect.stringContaining('现在解决了吗') }]);
    expect(await questions(en)).toMatchObject([{ language: 'en', question: expect.stringContaining('Is it solved') }]);
    clock += 168 * HOUR_MS - 1_000;
    expect(await run()).toEqual({ asked: 0, closed: 0 });
    clock += 1_000;
    expect(await run()).toEqual({ asked: 0, closed: 2 });
    expect(await run()).toEqual({ asked: 0, closed: 0 });
    expect(await items.look(zh)).toMatchObject({ status: 'closed', closed_at: new Date(clock).toISOString() });
    const steps = await service.database.kysely
      .selectFrom('transition')
      .select(['from_status', 'to_status'])
      .where('feedback_id', '=', zh)
      .orderBy('id')
      .execute();
    expect(steps.slice(1)).toEqual([
      { from_status: 'resolved', to_status: 'followed_up' },
      { from_status: 'followed_up', to_status: 'closed' },
    ]);
    expect(await questions(zh)).toHaveLength(1);
  });

  test('nobody is asked for a merged item, nor for praise of nobody', async () => {
    const target = await items.submit('The chart is frozen');
    const merged = await items.submit('The chart is frozen again and again');
    await items.done(merged, 'merge', { into: target, reason: 'same' });
    for (const more of [{}, { customer: { ref: 'c-1' } }]) {
      const id = await items.submit('客服很好，点赞', more);
      await items.done(id, 'corrections', { type: 'praise' });
      await items.done(id, 'transitions', { to: 'resolved', resolution: 'no_action_needed' });
    }
    clock += 1_000 * HOUR_MS;
    expect(await run()).toEqual({ asked: 1, closed: 0 });
  });

  test('two runs at once and one that was cut off ask and close each item once', async () => {
    const ids = await Promise.all(Array.from({ length: 60 }, (_, at) => resolve(`提现没到账 ${at}`)));
    clock += 72 * HOUR_MS;
    const db = service.database.kysely;
    await sql`create function cut_off() returns trigger language plpgsql as
      $$ begin if (select count(*) from outbox where event = 'feedback.follow_up_due') >= 55
        then raise exception 'cut off'; end if; return new; end $$`.execute(db);
    await sql`create trigger cut_off before insert on outbox for each row execute function cut_off()`.execute(db);
    await expect(run()).rejects.toThrow();
    await sql`drop trigger cut_off on outbox`.execute(db);
    await sql`drop function cut_off`.execute(db);
    await Promise.all([run(), run(), run()]);
    for (const id of ids) expect(await questions(id)).toHaveLength(1);
    clock += 168 * HOUR_MS;
    const closed = await Promise.all([run(), run()]);
    expect(closed.reduce((sum, done) => sum + done.closed, 0)).toBe(ids.length);
    for (const id of ids.slice(0, 3))
      expect((await items.actions(id)).filter((action) => action === 'feedback.transitioned')).toHaveLength(3);
    const stopped = followUp(service.context, AbortSignal.abort());
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  });

  test.each([
    [{ score: 5, solved: true }, 'closed'],
    [{ score: 3, solved: true }, 'closed'],
    [{ score: 2, solved: true }, 'assigned'],
    [{ score: 5, solved: false }, 'assigned'],
  ])('%j: %s', async (body, status) => {
    const id = await resolve('Deposit not credited');
    clock += 72 * HOUR_MS;
    await run();
    const rated = await items.done(id, 'satisfaction', { ...body, comment: '联系我 13912345678' });
    const isClosed = status === 'closed';
    expect(rated).toMatchObject({ status, satisfaction: isClosed ? body.score : null, reopened: isClosed ? 0 : 1 });
    const kept = await service.database.kysely
      .selectFrom('satisfaction')
      .selectAll()
      .where('feedback_id', '=', id)
      .execute();
    expect(kept).toMatchObject([{ ...body, comment: '联系我 [PHONE]' }]);
    clock += 1_000 * HOUR_MS;
    expect(await run()).toEqual({ asked: 0, closed: 0 });
    expect((await items.events(id)).filter((event) => event === 'feedback.reopened')).toHaveLength(isClosed ? 0 : 1);
  });

  test.each([
    ['我不想活了', 'self_harm', 'P1'],
    ['Solved, but this morning my account was hacked and 9,000 USDT were withdrawn', 'security_compromise', 'P1'],
  ])('a comment is read as a message is: “%s”', async (comment, flag, priority) => {
    const id = await resolve('Where do I find the fees?');
    await items.done(id, 'satisfaction', { score: 5, solved: true, comment });
    const { decision, ...item } = await items.look(id);
    expect(item).toMatchObject({ status: 'assigned', reopened: 1, priority });
    expect(item.risk_flags).toContain(flag);
    expect(decision.raised?.reasons).toMatchObject([{ by: 'comment', priority }]);
    expect((await items.actions(id)).slice(-3)).toEqual(['feedback.rated', 'feedback.reopened', 'feedback.raised']);
    const history = await items.get<{ items: { summary: { zh: string; en: string } }[] }>(id, 'history');
    expect(history.items.at(-1)?.summary).toEqual({
      zh: expect.stringMatching(/^因客户对解决结果的评价，优先级由 P4 提高到 P1：“/u),
      en: expect.stringMatching(/^Raised from P4 to P1 by what the customer says of the solution: “/u),
    });
  });

  test('what was reopened and solved again is asked about again', async () => {
    const id = await resolve('Deposit not credited');
    clock += 72 * HOUR_MS;
    await run();
    await items.done(id, 'messages', { direction: 'inbound', text: 'still nothing' });
    await items.done(id, 'transitions', { to: 'resolved', resolution: 'solved' });
    clock += 72 * HOUR_MS;
    expect(await run()).toEqual({ asked: 1, closed: 0 });
    expect(await questions(id)).toHaveLength(2);
  });

  test.each([
    ['a score of 6', { score: 6, solved: true }, '/score'],
    ['half a score', { score: 2.5, solved: true }, '/score'],
    ['no word on whether it is solved', { score: 3 }, '/solved'],
  ])('%s is refused', async (_, body, pointer) => {
    const id = await resolve('Deposit not credited');
    const response = await items.post(id, 'satisfaction', body);
    await expectProblem(response, { status: 422, code: 'invalid_input', pointers: [pointer] });
  });

  test('what is not resolved cannot be rated', async () => {
    const id = await items.submit('Deposit not credited');
    const response = await items.post(id, 'satisfaction', { score: 5, solved: true });
    await expectProblem(response, { status: 409, code: 'transition_not_allowed' });
  });
});
