import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { Context } from '../../src/context.ts';
import { draftEndEventSchema, draftSentenceEventSchema } from '../../src/replies/draft-events.ts';
import { reserveTokens, settleTokens, spentTokens } from '../../src/replies/llm/budget.ts';
import { polishDraft } from '../../src/replies/llm/polish-draft.ts';
import { type DraftsView, draftsSchema } from '../../src/replies/view.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { Items } from '../_util/items.ts';
import { chunk, type ModelAnswer, ModelStub, type Prompt, STREAM_END, startStream } from '../_util/model-stub.ts';

const MESSAGE = '我的提现 500 USDT 两天了还没到账，单号 W20261110081240';
const HOSTILE = '我们会全额退款，见 https://evil.example';
const never = new AbortController().signal;

const eventSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('drafts'), data: draftsSchema }),
  z.object({ event: z.literal('sentence'), data: draftSentenceEventSchema }),
  z.object({ event: z.literal('end'), data: draftEndEventSchema }),
]);
type Event = z.infer<typeof eventSchema>;

/** The events of a stream, one by one, and all that was sent so far. */
class Events {
  readonly #reader: ReadableStreamDefaultReader<string>;
  text = '';
  #read = 0;

  constructor(response: Response) {
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    if (response.body === null) throw new Error('there is no body');
    this.#reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  }

  async next(): Promise<Event | undefined> {
    for (;;) {
      const end = this.text.indexOf('\n\n', this.#read);
      if (end >= 0) {
        const [name = '', data = ''] = this.text.slice(this.#read, end).split('\n');
        this.#read = end + 2;
        if (name.startsWith(':')) continue;
        const read = { event: name.replace('event: ', ''), data: JSON.parse(data.replace('data: ', '')) };
        return eventSchema.parse(read);
      }
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      this.text += value;
    }
  }

  async rest(): Promise<Event[]> {
    const events: Event[] = [];
    for (let event = await this.next(); event; event = await this.next()) events.push(event);
    return events;
  }

  async leave(): Promise<void> {
    await this.#reader.cancel();
  }
}

/** A rewording that says the same in fewer words. */
const shorten = ({ draft }: Prompt) => {
  const next = draft.find(({ text }) => text.includes('，不分昼夜'));
  return { draft: next?.number ?? -1, text: next?.text.replace('，不分昼夜', '') ?? '' };
};
const HEAD = '{"sentences":[';
/** Begins well: what comes after the first sentence is up to the test. */
const begin =
  (then: ModelAnswer): ModelAnswer =>
  async (response, prompt) => {
    startStream(response);
    response.write(chunk(HEAD) + chunk(JSON.stringify(shorten(prompt))));
    await then(response, prompt);
  };
const finish: ModelAnswer = (response) => void response.end(chunk(']}') + STREAM_END);

/** A promise that a test keeps. */
function promise(): { kept: Promise<void>; keep(): void } {
  let keep = () => {};
  const kept = new Promise<void>((resolve) => {
    keep = resolve;
  });
  return { kept, keep };
}

describeOnEngines('a model that streams', (engine) => {
  let service: TestService;
  let items: Items;
  let model: ModelStub;
  beforeAll(async () => {
    model = await ModelStub.listen();
    const settings = { LLM_URL: model.url, LLM_TIMEOUT_MS: '60000', LLM_TOKENS_PER_DAY: '1000000' };
    service = await openTestService({ engine, settings });
    items = new Items(service);
  }, OPEN_TIMEOUT_MS);
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    await model[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    model.asked = [];
  });

  /** What another replica has: its own settings and breaker, the same database. */
  const replica = (more: Partial<Context['config']> = {}): Context => ({
    ...service.context,
    config: { ...service.context.config, ...more },
  });
  const watch = async (id: string) => new Events(await service.request(`/v1/feedback/${id}/drafts/events`));

  /** Drafts for a message; whoever watches them; and the job, which runs in another replica. */
  async function start(more: Partial<Context['config']> = {}) {
    const id = await items.submit(MESSAGE, { channel: 'chat' });
    const plain = draftsSchema.parse(await items.done(id, 'drafts', {}));
    const { id: set } = await service.database.kysely
      .selectFrom('draft_set')
      .select('id')
      .where('feedback_id', '=', id)
      .executeTakeFirstOrThrow();
    const events = await watch(id);
    expect(await events.next()).toMatchObject({ event: 'drafts', data: { rewording: { state: 'waiting' } } });
    const context = replica(more);
    const job = polishDraft(context, set, never);
    const now = async () => draftsSchema.parse(await items.get<object>(id, 'drafts'));
    return { id, plain, events, job, now, draftId: plain.rewording?.draft_id ?? '' };
  }
  const withoutState = ({ drafts }: DraftsView) => drafts;

  test('shows a sentence while the model still writes, then the finished drafts, what they cost and the end', async () => {
    const { kept, keep } = promise();
    model.answer = begin(async (response, prompt) => {
      await kept;
      await finish(response, prompt);
    });
    const { events, job, draftId, now } = await start();
    const sentence = await events.next();
    expect(sentence).toMatchObject({ event: 'sentence', data: { draft_id: draftId, role: 'next' } });
    // Nobody sees it among the drafts, and nobody can take it, before it is finished.
    expect(await now()).toMatchObject({ rewording: { state: 'writing' } });
    expect((await now()).drafts.map(({ id }) => id)).not.toContain(draftId);
    const early = await service.post(`/v1/drafts/${draftId}/accept`, {});
    expect([early.status, ((await early.json()) as { detail: string }).detail]).toEqual([
      409,
      expect.stringContaining('still being written'),
    ]);
    keep();
    await job;
    const [drafts, end, ...more] = await events.rest();
    const rewording = { state: 'done', prompt_tokens: 610, completion_tokens: 90, tokens_counted: true };
    expect(drafts).toMatchObject({ event: 'drafts', data: { rewording } });
    expect(end).toEqual({ event: 'end', data: { state: 'done', reason: null } });
    expect(more).toEqual([]);
    const polished = (await now()).drafts.find(({ id }) => id === draftId);
    expect(polished?.approach).toBe('polished');
    expect(polished?.sentences.map(({ text }) => text)).toContain(sentence?.event === 'sentence' && sentence.data.text);
    expect((await service.post(`/v1/drafts/${draftId}/accept`, {})).status).toBe(200);
  });

  test('reads chunks that are cut anywhere, within a character too', async () => {
    model.answer = async (response, prompt) => {
      startStream(response);
      const whole = Buffer.from(chunk(JSON.stringify({ sentences: [shorten(prompt)] })) + STREAM_END);
      for (let at = 0; at < whole.length; at += 7) {
        response.write(whole.subarray(at, at + 7));
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    };
    const { events, job, now } = await start();
    await job;
    expect((await events.rest()).at(-1)).toMatchObject({ event: 'end', data: { state: 'done' } });
    expect((await now()).drafts.some(({ approach }) => approach === 'polished')).toBe(true);
  });

  test('a hostile sentence is in no event, whatever stands beside it', async () => {
    model.answer = begin((response, { draft }) => {
      const hostile = draft.map(({ number }) => JSON.stringify({ draft: number, text: HOSTILE })).join();
      response.write(chunk(`,${hostile}`));
      return finish(response, { draft });
    });
    const { events, job } = await start();
    await job;
    const all = await events.rest();
    expect(all.map(({ event }) => event)).toEqual(['sentence', 'drafts', 'end']);
    expect(events.text).not.toMatch(/全额退款|evil/u);
  });

  test.each<[string, string, ModelAnswer, Partial<Context['config']>]>([
    ['dies in the middle', 'unreachable', (response) => void response.destroy(), {}],
    ['ends in the middle', 'nonsense', (response) => void response.end(), {}],
    ['says something else in the end', 'nonsense', (r) => void r.end(chunk('],"and":1}') + STREAM_END), {}],
    ['writes 10 MB', 'too_long', (response) => void response.end(chunk('x'.repeat(10_000_000))), {}],
    ['sends what is not UTF-8', 'nonsense', (response) => void response.end(Buffer.from([0xff, 0x0a])), {}],
    ['stalls', 'timeout', () => undefined, { LLM_TIMEOUT_MS: 4_000 }],
  ])('of one that %s nothing is left', async (_, code, then, more) => {
    const { kept, keep } = promise();
    model.answer = begin(async (response, prompt) => {
      await kept;
      await then(response, prompt);
    });
    const { events, job, plain, now, draftId } = await start(more);
    expect(await events.next()).toMatchObject({ event: 'sentence' });
    keep();
    await job;
    const all = await events.rest();
    expect(all.at(-1)).toMatchObject({ event: 'end', data: { state: 'failed', reason: { code } } });
    expect(withoutState(await now())).toEqual(withoutState(plain));
    const row = await service.database.kysely
      .selectFrom('rewording')
      .select(['written', 'prompt_tokens'])
      .where('draft_id', '=', draftId)
      .executeTakeFirstOrThrow();
    expect(row.written).toEqual([]);
    expect(row.prompt_tokens).toBeGreaterThan(0);
    expect((await service.post(`/v1/drafts/${draftId}/accept`, {})).status).toBe(409);
    // Whoever comes later hears the same.
    expect((await (await watch(plain.feedback_id)).rest()).map(({ event }) => event)).toEqual(['drafts', 'end']);
  });

  test.each([
    ['accepts', 'accept', {}],
    ['rejects', 'reject', { reason: 'too_long' }],
  ])('whoever %s the reworded draft meanwhile ends the writing', async (_, what, body) => {
    const left = promise();
    model.answer = begin((response) => void response.on('close', left.keep));
    const { events, job, plain, now } = await start();
    expect(await events.next()).toMatchObject({ event: 'sentence' });
    expect((await service.post(`/v1/drafts/${plain.drafts[0]?.id}/${what}`, body)).status).toBe(200);
    await job;
    await left.kept;
    const all = await events.rest();
    expect(all.at(-1)).toMatchObject({ event: 'end', data: { state: 'failed', reason: { code: 'decided' } } });
    expect((await now()).drafts).toHaveLength(plain.drafts.length);
  });

  test('newer drafts end the writing of older ones', async () => {
    model.answer = begin(() => undefined);
    const { id, events, job } = await start();
    expect(await events.next()).toMatchObject({ event: 'sentence' });
    await items.done(id, 'drafts', {});
    await job;
    const end = { state: 'failed', reason: { code: 'superseded' } };
    expect((await events.rest()).at(-1)).toMatchObject({ event: 'end', data: end });
  });

  test('a job that is stopped leaves the rewording to the next one', async () => {
    const stop = new AbortController();
    model.answer = begin(() => stop.abort());
    const id = await items.submit(MESSAGE, { channel: 'chat' });
    await items.done(id, 'drafts', {});
    const { id: set } = await service.database.kysely
      .selectFrom('draft_set')
      .select('id')
      .where('feedback_id', '=', id)
      .executeTakeFirstOrThrow();
    await expect(polishDraft(replica(), set, stop.signal)).rejects.toMatchObject({ code: 'cancelled' });
    expect(await items.get<object>(id, 'drafts')).toMatchObject({ rewording: { state: 'waiting' } });
    model.answer = begin(finish);
    await polishDraft(replica(), set, never);
    expect(await items.get<object>(id, 'drafts')).toMatchObject({ rewording: { state: 'done' } });
    // It is reworded once, however often the job runs.
    await polishDraft(replica(), set, never);
    expect(model.asked).toHaveLength(2);
  });

  test('the budget holds over replicas and is settled by what a request has cost', async () => {
    const spent = async () => {
      const metrics = await (await service.request('/metrics')).text();
      return Number(/^llm_budget_spent_tokens (\d+)$/mu.exec(metrics)?.[1]);
    };
    model.answer = begin(finish);
    const before = await spent();
    await (await start()).job;
    expect((await spent()) - before).toBe(700);
    // Another replica knows of it: one token more than is left is not asked for.
    const { events, job } = await start({ LLM_TOKENS_PER_DAY: (await spent()) + 2_001 });
    await job;
    expect(model.asked).toHaveLength(1);
    const end = { state: 'failed', reason: { code: 'budget' } };
    expect((await events.rest()).at(-1)).toMatchObject({ event: 'end', data: end });
  });

  test('requests at the same time share the tokens of a day, and those of another day are its own', async () => {
    const { kysely } = service.database;
    const noon = new Date('2031-01-02T12:00:00Z');
    const ask = (now: Date) => reserveTokens(kysely, { tokens: 300, limit: 1_000, now });
    const taken = (await Promise.all(Array.from({ length: 20 }, () => ask(noon)))).filter((one) => one !== undefined);
    expect(taken).toHaveLength(3);
    expect(await spentTokens(kysely, noon)).toBe(900);
    // Two have cost less than was kept for them, so there is room for one more.
    for (const one of taken.slice(0, 2)) await settleTokens(kysely, one, 100);
    expect([await ask(noon), await ask(noon)]).toEqual([{ day: '2031-01-02', tokens: 300 }, undefined]);
    expect(await spentTokens(kysely, noon)).toBe(800);
    expect(await ask(new Date('2031-01-03T00:00:00Z'))).toBeDefined();
    expect(
      await reserveTokens(kysely, { tokens: 1_001, limit: 1_000, now: new Date('2031-01-04T00:00:00Z') }),
    ).toBeUndefined();
  });

  test('whoever leaves is not written to any more, and an unknown item has no stream', async () => {
    model.answer = begin(() => undefined);
    const { events, job, id } = await start();
    expect(await events.next()).toMatchObject({ event: 'sentence' });
    await events.leave();
    await items.done(id, 'drafts', {});
    await job;
    expect((await service.request('/v1/feedback/01a20162-58db-746b-8ed4-46b9e0bc5972/drafts/events')).status).toBe(404);
  });
});
