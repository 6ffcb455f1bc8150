import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recluster } from '../../src/jobs/recluster.ts';
import { holdRun } from '../../src/learning/training-run.ts';
import { eventsOf } from '../_util/agents.ts';
import { clusterOf, report, rowOf, wording } from '../_util/clusters.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS, quiet } from '../_util/db.ts';

const NOW = new Date('2026-11-03T02:00:00Z');
const MATTERS = ['the candle chart does not load', '收不到短信验证码', 'bonus was not credited to my account'];
const PEOPLE = 8;

describeOnEngines('clusters found anew', (engine) => {
  let service: TestService;
  const ids: Record<string, string[]> = {};
  beforeAll(async () => {
    service = await openTestService({ engine, now: () => NOW });
    for (let at = 0; at < PEOPLE; at++)
      for (const [place, matter] of MATTERS.entries()) {
        const { id } = await report(service, wording(matter, at), `c-${place}-${at}`, { channel: 'chat' });
        ids[matter] = [...(ids[matter] ?? []), id];
      }
    await report(service, '节假日客服几点上班', 'stranger');
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const run = () => recluster(service.context, { only_when_due: false }, AbortSignal.timeout(60_000));
  const clustersOf = async (matter: string) => [
    ...new Set(await Promise.all((ids[matter] ?? []).map((id) => clusterOf(service, id)))),
  ];
  const constrain = async (kind: 'together' | 'apart', items: string[], apart_from: string[] = []) =>
    await service.database.kysely
      .insertInto('cluster_constraint')
      .values({
        id: uuidv7(),
        at: NOW,
        actor: JSON.stringify({ kind: 'local' }),
        person: null,
        kind,
        items,
        apart_from,
      })
      .execute();

  test('ids, and names that people gave, stay; figures and quotes are kept with them', async () => {
    await run();
    const before = await Promise.all(MATTERS.map(clustersOf));
    const [first] = before[0] ?? [];
    await service.database.kysely
      .updateTable('cluster')
      .set({ title_en: 'Charts do not load', named_by_person: ['en'], owner: 'Li' })
      .where('id', '=', first ?? '')
      .execute();
    await run();
    const now = await Promise.all(MATTERS.map(clustersOf));
    expect(now).toEqual(before);
    expect(now.map((each) => each.length)).toEqual([1, 1, 1]);
    expect(new Set(now.flat()).size).toBe(3);
    const row = await rowOf(service, first);
    expect(row).toMatchObject({
      title_en: 'Charts do not load',
      owner: 'Li',
      items: PEOPLE,
      customers: PEOPLE,
      trend: 'new',
    });
    expect(row.impact).toBeGreaterThan(0);
    expect(row.figures).toMatchObject({ channels: { chat: PEOPLE }, languages: { en: PEOPLE } });
    expect(row.quotes.length).toBe(3);
    expect(row.quotes.every((id) => ids[MATTERS[0] ?? '']?.includes(id))).toBe(true);
  });

  test('what people put together or apart stays so through three runs', async () => {
    const [one = '', other = '', third = ''] = MATTERS;
    await constrain('together', [...(ids[one] ?? []), ...(ids[third] ?? [])]);
    const half = (ids[other] ?? []).slice(0, PEOPLE / 2);
    const rest = (ids[other] ?? []).slice(PEOPLE / 2);
    await constrain('apart', half, rest);
    for (let round = 0; round < 3; round++) {
      await run();
      expect(await clustersOf(one)).toEqual(await clustersOf(third));
      expect((await clustersOf(one)).length).toBe(1);
      const sides = await Promise.all(
        [half, rest].map((side) => Promise.all(side.map((id) => clusterOf(service, id)))),
      );
      expect(sides[0]?.some((cluster) => cluster !== undefined && sides[1]?.includes(cluster))).toBe(false);
    }
    const lineage = await service.database.kysely.selectFrom('cluster_lineage').selectAll().execute();
    expect(lineage.map(({ kind }) => kind)).toContain('merged_into');
    const merged = lineage.find(({ kind }) => kind === 'merged_into');
    expect(await rowOf(service, merged?.cluster_id)).toMatchObject({ retired_at: NOW, items: 0 });
    expect(await eventsOf(service, merged?.cluster_id ?? '')).toContain('cluster.retired');
  });

  test('items that come while it runs have their cluster; erased ones vanish, and an empty cluster with them', async () => {
    const [one = '', other = ''] = MATTERS;
    const [cluster] = await clustersOf(one);
    const running = run();
    const late = await report(service, wording(`${one} here`, 3), 'late');
    const db = service.database.kysely;
    await db
      .deleteFrom('feedback')
      .where('id', 'in', ids[other] ?? [])
      .execute();
    await running;
    expect(await clusterOf(service, late.id)).toBe(cluster);
    const left = await db
      .selectFrom('cluster')
      .leftJoin('cluster_member', 'cluster_id', 'cluster.id')
      .select('cluster.id')
      .where('retired_at', 'is', null)
      .where('feedback_id', 'is', null)
      .execute();
    expect(left).toEqual([]);
    expect((await rowOf(service, cluster)).items).toBe(2 * PEOPLE + 1);
  });

  test('one at a time in all replicas; one that is stopped changes nothing', async () => {
    const count = async () =>
      (
        await service.database.kysely
          .selectFrom('outbox')
          .select('seq')
          .where('event', '=', 'clusters.reclustered')
          .execute()
      ).length;
    const before = await count();
    const hold = {
      subject: 'clusters',
      askedBy: { kind: 'local' },
      logger: quiet,
      signal: AbortSignal.timeout(60_000),
    } as const;
    await holdRun(service.database.kysely, hold, run);
    expect(await count()).toBe(before);
    const stop = new AbortController();
    const stopped = recluster(service.context, { only_when_due: false }, stop.signal);
    setTimeout(() => stop.abort(new Error('enough')), 30);
    await expect(stopped).rejects.toThrow('enough');
    expect(await count()).toBe(before);
    // Nothing has come that would make one due.
    await recluster(service.context, { only_when_due: true }, AbortSignal.timeout(60_000));
    expect(await count()).toBe(before);
  });
});
