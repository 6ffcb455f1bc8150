import { afterAll, beforeAll, expect, test } from 'vitest';
import { ArrivalDesk } from '../../src/clusters/arrival/arrival-desk.ts';
import { refreshFigures } from '../../src/clusters/trend/refresh-figures.ts';
import type { Context } from '../../src/context.ts';
import { submitFeedback } from '../../src/feedback/submit.ts';
import { feedbackRequestSchema } from '../../src/intake/request.ts';
import { auditOf, eventsOf } from '../_util/agents.ts';
import { clusterOf, report, rowOf, wording } from '../_util/clusters.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';

const NOW = new Date('2026-11-03T02:00:00Z');
const CHART = 'the candle chart does not load';
const CODE = '收不到短信验证码';

describeOnEngines('a new item finds its cluster', (engine) => {
  let service: TestService;
  beforeAll(async () => {
    service = await openTestService({ engine, now: () => NOW });
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const decisionOf = async (id: string) => {
    const detail = await (await service.request(`/v1/feedback/${id}`)).json();
    return (detail as { decision: { input: { reports: number }; urgency: { reasons: { rule: string }[] } } }).decision;
  };

  test('the third of three people begins it, and the fifth is told of five and more urgent', async () => {
    const items = [];
    for (let at = 0; at < 3; at++) items.push(await report(service, wording(CHART, at), `chart-${at}`));
    const begun = await clusterOf(service, items[0]?.id ?? '');
    const shown = await (await service.request(`/v1/clusters/${begun}`)).json();
    expect(shown).toMatchObject({ items: 3, customers: 3, figures_at: NOW.toISOString(), trend: { state: 'new' } });
    expect(shown).toMatchObject({ languages: { en: 3 }, quotes: [{}, {}, {}] });
    expect((shown as { impact: { score: number } }).impact.score).toBeGreaterThan(0);
    for (let at = 3; at < 5; at++) items.push(await report(service, wording(CHART, at), `chart-${at}`));
    const clusters = await Promise.all(items.map(({ id }) => clusterOf(service, id)));
    expect(new Set(clusters).size).toBe(1);
    const cluster = await rowOf(service, clusters[0]);
    expect(cluster).toMatchObject({ items: 5, customers: 5, retired_at: null, named_by_person: [] });
    expect(cluster.title_en).toMatch(/chart/i);
    expect(cluster.title_zh.length).toBeGreaterThan(1);
    expect((await auditOf(service, cluster.id)).map(({ action }) => action)).toEqual(['cluster.created']);
    expect(await eventsOf(service, cluster.id)).toEqual(['cluster.created']);
    const decisions = await Promise.all(items.map(({ id }) => decisionOf(id)));
    expect(decisions.map(({ input }) => input.reports)).toEqual([0, 0, 3, 4, 5]);
    const fired = decisions.map(({ urgency }) => urgency.reasons.some(({ rule }) => rule === 'several_reports'));
    expect(fired).toEqual([
      false,
      false,
      false,
      false,
      items[4]?.type === 'technical_issue' || items[4]?.type === 'service_complaint',
    ]);
  });

  test('a stranger stays alone, and somebody who writes again counts once', async () => {
    const stranger = await report(service, '请问节假日客服几点上班', 'stranger');
    expect(await clusterOf(service, stranger.id)).toBeUndefined();
    const again = await report(service, wording(CHART, 6), 'chart-1');
    const cluster = await rowOf(service, await clusterOf(service, again.id));
    expect(cluster).toMatchObject({ items: 6, customers: 5 });
    expect((await decisionOf(again.id)).input.reports).toBe(5);
  });

  test('of a large cluster the customers are not counted at every report', async () => {
    const known = await report(service, wording(CHART, 6), 'chart-1');
    const id = await clusterOf(service, known.id);
    const set = (values: object) =>
      service.database.kysely
        .updateTable('cluster')
        .set(values)
        .where('id', '=', id ?? '')
        .execute();
    await set({ items: 5_000, customers: 4_000 });
    const again = await report(service, wording(`${CHART} still`, 6), 'chart-1');
    expect((await decisionOf(again.id)).input.reports).toBe(4_000);
    const fresh = await report(service, wording(`${CHART} still`, 5), 'chart-fresh');
    expect((await decisionOf(fresh.id)).input.reports).toBe(4_001);
    await service.database.kysely.deleteFrom('feedback').where('id', 'in', [again.id, fresh.id]).execute();
    await set({ items: 7, customers: 5 });
  });

  test('the same words, or the same customer, begin nothing', async () => {
    const same = [];
    for (let at = 0; at < 5; at++) same.push(await report(service, '提现按钮是灰色的点不动', `grey-${at}`));
    const one = [];
    for (let at = 0; at < 5; at++) one.push(await report(service, wording('杠杆怎么突然下调了', at), 'one'));
    for (const { id } of [...same, ...one]) expect(await clusterOf(service, id)).toBeUndefined();
  });

  test('many at the same moment make one cluster', async () => {
    const items = [0, 1, 2, 3, 4, 5].map((at) => ({ text: wording(CODE, at), customer: { ref: `code-${at}` } }));
    await Promise.all(items.map(({ text, customer }) => report(service, text, customer.ref)));
    const rows = await service.database.kysely
      .selectFrom('feedback')
      .leftJoin('cluster_member', 'cluster_member.feedback_id', 'feedback.id')
      .select('cluster_id')
      .where('body', 'like', `${CODE}%`)
      .execute();
    expect(rows.length).toBe(6);
    expect(new Set(rows.map(({ cluster_id }) => cluster_id)).size).toBe(1);
    expect(rows[0]?.cluster_id).not.toBeNull();
  });

  test.runIf(engine === 'postgres')(
    'two replicas that begin the same at the same moment make one cluster',
    async () => {
      const matter = 'leverage was lowered without notice';
      await using arrivals = new ArrivalDesk(service.context);
      const other: Context = { ...service.context, arrivals };
      const submit = async (context: Context, at: number) => {
        const request = feedbackRequestSchema.parse({ text: wording(matter, at), customer: { ref: `leverage-${at}` } });
        return (await submitFeedback(context, request, { actor: { kind: 'local' } })).item.id;
      };
      const ids = [await submit(service.context, 0), await submit(other, 1)];
      // Either of these is the third person, and neither replica has seen the other's.
      ids.push(...(await Promise.all([submit(service.context, 2), submit(other, 3)])));
      ids.push(...(await Promise.all([submit(other, 4), submit(service.context, 5)])));
      const clusters = await Promise.all(ids.map((id) => clusterOf(service, id)));
      expect(new Set(clusters).size).toBe(1);
      expect(clusters[0]).toBeDefined();
      // Of two who join at the same moment on two replicas one may not be counted yet.
      await refreshFigures(service.context, AbortSignal.timeout(60_000));
      expect(await rowOf(service, clusters[0])).toMatchObject({ items: 6, customers: 6 });
    },
  );

  test('one that was fixed is taken up again by a report that comes later', async () => {
    const db = service.database.kysely;
    const [first] = await db.selectFrom('feedback').select('id').where('body', '=', wording(CHART, 0)).execute();
    const id = (await clusterOf(service, first?.id ?? '')) ?? '';
    await db
      .updateTable('cluster')
      .set({ issue_status: 'fixed', fixed_in: '4.2.2', fixed_at: NOW })
      .where('id', '=', id)
      .execute();
    const later = await report(service, wording(CHART, 7), 'chart-7');
    expect(await clusterOf(service, later.id)).toBe(id);
    expect(await rowOf(service, id)).toMatchObject({ issue_status: 'investigating', regressed_at: NOW });
    expect(await eventsOf(service, id)).toEqual(['cluster.created', 'cluster.regressed']);
  });

  test('a process that starts knows what came before', async () => {
    await using arrivals = new ArrivalDesk(service.context);
    const later: Context = { ...service.context, arrivals };
    const request = feedbackRequestSchema.parse({ text: `${CHART} here too`, customer: { ref: 'chart-8' } });
    const { item } = await submitFeedback(later, request, { actor: { kind: 'local' } });
    expect(await clusterOf(service, item.id)).toBeDefined();
    expect(item.decision.input.reports).toBe(7);
  });
});
