import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { detectBursts } from '../../src/clusters/trend/detect-bursts.ts';
import { refreshFigures } from '../../src/clusters/trend/refresh-figures.ts';
import { TASKS } from '../../src/jobs/tasks.ts';
import { eventsOf } from '../_util/agents.ts';
import { clusterOf, report, wording } from '../_util/clusters.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { createIdleQueue } from '../_util/jobs.ts';

const START = Date.parse('2026-11-03T02:00:00Z');
const MINUTE_MS = 60_000;
const CHART = 'the candle chart crashed and does not load';
const CODE = '收不到短信验证码';

const detail = z.object({
  urgency_score: z.int(),
  version: z.int(),
  decision: z.object({
    raised: z.object({ reasons: z.array(z.object({ by: z.string(), id: z.string() })) }).optional(),
  }),
});

describeOnEngines('bursts', (engine) => {
  let service: TestService;
  let clock = START;
  beforeAll(async () => {
    service = await openTestService({ engine, now: () => new Date(clock) });
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const run = () =>
    TASKS['clusters.detect_bursts'].run(service.context, {}, AbortSignal.timeout(60_000), createIdleQueue());
  const runAll = async () => {
    while ((await run()) !== undefined);
  };
  const alertsOf = (cluster: string | undefined) =>
    service.database.kysely
      .selectFrom('alert')
      .selectAll()
      .where('cluster_id', '=', cluster ?? '')
      .execute();
  const get = async (id: string) => detail.parse(await (await service.request(`/v1/feedback/${id}`)).json());

  test('five people within an hour open an alert once, and make what they reported more urgent', async () => {
    const ids: string[] = [];
    for (let at = 0; at < 6; at++) {
      ids.push((await report(service, wording(CHART, at), `chart-${at}`, { channel: 'chat' })).id);
      clock += MINUTE_MS;
    }
    const cluster = await clusterOf(service, ids[0] ?? '');
    expect(cluster).toBeDefined();
    const before = await get(ids[0] ?? '');
    await Promise.all([run(), run(), detectBursts(service.context)]);
    await runAll();
    const alerts = await alertsOf(cluster);
    expect(alerts.length).toBe(1);
    expect(alerts[0]).toMatchObject({ peak: 6, closed_at: null, started_at: new Date(START) });
    expect(await eventsOf(service, alerts[0]?.id ?? '')).toEqual(['alert.opened']);
    const raised = await get(ids[0] ?? '');
    expect(raised.urgency_score).toBeGreaterThan(before.urgency_score);
    expect(raised.decision.raised?.reasons).toMatchObject([{ by: 'burst', id: alerts[0]?.id }]);
    await runAll();
    expect((await get(ids[0] ?? '')).version).toBe(raised.version);
    expect(await eventsOf(service, ids[0] ?? '')).toEqual(['feedback.created', 'feedback.raised']);
  });

  test('it closes by itself, also where nobody writes any more', async () => {
    clock += 3 * 60 * MINUTE_MS;
    await runAll();
    const [alert] = await service.database.kysely.selectFrom('alert').selectAll().execute();
    expect(alert?.closed_at).not.toBeNull();
    expect(alert?.closed_at?.getTime()).toBeLessThanOrEqual(clock);
    expect(await eventsOf(service, alert?.id ?? '')).toEqual(['alert.opened', 'alert.closed']);
  });

  test('a burst of the past is told with its times, and raises nothing', async () => {
    const past = START - 6 * 86_400_000;
    const ids: string[] = [];
    for (let at = 0; at < 6; at++) {
      const happened_at = new Date(past + at * MINUTE_MS).toISOString();
      ids.push((await report(service, wording(CODE, at), `code-${at}`, { happened_at })).id);
    }
    clock += MINUTE_MS;
    await runAll();
    const [alert] = await alertsOf(await clusterOf(service, ids[0] ?? ''));
    expect(alert).toMatchObject({ started_at: new Date(past), peak: 6 });
    expect(alert?.closed_at?.getTime()).toBeLessThan(past + 3 * 60 * MINUTE_MS);
    expect((await get(ids[0] ?? '')).decision.raised).toBeUndefined();
    const before = await service.database.kysely.selectFrom('alert').select('id').execute();
    // A later report of the same cluster looks at all of it once more.
    await report(service, wording(CODE, 6), 'code-6');
    clock += MINUTE_MS;
    await runAll();
    expect(await service.database.kysely.selectFrom('alert').select('id').execute()).toEqual(before);
  });

  test('a cluster that everybody has left ends, and its alert is told closed', async () => {
    for (let at = 0; at < 6; at++)
      await report(service, wording('my identity papers were refused three times', at), `papers-${at}`);
    clock += MINUTE_MS;
    await runAll();
    const open = service.database.kysely.selectFrom('alert').selectAll().where('cluster_id', 'is not', null);
    const [alert] = await open.where('closed_at', 'is', null).execute();
    expect(alert).toBeDefined();
    await service.database.kysely
      .deleteFrom('cluster_member')
      .where('cluster_id', '=', alert?.cluster_id ?? null)
      .execute();
    await refreshFigures(service.context, AbortSignal.timeout(60_000));
    expect(await eventsOf(service, alert?.id ?? '')).toEqual(['alert.opened', 'alert.closed']);
  });

  test('everything is watched beside the clusters, from state that outlives the process', async () => {
    const rows = await service.database.kysely
      .selectFrom('burst_state')
      .select(['key', 'through'])
      .orderBy('key')
      .execute();
    expect(rows.map(({ key }) => key)).toContain('all');
    expect(rows.find(({ key }) => key === 'all')?.through.getTime()).toBe(clock - 5_000);
  });
});
