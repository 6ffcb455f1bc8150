import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evaluateDrafts } from '../../src/eval/drafts.ts';
import { renderDrafts } from '../../src/eval/render-drafts.ts';
import { feedbackRequestSchema } from '../../src/intake/request.ts';
import { articleSchema } from '../../src/knowledge/article.ts';
import { createArticle } from '../../src/knowledge/create.ts';
import { acknowledgeNew } from '../../src/replies/acknowledge.ts';
import { decidedDraftSchema, rejectedDraftSchema } from '../../src/replies/decide-draft.ts';
import { deliverReply } from '../../src/replies/deliver.ts';
import { gapsSchema } from '../../src/replies/gaps.ts';
import { learnOutcomes } from '../../src/replies/learn.ts';
import { type DraftsView, draftsSchema } from '../../src/replies/view.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { Items } from '../_util/items.ts';
import { createIdleQueue } from '../_util/jobs.ts';
import { expectProblem } from '../_util/problem.ts';

const MISSING = '我的提现 500 USDT 两天了还没到账，单号 W20261110081240';
const never = new AbortController().signal;

/** A connector that keeps what it is sent, and answers as it is told. */
interface Connector {
  readonly url: string;
  readonly received: { readonly headers: Record<string, unknown>; readonly body: string }[];
  status: number;
  close(): Promise<void>;
}

