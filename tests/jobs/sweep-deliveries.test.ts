import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { startJobs } from '../../src/jobs/runner.ts';
import { TASKS, type Task } from '../../src/jobs/tasks.ts';
import { acknowledgeNew } from '../../src/replies/acknowledge.ts';
import { decidedDraftSchema } from '../../src/replies/decide-draft.ts';
import { deliverReply } from '../../src/replies/deliver.ts';
import type { DeliveryQueue } from '../../src/replies/delivery-queue.ts';
import { sweepDeliveries } from '../../src/replies/sweep-deliveries.ts';
import { draftsSchema } from '../../src/replies/view.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { Items } from '../_util/items.ts';
import { createIdleQueue } from '../_util/jobs.ts';
import { type MailServer, openMailServer, readMail } from '../_util/mail-server.ts';

const HOUR_MS = 3_600_000;
const START = Date.parse('2026-11-02T08:00:00Z');
const MISSING = '我的提现 500 USDT 两天了还没到账，单号 W20261110081240';
const never = new AbortController().signal;

describeOnEngines('replies that wait without a job', (engine) => {
  let service: TestService;
  let items: Items;
  let server: MailServer;
  let clock = START;
  beforeAll(async () => {
    server = await openMailServer();
    const settings = {
      SMTP_URL: `smtp://127.0.0.1:${server.port}`,
      SMTP_FROM: 'support@platform.example',
      AUTO_ACKNOWLEDGE: 'chat',
    };
    service = await openTestService({ engine, settings, now: () => new Date(clock) });
    items = new Items(service);
  }, OPEN_TIMEOUT_MS);
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    clock = START;
    server.answer = undefined;
    server.received.length = 0;
    await sql`truncate feedback, outbox cascade`.execute(service.database.kysely);
  });

  const sweep = (jobs: DeliveryQueue = createIdleQueue()) => sweepDeliveries(service.context, jobs, never);
  /** A reply that was to be sent; the queue of the service forgets what it is asked for. */
  const queue = async () => {
    const id = await items.submit(MISSING, { channel: 'in_app', customer: { email: 'wang@mailbox-test.com' } });
    const { drafts } = draftsSchema.parse(await items.done(id, 'drafts', {}));
    const response = await service.post(`/v1/drafts/${drafts[0]?.id}/accept`, { send: 'smtp' });
    return { id, reply: decidedDraftSchema.parse(await response.json()).reply.id };
  };
  const rowOf = (id: string) =>
    service.database.kysely.selectFrom('reply').selectAll().where('feedback_id', '=', id).executeTakeFirstOrThrow();
  const summaryOf = async (id: string) => {
    const { items: entries } = await items.get<{ items: { summary: unknown }[] }>(id, 'history');
    return entries.at(-1)?.summary;
  };
  const attempted = (id: string, attempts: number) =>
    service.database.kysely.updateTable('reply').set({ attempts }).where('id', '=', id).execute();

  test('are asked for again, by two replicas once, and arrive as the mail that they were', async () => {
    const replies = [await queue(), await queue(), await queue()];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const run: Task['run'] = async (...given) => {
      await held;
      await TASKS['replies.deliver'].run(...given);
    };
    const tasks = {
      ...TASKS,
      'replies.deliver': { ...TASKS['replies.deliver'], run },
      'replies.sweep': { ...TASKS['replies.sweep'], schedule: undefined },
    };
    const db = service.database.kysely;
    const states = async () => {
      const { rows } = await sql<{ state: string }>`select state from pgboss.job
        where name = 'replies.deliver' and state < 'completed' order by state`.execute(db);
      return rows.map(({ state }) => state);
    };
    await using jobs = await startJobs(service.context, tasks);
    // As after a restore: jobs are in no backup.
    const done = await Promise.all([sweep(jobs), sweep(jobs)]);
    expect(done.reduce((sum, { asked, failed }) => sum + asked + failed, 0)).toBe(3);
    await vi.waitFor(async () => expect(await states()).toEqual(['created', 'created', 'active']), { timeout: 60_000 });
    await sql`update pgboss.job set state = 'retry', start_after = now() + interval '1 hour' where id in
      (select id from pgboss.job where name = 'replies.deliver' and state = 'created' limit 1)`.execute(db);
    expect(await states()).toEqual(['created', 'retry', 'active']);
    expect(await sweep(jobs)).toEqual({ asked: 0, failed: 0 });
    // As after the end of a process in the last attempt of the job.
    await sql`update pgboss.job set state = 'failed' where name = 'replies.deliver' and state = 'retry'`.execute(db);
    expect(await sweep(jobs)).toEqual({ asked: 1, failed: 0 });
    release();
    await vi.waitFor(() => expect(server.received).toHaveLength(3), { timeout: 60_000 });
    const sent = server.received.map(({ raw }) => readMail(raw).headers.get('message-id'));
    expect(sent.sort()).toEqual(replies.map(({ reply }) => `<${reply}@platform.example>`).sort());
    for (const { id } of replies) {
      await vi.waitFor(async () => expect((await rowOf(id)).state).toBe('sent'), { timeout: 60_000 });
    }
    expect(await sweep(jobs)).toEqual({ asked: 0, failed: 0 });
  });

  test('may be sent for a day; then they have failed, and agents see why', async () => {
    const { id } = await queue();
    clock += 24 * HOUR_MS;
    expect(await sweep()).toEqual({ asked: 1, failed: 0 });
    clock += 1_000;
    expect(await sweep()).toEqual({ asked: 0, failed: 1 });
    expect(await sweep()).toEqual({ asked: 0, failed: 0 });
    expect((await rowOf(id)).state).toBe('failed');
    expect((await items.audit(id)).at(-1)).toMatchObject({
      actor: { kind: 'job', name: 'replies.sweep' },
      action: 'feedback.reply_failed',
      change: { reason: 'not sent in time', delivery: 'smtp', attempts: 0 },
    });
    expect((await items.events(id)).at(-1)).toBe('feedback.reply_failed');
    expect(await summaryOf(id)).toEqual({
      zh: '回复发送失败，已尝试 0 次（未能按时发送，已过时效）',
      en: 'A reply could not be sent, attempts: 0 (it was not sent in time)',
    });
  });

  test('are given up where the customer was answered in another way', async () => {
    const { id } = await queue();
    clock += 60_000;
    await items.done(id, 'messages', { direction: 'outbound', text: '已为您查询。' });
    expect(await sweep()).toEqual({ asked: 0, failed: 1 });
    expect((await items.audit(id)).at(-1)).toMatchObject({ change: { reason: 'answered meanwhile' } });
  });

  test('have one more attempt after the last, and end no process for ever', async () => {
    const { id, reply } = await queue();
    await attempted(reply, 6);
    expect(await sweep()).toEqual({ asked: 1, failed: 0 });
    await attempted(reply, 7);
    expect(await sweep()).toEqual({ asked: 0, failed: 1 });
    expect(await summaryOf(id)).toMatchObject({ zh: expect.stringContaining('发送时服务意外中断') });
    const other = await queue();
    await attempted(other.reply, 6);
    server.answer = { after: 'recipient', code: 451, words: '4.7.1 try later' };
    await deliverReply(service.context, other.reply, never);
    expect(await rowOf(other.id)).toMatchObject({ state: 'failed', attempts: 7 });
  });

  test('that receipt was acknowledged is told within three hours or not at all', async () => {
    const id = await items.submit('请问怎么查看手续费？', {
      channel: 'chat',
      customer: { email: 'wang@mailbox-test.com' },
    });
    await acknowledgeNew(service.context, createIdleQueue(), never);
    clock += 3 * HOUR_MS;
    expect(await sweep()).toEqual({ asked: 1, failed: 0 });
    clock += 1_000;
    expect(await sweep()).toEqual({ asked: 0, failed: 1 });
    expect(await rowOf(id)).toMatchObject({ kind: 'acknowledgement', state: 'failed' });
  });

  test('are looked at to the last, and a run can be stopped', async () => {
    const { id } = await queue();
    const row = await rowOf(id);
    const more = Array.from({ length: 205 }, (_, at) => ({
      ...row,
      id: `00000000-0000-7000-8000-${String(at).padStart(12, '0')}`,
      actor: JSON.stringify(row.actor),
    }));
    await service.database.kysely.insertInto('reply').values(more).execute();
    expect(await sweep()).toEqual({ asked: 206, failed: 0 });
    await expect(sweepDeliveries(service.context, createIdleQueue(), AbortSignal.abort())).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});
