import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refreshFigures } from '../../src/clusters/trend/refresh-figures.ts';
import { clusterOf, report, rowOf, wording } from '../_util/clusters.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';

const START = Date.parse('2026-11-03T02:00:00Z');
const MINUTE_MS = 60_000;
const CHART = 'the candle chart does not load';
const CODE = '收不到短信验证码';
const PAPERS = 'my identity papers were refused';

describeOnEngines('figures of clusters', (engine) => {
  let service: TestService;
  let clock = START;
  beforeAll(async () => {
    service = await openTestService({ engine, now: () => new Date(clock) });
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const refresh = async () => {
    clock += MINUTE_MS;
    return await refreshFigures(service.context, AbortSignal.timeout(60_000));
  };
  /** A cluster of so many reports, with its figures derived. */
  const begin = async (matter: string, people: number) => {
    const ids: string[] = [];
    for (let at = 0; at < people; at++) ids.push((await report(service, wording(matter, at), `${matter}-${at}`)).id);
    await refresh();
    const cluster = await clusterOf(service, ids[0] ?? '');
    if (cluster === undefined) throw new Error('no cluster began');
    return { cluster, ids };
  };
  const set = (id: string, values: object) =>
    service.database.kysely.updateTable('cluster').set(values).where('id', '=', id).execute();
  const show = async (id: string) => (await (await service.request(`/v1/clusters/${id}`)).json()) as object;

  test('are derived when somebody came or left, also long ago and one for the other, and not else', async () => {
    const { cluster, ids } = await begin(CHART, 4);
    expect(await refresh()).toBe(0);
    const other = await report(service, '你好，请问节假日几点上班', 'stranger');
    // As many as before, and by a clock that is behind: neither the count nor the time tells it.
    await service.database.kysely.transaction().execute(async (tx) => {
      await tx
        .deleteFrom('cluster_member')
        .where('feedback_id', '=', ids[3] ?? '')
        .execute();
      const row = { feedback_id: other.id, cluster_id: cluster, joined_at: new Date(START), joined_by: 'arrival' };
      await tx.insertInto('cluster_member').values(row).execute();
    });
    expect(await refresh()).toBe(1);
    expect(await show(cluster)).toMatchObject({ items: 4, languages: { en: 3, zh: 1 } });
    expect(await refresh()).toBe(0);
    await service.database.kysely.deleteFrom('feedback').where('id', '=', other.id).execute();
    expect(await refresh()).toBe(1);
    expect(await show(cluster)).toMatchObject({ items: 3, languages: { en: 3 } });
    clock += 6 * 60 * MINUTE_MS;
    expect(await refresh()).toBe(1);
  });

  test('of both clusters are derived when an item goes from one to the other', async () => {
    const [from, to] = [await begin(CODE, 4), await begin(PAPERS, 4)];
    const move = service.database.kysely.updateTable('cluster_member').set({ cluster_id: to.cluster });
    await move.where('feedback_id', '=', from.ids[0] ?? '').execute();
    expect(await refresh()).toBe(2);
    expect(await show(from.cluster)).toMatchObject({ items: 3 });
    expect(await show(to.cluster)).toMatchObject({ items: 5, languages: { en: 4, zh: 1 } });
  });

  test('of many items are derived every five minutes, and the change is not forgotten meanwhile', async () => {
    const { cluster, ids } = await begin('leverage was lowered without notice', 4);
    await set(cluster, { items: 500 });
    await service.database.kysely
      .deleteFrom('cluster_member')
      .where('feedback_id', '=', ids[0] ?? '')
      .execute();
    expect(await refresh()).toBe(0);
    clock += 5 * MINUTE_MS;
    expect(await refresh()).toBe(1);
    expect(await rowOf(service, cluster)).toMatchObject({ items: 3 });
  });

  test('a cluster without anybody ends, and nothing is kept for it', async () => {
    const { cluster } = await begin('the referral page is blank', 3);
    await service.database.kysely.deleteFrom('cluster_member').where('cluster_id', '=', cluster).execute();
    await refresh();
    expect((await rowOf(service, cluster)).retired_at).not.toBeNull();
    await sql`insert into cluster_change (cluster_id) values (${cluster})`.execute(service.database.kysely);
    expect(await refresh()).toBe(0);
    const noted = await service.database.kysely.selectFrom('cluster_change').selectAll().execute();
    expect(noted).toEqual([]);
  });

  test.runIf(engine === 'postgres')('wait for who is joining or changing the cluster at this moment', async () => {
    const { cluster, ids } = await begin('桌面小组件一直是空白的', 4);
    const { items } = await rowOf(service, cluster);
    const db = service.database.kysely;
    await db.transaction().execute(async (tx) => {
      await tx
        .deleteFrom('cluster_member')
        .where('feedback_id', '=', ids[0] ?? '')
        .execute();
      expect(await refresh()).toBe(0);
    });
    await db.transaction().execute(async (tx) => {
      await tx.selectFrom('cluster').select('id').where('id', '=', cluster).forUpdate().execute();
      await refresh();
      expect(await rowOf(service, cluster)).toMatchObject({ items });
    });
    await refresh();
    expect(await rowOf(service, cluster)).toMatchObject({ items: items - 1 });
  });

  test('a title of the first reports is made anew when there are twice as many, those of people never', async () => {
    const matter = '提现按钮是灰色的点不动';
    const { cluster, ids } = await begin(matter, 3);
    const { version } = await rowOf(service, cluster);
    await set(cluster, { title_zh: '旧标题', title_en: 'Old title', named_items: 3 });
    const more = async (people: number) => {
      for (let times = 0; times < people; times++) {
        const { id } = await report(service, wording(matter, ids.length), `more-${ids.length}`);
        expect(await clusterOf(service, id)).toBe(cluster);
        ids.push(id);
      }
      await refresh();
    };
    await more(2);
    expect(await rowOf(service, cluster)).toMatchObject({ title_zh: '旧标题', title_en: 'Old title' });
    await more(1);
    const named = await rowOf(service, cluster);
    expect(named).toMatchObject({ items: 6, named_items: 6, version, named_by_person: [] });
    expect(named.title_zh).toMatch(/提现|按钮|灰色/u);
    expect(named.title_en).not.toBe('Old title');
    expect(named.quotes.every((id) => ids.includes(id))).toBe(true);
    await set(cluster, { title_zh: '人定的', title_en: 'Old title', named_by_person: ['zh'], named_items: 3 });
    await more(1);
    expect(await rowOf(service, cluster)).toMatchObject({
      title_zh: '人定的',
      title_en: named.title_en,
      named_items: 7,
    });
    await set(cluster, { title_en: 'By hand', named_by_person: ['zh', 'en'], named_items: 3 });
    await more(1);
    expect(await rowOf(service, cluster)).toMatchObject({ title_zh: '人定的', title_en: 'By hand', named_items: 3 });
  });
});