async function openConnector(): Promise<Connector> {
  const connector = { received: [] as Connector['received'], status: 204 };
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      connector.received.push({ headers: request.headers, body: Buffer.concat(parts).toString('utf8') });
      response.writeHead(connector.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return Object.assign(connector, { url: `http://127.0.0.1:${port}/replies`, close });
}

describeOnEngines('drafted replies', (engine) => {
  let service: TestService;
  let items: Items;
  let connector: Connector;
  beforeAll(async () => {
    connector = await openConnector();
    const settings = {
      REPLY_WEBHOOK_URL: connector.url,
      REPLY_WEBHOOK_SECRET: 'a-secret-of-tests',
      AUTO_ACKNOWLEDGE: 'chat',
      REPLY_LINK_HOSTS: 'help.platform.example',
    };
    service = await openTestService({ engine, settings });
    items = new Items(service);
    await createArticle(
      service.context,
      articleSchema.parse({
        ...{ slug: 'withdrawal-pending', language: 'zh', title: '提现没有到账怎么办', topics: ['withdrawal'] },
        ...{ owner: 'payments', valid_from: null, valid_until: null, review_by: null, audience: 'customer' },
        ...{ applies_to: [], body: '提现会在链上确认后到账。\n\n1. 请打开“资产 → 提现记录”查看状态。' },
      }),
      { actor: { kind: 'local' } },
    );
  }, OPEN_TIMEOUT_MS);
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    await connector.close();
  });

  const draft = async (id: string, body: object = {}): Promise<DraftsView> =>
    draftsSchema.parse(await items.done(id, 'drafts', body));
  const decide = (id: string, what: string, body: object, headers: Record<string, string> = {}) =>
    service.post(`/v1/drafts/${id}/${what}`, body, headers);
  const first = ({ drafts }: DraftsView) => {
    const [best] = drafts;
    if (best === undefined) throw new Error('there is no draft');
    return best;
  };
  const queued = async (id: string) => {
    const rows = await service.database.kysely.selectFrom('reply').selectAll().where('feedback_id', '=', id).execute();
    return rows.at(-1);
  };

  test('are made, kept and read again, with sources, facts and articles', async () => {
    const id = await items.submit(MISSING, { channel: 'email' });
    expect(await items.get<object>(id, 'drafts')).toMatchObject({ drafts: [], none: null });
    const made = await draft(id);
    expect(made.drafts.length).toBeGreaterThanOrEqual(2);
    expect(made.facts.map(({ text }) => text)).toEqual(['W20261110081240', '500 USDT']);
    expect(made.articles.length).toBeGreaterThan(0);
    for (const { sentences } of made.drafts) expect(sentences.every(({ sources }) => sources.length > 0)).toBe(true);
    expect(await items.get(id, 'drafts')).toEqual(made);
    const english = await draft(id, { language: 'en', medium: 'phone' });
    expect(first(english).text).toContain('customer support');
    const old = await decide(first(made).id, 'accept', {});
    await expectProblem(old, { status: 409, code: 'conflict' });
  });

  test('accepted, one answers the item and is its first response; the item tells it', async () => {
    const id = await items.submit(MISSING);
    const chosen = first(await draft(id));
    const { version } = await items.look(id);
    const response = await decide(chosen.id, 'accept', { by: 'lin' }, { 'If-Match': `"${version}"` });
    const { draft: decided, reply, item } = decidedDraftSchema.parse(await response.json());
    expect(response.status).toBe(200);
    expect(decided).toMatchObject({ state: 'accepted', distance: 0, by: 'lin' });
    expect(reply).toMatchObject({ state: 'sent', text: chosen.text, delivery: 'elsewhere' });
    expect(item).toMatchObject({ status: 'replied', first_responded_at: expect.any(String) });
    expect(response.headers.get('etag')).toBe(`"${item.version}"`);
    const { items: messages } = await items.get(id, 'messages');
    expect(messages).toMatchObject([{ direction: 'outbound', text: chosen.text, by: 'lin' }]);
    const history = await items.get(id, 'history');
    expect(history.items.map(({ action }) => action)).toContain('feedback.draft_accepted');
    await expectProblem(await decide(chosen.id, 'reject', { reason: 'other' }), { status: 409, code: 'conflict' });
  });

  test('edited, the difference is kept; what guards warn of needs a confirmation', async () => {
    const id = await items.submit(MISSING);
    const chosen = first(await draft(id));
    const text = `${chosen.text}\n我们会全额退款，请拨打 13912345678。`;
    const warned = await decide(chosen.id, 'edit', { text });
    const problem = (await warned.json()) as { errors: { pointer: string }[] };
    expect(warned.status).toBe(422);
    expect(problem.errors.map(({ pointer }) => pointer)).toContain('/confirm');
    expect(JSON.stringify(problem)).toMatch(/promise: .*personal_data: /u);
    expect(JSON.stringify(problem)).not.toContain('13912345678');
    expect((await items.look(id)).status).toBe('assigned');
    const sent = decidedDraftSchema.parse(await (await decide(chosen.id, 'edit', { text, confirm: true })).json());
    expect(sent.draft).toMatchObject({ state: 'edited', difference: [{ kind: 'same' }, { kind: 'added' }] });
    expect(sent.draft.distance).toBeGreaterThan(0);
    expect(JSON.stringify(sent)).not.toContain('13912345678');
    const row = await queued(id);
    expect(service.context.vault.open(row?.id ?? '', row?.sealed ?? new Uint8Array())).toEqual({ text });
  });

  test('an edit without anything to warn of needs no confirmation', async () => {
    const id = await items.submit(MISSING);
    const chosen = first(await draft(id));
    const text = chosen.text.replace('您好', '您好，我是小林');
    expect((await decide(chosen.id, 'edit', { text })).status).toBe(200);
  });

  test.each([
    ['answered', 'outbound', '已经处理'],
    ['written to again', 'inbound', '还是没到账'],
  ])('an item that was %s meanwhile is refused with 412', async (_, direction, text) => {
    const id = await items.submit(MISSING);
    const { drafts } = await draft(id);
    await items.done(id, 'messages', { direction, text });
    for (const what of ['accept', 'edit'])
      await expectProblem(await decide(drafts[0]?.id ?? '', what, what === 'edit' ? { text: '您好' } : {}), {
        status: 412,
        code: 'precondition_failed',
      });
    expect((await items.get(id, 'messages')).items).toHaveLength(1);
  });

  test('a stale If-Match, an unknown draft and a wrong reason are refused', async () => {
    const id = await items.submit(MISSING);
    const chosen = first(await draft(id));
    const stale = await decide(chosen.id, 'accept', {}, { 'If-Match': '"1"' });
    const pointers = ['/headers/If-Match'];
    await expectProblem(stale, { status: 412, code: 'precondition_failed', pointers });
    await expectProblem(await decide(id, 'accept', {}), { status: 404, code: 'not_found' });
    const wrong = await decide(chosen.id, 'reject', { reason: 'because' });
    await expectProblem(wrong, { status: 422, code: 'invalid_input', pointers: ['/reason'] });
    const note = '打我电话 13912345678';
    const answer = await decide(chosen.id, 'reject', { reason: 'wrong_tone', note });
    const rejected = rejectedDraftSchema.parse(await answer.json());
    expect(rejected.draft).toMatchObject({ state: 'rejected', reason: 'wrong_tone', note: '打我电话 [PHONE]' });
    expect((await items.look(id)).version).toBe(rejected.item.version);
  });

  test('by the connector, the item is answered when that has taken it, once', async () => {
    const id = await items.submit(MISSING, { external_id: `c-${engine}` });
    const chosen = first(await draft(id));
    const accepted = await decide(chosen.id, 'accept', { send: 'webhook', by: 'lin' });
    const { reply, item } = decidedDraftSchema.parse(await accepted.json());
    expect([reply.state, item.status]).toEqual(['queued', 'assigned']);
    expect(service.enqueued).toContain('replies.deliver');
    connector.status = 503;
    await expect(deliverReply(service.context, reply.id, never)).rejects.toThrow('status 503');
    connector.status = 204;
    await deliverReply(service.context, reply.id, never);
    await deliverReply(service.context, reply.id, never);
    const calls = connector.received.filter(({ headers }) => headers['idempotency-key'] === reply.id);
    expect(calls).toHaveLength(2);
    expect(calls[0]?.headers['x-signature']).toMatch(/^sha256=[0-9a-f]{64}$/u);
    expect(JSON.parse(calls[0]?.body ?? '')).toMatchObject({ text: chosen.text, external_id: `c-${engine}` });
    expect(await items.look(id)).toMatchObject({ status: 'replied' });
    expect((await items.get(id, 'messages')).items).toHaveLength(1);
    expect(await queued(id)).toMatchObject({ state: 'sent', attempts: 2 });
  });

  test('a connector that never takes it makes the reply failed, and that is told', async () => {
    const id = await items.submit(MISSING);
    const accepted = await decide(first(await draft(id)).id, 'accept', { send: 'webhook' });
    const { reply } = decidedDraftSchema.parse(await accepted.json());
    connector.status = 500;
    for (let attempt = 1; attempt < 6; attempt++)
      await expect(deliverReply(service.context, reply.id, never)).rejects.toThrow('status 500');
    await deliverReply(service.context, reply.id, never);
    connector.status = 204;
    expect(await queued(id)).toMatchObject({ state: 'failed', attempts: 6 });
    expect((await items.look(id)).status).toBe('assigned');
    expect((await items.events(id)).at(-1)).toBe('feedback.reply_failed');
  });

  test('receipt is acknowledged on its channels only, once, never for risks, and is no first response', async () => {
    const text = '请问怎么查看手续费？';
    const [plain, other] = [
      await items.submit(text, { channel: 'chat' }),
      await items.submit(text, { channel: 'email' }),
    ];
    const risk = await items.submit(MISSING, { channel: 'chat' });
    const jobs = createIdleQueue();
    await acknowledgeNew(service.context, jobs, never);
    await acknowledgeNew(service.context, jobs, never);
    expect(jobs.enqueued).toEqual(['replies.deliver']);
    await deliverReply(service.context, (await queued(plain))?.id ?? '', never);
    expect(await queued(plain)).toMatchObject({ kind: 'acknowledgement', state: 'sent' });
    expect(await items.look(plain)).toMatchObject({ first_responded_at: null, status: 'assigned' });
    expect((await items.get(plain, 'messages')).items).toEqual([]);
    expect([await queued(other), await queued(risk)]).toEqual([undefined, undefined]);
    const sent = connector.received.filter(({ body }) => JSON.parse(body).feedback_id === plain);
    expect(sent).toHaveLength(1);
    expect(JSON.parse(sent[0]?.body ?? '').text).toContain('自动确认');
  });

  test('a score and a reopening are learned from once', async () => {
    const id = await items.submit(MISSING);
    await decide(first(await draft(id)).id, 'accept', {});
    await items.done(id, 'transitions', { to: 'resolved', resolution: 'solved' });
    await items.done(id, 'satisfaction', { score: 1, solved: false });
    const sum = async () => {
      const rows = await service.database.kysely.selectFrom('reply_tally').select('refused').execute();
      return rows.reduce((total, { refused }) => total + refused, 0);
    };
    const before = await sum();
    await learnOutcomes(service.context, never);
    const after = await sum();
    expect(after).toBeGreaterThan(before);
    await learnOutcomes(service.context, never);
    expect(await sum()).toBe(after);
  });

  test('questions without an article are gaps, with an article drafted from what people answered', async () => {
    const text = '贵司的会员俱乐部怎么入会？';
    const asked = [await items.submit(text), await items.submit(text)];
    const [made] = [await draft(asked[0] ?? ''), await draft(asked[1] ?? '')];
    // Whatever the articles say of it, none is near enough.
    await service.database.kysely
      .updateTable('draft_set')
      .set({ has_source: false })
      .where('feedback_id', 'in', asked)
      .execute();
    await service.database.kysely.updateTable('feedback').set({ type: 'question' }).where('id', 'in', asked).execute();
    const added = '会员俱乐部目前采用邀请制，邀请会出现在消息中心里。';
    const best = made?.drafts[0];
    if (best) await decide(best.id, 'edit', { text: `${best.text}\n${added}`, confirm: true });
    const gaps = gapsSchema.parse(await (await service.request('/v1/knowledge/gaps')).json());
    const gap = gaps.items.find(({ examples }) => examples.some(({ feedback_id }) => asked.includes(feedback_id)));
    expect(gap).toMatchObject({ items: 2, language: 'zh', examples: [{ text }, { text }] });
    expect(gap?.drafted_article?.body ?? null).toBe(best ? added : null);
  });

  test('are measured on a file of messages, and rendered as a page', async () => {
    const texts = [MISSING, 'I do not want to live any more', '出售发票，加V：abc8866'];
    const requests = texts.map((text) => feedbackRequestSchema.parse({ text }));
    const result = await evaluateDrafts(service.context, requests, () => []);
    expect(result).toMatchObject({ items: 3, cited: 1, language_match: 1 });
    expect(result.drafted.map(({ drafts }) => drafts.length > 0)).toEqual([true, true, false]);
    expect(result.with_draft).toBeCloseTo(2 / 3);
    const page = renderDrafts(result);
    expect(page).toContain('W20261110081240');
    expect(page).toContain('`crisis.person`');
    expect(page).toContain('No suggestion');
  });
});
