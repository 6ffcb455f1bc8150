import { afterAll, beforeAll, expect, test } from 'vitest';
import { followUp } from '../../src/feedback/follow-up.ts';
import { messageAnswerSchema } from '../../src/feedback/messages.ts';
import { feedbackSchema } from '../../src/feedback/view.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { Items } from '../_util/items.ts';

const HOUR_MS = 3_600_000;
const START = Date.parse('2026-11-02T08:00:00Z');

describeOnEngines('a stolen account, from receipt to closing', (engine) => {
  let service: TestService;
  let items: Items;
  let clock = START;
  beforeAll(async () => {
    service = await openTestService({ engine, now: () => new Date(clock) });
    items = new Items(service);
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  test('every step follows from the one before, and the record tells all of it', async () => {
    const received = await service.post('/v1/feedback', {
      text: '我的账户被盗了，刚刚有人提走了12000 USDT，电话 13912345678',
      channel: 'chat',
      customer: { ref: 'c-1042' },
    });
    const { id, priority, queue } = feedbackSchema.parse(await received.json());
    expect([received.status, priority, queue]).toEqual([201, 'P1', 'security']);
    const step = async (what: string, body: object, status: string) => {
      clock += HOUR_MS;
      await items.done(id, what, body);
      expect({ what, status: (await items.look(id)).status }).toEqual({ what, status });
    };
    const write = async (direction: string, text: string, status: string) => {
      clock += HOUR_MS;
      const answer = messageAnswerSchema.parse(await items.done(id, 'messages', { direction, text }));
      expect({ text, status: answer.item.status }).toEqual({ text, status });
      return answer;
    };

    await step('corrections', { confirm: true, by: '林' }, 'assigned');
    await step('notes', { text: '已冻结提现，等风控', by: '林' }, 'assigned');
    const reply = await write('outbound', '您好，账户已冻结，请提供最近一次登录的时间。', 'replied');
    expect(reply.item.first_responded_at).toBe(new Date(clock).toISOString());
    await step('transitions', { to: 'waiting_for_customer' }, 'waiting_for_customer');
    const waitedFrom = new Date(clock).toISOString();
    await write('inbound', '昨晚十点登录的，之后就登不上了', 'in_progress');
    const waitedTo = new Date(clock).toISOString();
    await step('transitions', { to: 'resolved', resolution: 'solved', reason: '已追回' }, 'resolved');
    const solvedAt = new Date(clock).toISOString();
    const again = await write('inbound', '还是没到账', 'assigned');
    const seemedSolved = { from: solvedAt, to: new Date(clock).toISOString() };
    expect(again).toMatchObject({ reopened: true, item: { reopened: 1, resolved_at: null, resolution: null } });
    await write('outbound', '已补发，请查收。', 'replied');
    await step('transitions', { to: 'resolved', resolution: 'solved' }, 'resolved');
    clock += 72 * HOUR_MS;
    expect(await followUp(service.context, AbortSignal.timeout(60_000))).toEqual({ asked: 1, closed: 0 });
    await step('satisfaction', { score: 5, solved: true, comment: '处理得很快' }, 'closed');

    const item = await items.look(id);
    expect(item).toMatchObject({ priority: 'P1', satisfaction: 5, reopened: 1, resolution: 'solved' });
    const row = await service.database.kysely
      .selectFrom('feedback')
      .select(['pauses', 'version'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    // While it was waited for, and while it seemed solved.
    expect(row.pauses).toEqual([{ from: waitedFrom, to: waitedTo }, seemedSolved]);
    const checked = await service.request(`/v1/audit/verify?subject=${id}`);
    expect(await checked.json()).toEqual({ subject: id, whole: true, entries: row.version, findings: [] });

    const { items: history } = await items.get<{ items: { summary: { zh: string; en: string } }[] }>(id, 'history');
    expect(history.map(({ summary }) => summary.zh)).toEqual([
      '收到反馈，定为 P1，进入队列“安全应急”',
      expect.stringMatching(/^首次回复期限将至：/),
      expect.stringMatching(/^由人确认或更正：/),
      '添加了内部备注',
      '已给客户发送消息',
      '由“待处理”变为“已回复”',
      '由“已回复”变为“等待客户”',
      '客户来信',
      '由“等待客户”变为“处理中”',
      '由“处理中”变为“已解决”（问题已解决）',
      '客户来信',
      '重新打开：由“已解决”变为“待处理”',
      '已给客户发送消息',
      '由“待处理”变为“已回复”',
      '由“已回复”变为“已解决”（问题已解决）',
      '已请客户确认是否解决',
      '客户评分 5 分，已解决',
      '由“已解决”变为“已回访”',
      '由“已回访”变为“已关闭”',
    ]);
    expect(history.map(({ summary }) => summary.en).slice(-4)).toEqual([
      'The customer is asked whether it is solved',
      'The customer gave 5 of 5: solved',
      'From resolved to followed up',
      'From followed up to closed',
    ]);
    expect(JSON.stringify(history)).not.toContain('13912345678');
  });
});
