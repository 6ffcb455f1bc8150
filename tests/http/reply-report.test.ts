import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderReplyReport } from '../../src/cli/render-replies.ts';
import { type ReplyReport, replyReportSchema } from '../../src/replies/report/schema.ts';
import { type DraftsView, draftsSchema } from '../../src/replies/view.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { Items } from '../_util/items.ts';
import { expectProblem } from '../_util/problem.ts';

const ZH = '我的提现 500 USDT 两天了还没到账，单号 W20261110081240';
const EN = 'My withdrawal of 500 USDT has not arrived since 2 November, reference W20261110081240';
const START = Date.UTC(2026, 10, 10);
const DAY_MS = 86_400_000;

describeOnEngines('the report of replies', (engine) => {
  let service: TestService;
  let items: Items;
  let clock = START;
  beforeAll(async () => {
    const settings = {
      LLM_PRICE_PER_MILLION_INPUT_TOKENS: '2',
      LLM_PRICE_PER_MILLION_OUTPUT_TOKENS: '10',
    };
    service = await openTestService({ engine, settings, now: () => new Date(clock) });
    items = new Items(service);
    await happen();
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const draftFor = async (text: string, channel: string): Promise<{ id: string; view: DraftsView }> => {
    const id = await items.submit(text, { channel });
    return { id, view: draftsSchema.parse(await items.done(id, 'drafts', {})) };
  };
  const decide = async ({ view }: { view: DraftsView }, approach: string, what: string, body: object = {}) => {
    clock += 60_000;
    const draft = view.drafts.find((one) => one.approach === approach);
    const response = await service.post(`/v1/drafts/${draft?.id}/${what}`, body);
    expect([what, response.status]).toEqual([what, 200]);
  };
  const solve = async (id: string, score: number) => {
    clock += 60_000;
    await items.done(id, 'transitions', { to: 'resolved', resolution: 'solved' });
    clock += 60_000;
    await items.done(id, 'satisfaction', { score, solved: score > 2 });
  };

  /** Eleven brief drafts taken as they are by mail, eleven full ones refused, and one of each of the rest. */
  async function happen(): Promise<void> {
    for (let round = 0; round < 11; round++) {
      const item = await draftFor(EN, 'email');
      await decide(item, 'full', 'reject', { reason: round < 8 ? 'too_long' : 'wrong_tone' });
      await decide(item, 'brief', 'accept');
      await solve(item.id, round === 0 ? 1 : 5);
    }
    const edited = await draftFor(ZH, 'chat');
    await decide(edited, 'brief', 'edit', { text: '您好，我们正在查这笔提现，查到后马上回复您。', confirm: true });
    const self = await items.submit(ZH, { channel: 'chat' });
    clock += DAY_MS;
    for (const id of [self, edited.id])
      await items.done(id, 'messages', { direction: 'outbound', text: '您好，这笔提现我们在查。' });
    await service.database.kysely
      .insertInto('draft_set')
      .values({
        ...{ id: uuidv7(), feedback_id: self, at: new Date(clock), actor: '{}', item_version: 1, language: 'zh' },
        ...{ situation: null, topic: null, none: 'no_article', has_source: false },
        ...{ facts: '[]', articles: '[]', withheld: '[]' },
      })
      .execute();
    const { id: set, feedback_id } = await service.database.kysely
      .selectFrom('draft_set')
      .select(['id', 'feedback_id'])
      .orderBy('id')
      .executeTakeFirstOrThrow();
    await service.database.kysely
      .insertInto('rewording')
      .values({
        ...{ set_id: set, feedback_id, draft_id: set, at: new Date(clock), heard_at: new Date(clock) },
        ...{ state: 'failed', reason: 'nothing_kept', guards: '["promise","promise","link"]' },
        ...{ prompt_tokens: 1_000_000, completion_tokens: 100_000, is_counted: true },
      })
      .execute();
    clock += DAY_MS;
  }

  const read = async (query = ''): Promise<ReplyReport> => {
    const response = await service.request(`/v1/replies/report${query}`);
    expect(response.status).toBe(200);
    return replyReportSchema.parse(await response.json());
  };
  const of = ({ groups }: ReplyReport, dimension: string, key = '') =>
    groups.find((group) => group.dimension === dimension && group.key === key);

  test('counts what people decided, as a whole and by what tells drafts apart', async () => {
    const report = await read();
    const all = of(report, 'all');
    expect(all).toMatchObject({
      accepted: { count: 11, of: 23, share: 0.4783 },
      edited: { count: 1, of: 23 },
      rejected: { count: 11, of: 23 },
      reasons: [
        { reason: 'too_long', n: 8 },
        { reason: 'wrong_tone', n: 3 },
      ],
      mean_changed: null,
    });
    expect(all?.accepted.low).toBeLessThan(0.35);
    expect(all?.accepted.high).toBeGreaterThan(0.6);
    expect(of(report, 'language', 'en')).toMatchObject({ accepted: { count: 11, of: 22, share: 0.5 } });
    expect(of(report, 'language', 'zh')).toMatchObject({ edited: { count: 1, of: 1, share: null, low: null } });
    expect(of(report, 'channel', 'email')?.sets).toMatchObject({ made: 11, used: { count: 11, of: 11, share: 1 } });
    expect(of(report, 'approach', 'brief')).toMatchObject({ accepted: { count: 11, of: 12 }, sets: null });
    expect(of(report, 'approach', 'full')).toMatchObject({ rejected: { count: 11, of: 11, share: 1 } });
    // The full draft was decided about after one minute, the brief one after two.
    expect(of(report, 'approach', 'full')?.median_seconds).toBe(60);
    expect(of(report, 'approach', 'brief')?.median_seconds).toBe(120);
    expect(of(report, 'situation', 'missing_money')?.accepted.count).toBe(11);
    expect(of(report, 'period', '2026-11-01')?.offered).toBe(all?.offered);
  });

  test('says of which sets there was no draft, and why', async () => {
    const report = await read();
    const { sets } = of(report, 'all') ?? {};
    expect(sets).toMatchObject({ made: 13, without_draft: { count: 1, of: 13 }, used: { count: 12, of: 13 } });
    expect(sets?.reasons).toEqual([{ reason: 'no_article', n: 1 }]);
    expect(of(report, 'situation')?.sets).toMatchObject({ made: 1, without_draft: { count: 1 } });
  });

  test('says what became of items, by how they were answered', async () => {
    const { answers } = of(await read(), 'all') ?? {};
    expect(answers).toEqual([
      expect.objectContaining({ way: 'accepted', items: 11, rated: 11, mean_score: 4.6364 }),
      expect.objectContaining({ way: 'edited', items: 1, rated: 0, mean_score: null }),
      expect.objectContaining({ way: 'self_written', items: 1, rated: 0 }),
    ]);
    expect(answers?.[0]?.reopened).toMatchObject({ count: 1, of: 11 });
  });

  test('names what is worse than the rest, and the guards, and the cost', async () => {
    const { weak, sources, guards, model } = await read();
    // Only full replies say what brief ones leave out; those were all refused.
    expect(weak.length).toBeGreaterThan(0);
    for (const { accepted, kind } of weak) expect([accepted.count, kind]).toEqual([0, 'template']);
    expect(sources.some(({ accepted, is_weak }) => accepted.count === 11 && !is_weak)).toBe(true);
    const ofModel = guards.filter(({ withheld_from_model }) => withheld_from_model > 0);
    expect(ofModel.map(({ guard, withheld_from_model }) => [guard, withheld_from_model])).toEqual([
      ['promise', 2],
      ['link', 1],
    ]);
    expect(model).toEqual({
      outcomes: [{ outcome: 'nothing_kept', n: 1 }],
      ...{ prompt_tokens: 1_000_000, completion_tokens: 100_000, estimated: 0, cost: 3 },
    });
  });

  test('tells wordings of one template apart, by the drafts that said each', async () => {
    const { wordings } = await read();
    const own = wordings.filter(({ id }) => id === 'missing_money.next_dated');
    expect(own).toMatchObject([
      { approach: 'brief', language: 'en', accepted: { count: 11, of: 11 }, is_weak: false },
      { approach: 'full', language: 'en', rejected: { count: 11, of: 11 }, is_weak: false },
    ]);
    expect(new Set(own.map(({ wording }) => wording)).size).toBe(2);
    const { view } = await draftFor(EN, 'email');
    const said = view.drafts.find(({ approach }) => approach === 'brief')?.sentences.flatMap(({ sources }) => sources);
    expect(said).toContainEqual(expect.objectContaining({ kind: 'template', wording: own[0]?.wording }));
    const rows = renderReplyReport(await read(), 'zh').split('\n');
    expect(rows).toContain('## 各模板的不同措辞');
    expect(rows.some((row) => row.includes(own[1]?.wording ?? '-') && row.includes('100 %'))).toBe(true);
  });

  test('keeps to the period that is asked for', async () => {
    const from = encodeURIComponent(new Date(START + DAY_MS / 2).toISOString());
    const none = await read(`?from=${from}&every=day`);
    expect(of(none, 'all')?.offered).toBe(0);
    // What was answered by a draft before is answered without one in this period.
    expect(of(none, 'all')?.answers).toMatchObject([{ way: 'self_written', items: 2 }]);
    const to = encodeURIComponent(new Date(START + DAY_MS / 2).toISOString());
    expect(of(await read(`?to=${to}&every=week`), 'period', '2026-11-09')?.accepted.count).toBe(11);
  });

  test.each([
    ['from=yesterday', '/from'],
    ['from=2026-12-01T00:00:00Z', '/from'],
    ['from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z', '/from'],
    ['from=2026-01-01T00:00:00Z&every=day', '/from'],
    ['every=hour', '/every'],
    ['since=2026', '/since'],
  ])('refuses %s', async (query, pointer) => {
    const refused = await service.request(`/v1/replies/report?${query}`);
    await expectProblem(refused, { status: 422, code: 'invalid_input', pointers: [pointer] });
  });

  test('is read in both languages', async () => {
    const report = await read();
    const [zh, en] = [renderReplyReport(report, 'zh'), renderReplyReport(report, 'en')];
    expect(zh).toContain('| **全部** |');
    expect(zh).toContain('| 太长 | 8 |');
    expect(zh).toContain('费用: 3.0000');
    expect(en).toMatch(/\| \*\*All\*\* \| \d+ \| 48 % \(29 % – 67 %; 11 \/ 23\) \|/u);
    expect(en).toContain('| Too long | 8 |');
    expect(en).not.toMatch(/\p{Script=Han}/u);
  });
});
