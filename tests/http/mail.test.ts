import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { startJobs } from '../../src/jobs/runner.ts';
import { acknowledgeNew } from '../../src/replies/acknowledge.ts';
import { decidedDraftSchema } from '../../src/replies/decide-draft.ts';
import { deliverReply } from '../../src/replies/deliver.ts';
import { draftsSchema, type ReplyView } from '../../src/replies/view.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { Items } from '../_util/items.ts';
import { createIdleQueue } from '../_util/jobs.ts';
import { type MailServer, openMailServer, readMail } from '../_util/mail-server.ts';
import { expectProblem } from '../_util/problem.ts';

const EMAIL = 'canary.wang@mailbox-test.com';
const MISSING = '我的提现 500 USDT 两天了还没到账，单号 W20261110081240';
const MISSING_EN = 'My withdrawal of 500 USDT has not arrived for two days, reference W20261110081240';
const QUESTION = '请问怎么查看手续费？';
const never = new AbortController().signal;

describeOnEngines('replies by mail', (engine) => {
  let service: TestService;
  let items: Items;
  let server: MailServer;
  beforeAll(async () => {
    server = await openMailServer();
    const settings = {
      SMTP_URL: `smtp://${encodeURIComponent('user@platform')}:${encodeURIComponent('s3cret+/')}@127.0.0.1:${server.port}`,
      SMTP_FROM: '客户服务 <support@platform.example>',
      AUTO_ACKNOWLEDGE: 'chat,in_app',
    };
    service = await openTestService({ engine, settings });
    items = new Items(service);
  }, OPEN_TIMEOUT_MS);
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    server.answer = undefined;
    server.received.length = 0;
  });

  const decide = async (id: string, what: string, body: object) => {
    const { drafts } = draftsSchema.parse(await items.done(id, 'drafts', {}));
    return await service.post(`/v1/drafts/${drafts[0]?.id}/${what}`, { send: 'smtp', ...body });
  };
  /** An item with the address, and a reply to it that waits to be sent. */
  const queue = async (text: string, edit?: string): Promise<{ id: string; reply: ReplyView }> => {
    const id = await items.submit(text, { channel: 'in_app', customer: { email: EMAIL } });
    const response = await (edit === undefined
      ? decide(id, 'accept', { by: 'lin' })
      : decide(id, 'edit', { text: edit, confirm: true }));
    expect(response.status).toBe(200);
    const { reply, item } = decidedDraftSchema.parse(await response.json());
    expect([reply.state, reply.delivery, item.status]).toEqual(['queued', 'smtp', 'assigned']);
    return { id, reply };
  };
  const deliver = (id: string) => deliverReply(service.context, id, never);
  const rowOf = (id: string) =>
    service.database.kysely.selectFrom('reply').selectAll().where('feedback_id', '=', id).executeTakeFirst();
  const lastEntry = async (id: string) => (await items.audit(id)).at(-1);
  const received = () => {
    const [mail] = server.received;
    if (mail === undefined) throw new Error('no mail was received');
    return { ...mail, ...readMail(mail.raw) };
  };

  test.each([
    ['zh', MISSING, '关于您的反馈（编号 ', undefined],
    ['en', MISSING_EN, 'About your message to us (reference ', undefined],
    ['zh', MISSING, '关于您的反馈', `您好：\n.第一行以点开头\n${'很长的一行。'.repeat(200)}\n\n请拨打 13912345678。`],
  ])('arrive in %s word for word, and answer the item', async (language, text, subject, edit) => {
    const { id, reply } = await queue(text, edit);
    await deliver(reply.id);
    const mail = received();
    expect(mail).toMatchObject({ from: 'support@platform.example', to: [EMAIL], secure: true, user: 'user@platform' });
    expect(mail.text.replace(/\r\n$/u, '')).toBe((edit ?? reply.text).replaceAll('\n', '\r\n'));
    const reference = id.slice(-8).toUpperCase();
    expect(mail.headers.get('subject')).toContain(subject);
    expect(mail.headers.get('subject')).toContain(reference);
    expect(Object.fromEntries(mail.headers)).toMatchObject({
      from: '客户服务 <support@platform.example>',
      to: EMAIL,
      'message-id': `<${reply.id}@platform.example>`,
      'content-language': language,
      'content-type': 'text/plain; charset=utf-8',
      date: new Date(reply.at).toUTCString().replace('GMT', '+0000'),
    });
    expect(mail.headers.has('auto-submitted')).toBe(false);
    expect(await items.look(id)).toMatchObject({ status: 'replied', first_responded_at: expect.any(String) });
    expect((await items.get(id, 'messages')).items).toMatchObject([{ direction: 'outbound', channel: 'email' }]);
    await deliver(reply.id);
    expect(server.received).toHaveLength(1);
  });

  test.each([
    ['recipient', 451, '4.7.1 try later', '451 4.7.1'],
    ['text', 421, 'busy', '421'],
  ] as const)('put off after the %s with %i are tried again, as the same mail', async (after, code, words, reason) => {
    const { id, reply } = await queue(MISSING);
    server.answer = { after, code, words: `${words} for ${EMAIL}` };
    await expect(deliver(reply.id)).rejects.toThrow(`the connector did not take a reply: ${reason}`);
    expect(await rowOf(id)).toMatchObject({ state: 'queued', attempts: 1 });
    const first = server.received[0]?.raw;
    server.answer = undefined;
    await deliver(reply.id);
    expect(await rowOf(id)).toMatchObject({ state: 'sent', attempts: 2 });
    if (after === 'text') expect(server.received.at(-1)?.raw).toBe(first);
  });

  test.each([
    ['recipient', 550, '5.1.1 no such user', '550 5.1.1'],
    ['text', 554, 'refused', '554'],
  ] as const)(
    'refused after the %s with %i fail at once, and the item tells it',
    async (after, code, words, reason) => {
      const { id, reply } = await queue(MISSING);
      server.answer = { after, code, words: `${words} <${EMAIL}>` };
      await deliver(reply.id);
      expect(await rowOf(id)).toMatchObject({ state: 'failed', attempts: 1 });
      expect(await lastEntry(id)).toMatchObject({
        action: 'feedback.reply_failed',
        change: { reply_id: reply.id, delivery: 'smtp', attempts: 1, reason },
      });
      expect((await items.events(id)).at(-1)).toBe('feedback.reply_failed');
      const { items: history } = await items.get(id, 'history');
      expect(JSON.stringify(history)).toContain(`回复发送失败，已尝试 1 次（${reason}）`);
      expect((await items.look(id)).status).toBe('assigned');
      server.answer = undefined;
      await deliver(reply.id);
      expect((await rowOf(id))?.state).toBe('failed');
    },
  );

  test('for a customer without an address are refused, with what would be accepted', async () => {
    const id = await items.submit(MISSING, { channel: 'email' });
    const refused = await decide(id, 'accept', {});
    const problem = await expectProblem(refused, { status: 422, code: 'invalid_input', pointers: ['/send'] });
    expect(JSON.stringify(problem)).toContain('must be elsewhere, because the item was submitted without');
    const webhook = await decide(id, 'accept', { send: 'webhook' });
    expect(JSON.stringify(await webhook.json())).toContain('because REPLY_WEBHOOK_URL is not set');
    expect(await rowOf(id)).toBeUndefined();
  });

  test.each([
    'wang',
    'wang@localhost',
    'wang@example.com\r\nBcc: other@example.com',
    'Wang <wang@example.com>',
    'wang@example.com, other@example.com',
    '王@example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b.'.repeat(126)}com`,
    '"wang wu"@example.com',
  ])('the address %j is refused and not repeated', async (email) => {
    const response = await service.post('/v1/feedback', { text: MISSING, customer: { email } });
    const problem = await expectProblem(response, {
      status: 422,
      code: 'invalid_input',
      pointers: ['/customer/email'],
    });
    expect(JSON.stringify(problem)).not.toContain(email);
  });

  test('a message later keeps the address, and a part that is split off has it too', async () => {
    const text = `${QUESTION}另外，${MISSING}`;
    const id = await items.submit(text, { channel: 'email', customer: { email: EMAIL, tier: 'standard' } });
    await items.done(id, 'messages', { direction: 'inbound', text: '还是没有到账' });
    const split = await items.done(id, 'split', { text: MISSING, reason: '两件事' });
    const part = (split.part as { id: string }).id;
    for (const one of [id, part]) {
      const accepted = await decide(one, 'accept', {});
      expect(accepted.status).toBe(200);
      await deliver((await rowOf(one))?.id ?? '');
    }
    expect(server.received.map(({ to }) => to)).toEqual([[EMAIL], [EMAIL]]);
  });

  test('receipt is acknowledged by mail as an automatic answer, to people who gave an address', async () => {
    const jobs = createIdleQueue();
    const known = await items.submit(QUESTION, { channel: 'chat', customer: { email: EMAIL } });
    const unknown = await items.submit(QUESTION, { channel: 'chat' });
    const machine = await items.submit(QUESTION, { channel: 'in_app', customer: { email: 'no-reply@shop.example' } });
    await acknowledgeNew(service.context, jobs, never);
    await acknowledgeNew(service.context, jobs, never);
    expect(jobs.enqueued).toEqual(['replies.deliver', 'replies.deliver']);
    for (const id of [known, machine]) await deliver((await rowOf(id))?.id ?? '');
    expect(await rowOf(unknown)).toBeUndefined();
    expect(await rowOf(machine)).toMatchObject({ state: 'failed' });
    const { headers, to, text } = received();
    expect(server.received).toHaveLength(1);
    expect(to).toEqual([EMAIL]);
    expect(headers.get('auto-submitted')).toBe('auto-replied');
    expect(headers.get('subject')).toMatch(/^我们已收到您的消息（编号 [\dA-F]{8}）$/u);
    expect(text).toContain('自动确认');
    expect(await items.look(known)).toMatchObject({ first_responded_at: null, status: 'assigned' });
  });

  test('receipt is not acknowledged any more to whom was answered meanwhile', async () => {
    const id = await items.submit(QUESTION, { channel: 'chat', customer: { email: EMAIL } });
    await acknowledgeNew(service.context, createIdleQueue(), never);
    await items.done(id, 'messages', { direction: 'outbound', text: '在“费率”页面可以看到。' });
    await deliver((await rowOf(id))?.id ?? '');
    expect(await rowOf(id)).toMatchObject({ kind: 'acknowledgement', state: 'failed' });
    expect(await lastEntry(id)).toMatchObject({ change: { reason: 'answered meanwhile' } });
    expect(server.received).toEqual([]);
  });

  test('the queue of jobs does all of it: what is put off waits for minutes', async () => {
    const [plain, put] = [
      await items.submit(QUESTION, { channel: 'chat', customer: { email: EMAIL } }),
      await queue(MISSING),
    ];
    await using jobs = await startJobs(service.context);
    await jobs.enqueue('replies.acknowledge');
    await vi.waitFor(() => expect(server.received).toHaveLength(1), { timeout: 60_000 });
    await vi.waitFor(async () => expect(await rowOf(plain)).toMatchObject({ state: 'sent' }), { timeout: 60_000 });
    server.answer = { after: 'recipient', code: 451, words: '4.7.1 try later' };
    await jobs.enqueue('replies.deliver', { reply_id: put.reply.id }, put.reply.id);
    const retry = () =>
      sql<{ retry_delay: number; retry_backoff: boolean }>`select retry_delay, retry_backoff from pgboss.job
        where name = 'replies.deliver' and state = 'retry'`.execute(service.database.kysely);
    await vi.waitFor(async () => expect((await retry()).rows).toHaveLength(1), { timeout: 60_000 });
    expect((await retry()).rows).toEqual([{ retry_delay: 120, retry_backoff: true }]);
    expect(await rowOf(put.id)).toMatchObject({ state: 'queued', attempts: 1 });
  });

  test('the address is in no answer, log or column but the sealed ones', async () => {
    const { id } = await queue(MISSING);
    const paths = ['', '/messages', '/history', '/drafts'].map((part) => `/v1/feedback/${id}${part}`);
    const answers = await Promise.all(paths.map(async (path) => await (await service.request(path)).text()));
    const { rows: tables } = await sql<{ schema: string; name: string }>`
      select table_schema as schema, table_name as name from information_schema.tables
      where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`.execute(
      service.database.kysely,
    );
    const stored = await Promise.all(
      tables.map(async ({ schema, name }) => {
        const table = sql.table(`${schema}.${name}`);
        const { rows } = await sql<{ row: string }>`select t::text as row from ${table} t`.execute(
          service.database.kysely,
        );
        return rows.map(({ row }) => row).join('\n');
      }),
    );
    expect(stored.join('')).toContain(id);
    expect(service.logged.join('')).toContain('a reply was not taken');
    const hex = Buffer.from(EMAIL).toString('hex');
    for (const text of [...answers, ...stored, service.logged.join('')]) {
      expect(text.toLowerCase()).not.toContain(EMAIL);
      expect(text).not.toContain(hex);
      expect(text).not.toContain('s3cret');
    }
  });
});
