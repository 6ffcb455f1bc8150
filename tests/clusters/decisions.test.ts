import { afterAll, beforeAll, expect, test } from 'vitest';
import { recluster } from '../../src/jobs/recluster.ts';
import { auditOf } from '../_util/agents.ts';
import { membersOf } from '../_util/cluster-fixture.ts';
import { clusterOf, report, wording } from '../_util/clusters.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { expectProblem } from '../_util/problem.ts';

const CHART = 'the candle chart does not load';
const CODE = '收不到短信验证码';
const BONUS = 'bonus was not credited to my account';
const PEOPLE = 8;
const ROUNDS = 3;

describeOnEngines('what people decide about clusters holds', (engine) => {
  let service: TestService;
  let clock = Date.parse('2026-11-03T02:00:00Z');
  const items: Record<string, string[]> = {};
  const cluster: Record<string, string> = {};
  beforeAll(async () => {
    service = await openTestService({ engine, now: () => new Date(clock) });
    for (let at = 0; at < PEOPLE; at++)
      for (const matter of [CHART, CODE, BONUS]) {
        const { id } = await report(service, wording(matter, at), `${matter.slice(0, 3)}-${at}`);
        items[matter] = [...(items[matter] ?? []), id];
      }
    await report(service, '节假日客服几点上班', 'stranger');
    await run();
    for (const matter of [CHART, CODE, BONUS]) cluster[matter] = (await clusterOf(service, of(matter)[0] ?? '')) ?? '';
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const of = (matter: string) => items[matter] ?? [];
  const run = () => recluster(service.context, { only_when_due: false }, AbortSignal.timeout(60_000));
  const post = async (id: string | undefined, what: string, body: object) => {
    const answer = await service.post(`/v1/clusters/${id}/${what}`, body);
    const json = await answer.json();
    expect({ status: answer.status, json }).toMatchObject({ status: 200 });
    return json as { superseded: { kind: string }[]; parts: { cluster_id: string }[] };
  };

  test('a title, a merge, a split and a move survive three reclusterings', async () => {
    await post(cluster[BONUS], 'rename', { title: { zh: '赠金问题' } });
    await post(cluster[CHART], 'merge', { into: cluster[BONUS] });
    const half = of(CODE).slice(PEOPLE / 2);
    const { parts } = await post(cluster[CODE], 'split', { items: half });
    const own = parts[1]?.cluster_id ?? '';
    const [moved = '', out = ''] = of(CHART);
    await post(cluster[BONUS], 'move', { items: [moved], to: own });
    await post(cluster[BONUS], 'move', { items: [out], to: null });
    const together = [...of(CHART).slice(2), ...of(BONUS)].sort();
    for (let round = 0; round < ROUNDS; round++) {
      // More of each comes between the runs.
      await report(service, wording(`${BONUS} still`, round), `more-${round}`);
      await report(service, wording(`${CODE} 还没有`, round), `code-more-${round}`);
      await run();
      const merged = await membersOf(service, cluster[BONUS] ?? '');
      expect(merged).toEqual(expect.arrayContaining(together));
      const apart = await membersOf(service, own);
      expect(apart).toEqual(expect.arrayContaining([moved, ...half]));
      for (const one of [moved, out]) expect(merged).not.toContain(one);
      for (const one of of(CODE).slice(0, PEOPLE / 2)) expect(apart).not.toContain(one);
      expect(await membersOf(service, cluster[CODE] ?? '')).toEqual(
        expect.arrayContaining(of(CODE).slice(0, PEOPLE / 2)),
      );
      expect(await clusterOf(service, out)).not.toBe(cluster[BONUS]);
    }
    const named = await (await service.request(`/v1/clusters/${cluster[BONUS]}`)).json();
    expect(named).toMatchObject({ title: { zh: '赠金问题' }, named_by: { zh: 'person', en: 'machine' } });
    const back = await post(own, 'merge', { into: cluster[CODE] });
    expect(back.superseded.map(({ kind }) => kind)).toContain('apart');
    await run();
    expect(await membersOf(service, cluster[CODE] ?? '')).toEqual(expect.arrayContaining([moved, ...of(CODE)]));
  });

  test('what happened before the fix is no regression, what happened after it is', async () => {
    await post(cluster[CODE], 'status', { status: 'fixed', fixed_in: '4.2.2' });
    const look = async () => await (await service.request(`/v1/clusters/${cluster[CODE]}`)).json();
    const before = new Date(clock - 60_000).toISOString();
    clock += 3_600_000;
    const late = await report(service, wording(`${CODE} 一直`, 1), 'late', { happened_at: before });
    expect(await clusterOf(service, late.id)).toBe(cluster[CODE]);
    expect(await look()).toMatchObject({ status: 'fixed', regressed_at: null });
    await report(service, wording(`${CODE} 还是`, 2), 'later');
    expect(await look()).toMatchObject({ status: 'investigating', fixed_in: '4.2.2' });
    expect((await auditOf(service, cluster[CODE] ?? '')).at(-1)).toMatchObject({ action: 'cluster.regressed' });
  });

  test('a later report is a regression also when a person or a reclustering puts it there', async () => {
    const id = cluster[CODE] ?? '';
    const look = async () => await (await service.request(`/v1/clusters/${id}`)).json();
    const last = async () => (await auditOf(service, id)).map(({ action }) => action).at(-1);
    await post(id, 'status', { status: 'fixed', fixed_in: '4.2.3' });
    clock += 3_600_000;
    // It comes as part of another matter first.
    const { id: strange } = await report(service, wording(BONUS, 9), 'strange');
    expect(await clusterOf(service, strange)).toBe(cluster[BONUS]);
    const [older = ''] = of(BONUS);
    await post(cluster[BONUS], 'move', { items: [older], to: id });
    expect(await look()).toMatchObject({ status: 'fixed', regressed_at: null });
    await post(cluster[BONUS], 'move', { items: [strange], to: id });
    expect(await look()).toMatchObject({ status: 'investigating', regressed_at: new Date(clock).toISOString() });
    expect(await last()).toBe('cluster.regressed');
    await post(id, 'status', { status: 'fixed', fixed_in: '4.2.4' });
    clock += 3_600_000;
    const { id: single } = await report(service, wording(`${CODE} 依然`, 3), 'single');
    await service.database.kysely.deleteFrom('cluster_member').where('feedback_id', '=', single).execute();
    await service.database.kysely
      .updateTable('cluster')
      .set({ issue_status: 'fixed', fixed_in: '4.2.4', regressed_at: null })
      .where('id', '=', id)
      .execute();
    await run();
    expect(await clusterOf(service, single)).toBe(id);
    expect(await look()).toMatchObject({ status: 'investigating', fixed_in: '4.2.4' });
  });

  test('a reclustering is asked for and looked at; where none runs there is nothing to stop', async () => {
    const path = '/v1/clusters/recluster';
    const asked = await service.post(path, {});
    expect([asked.status, asked.headers.get('location')]).toEqual([202, path]);
    expect(await asked.json()).toMatchObject({
      queued: 'clusters.recluster',
      reclustering: { status: 'waiting', asked_by: { kind: 'local' } },
    });
    expect(service.enqueued).toContain('clusters.recluster');
    expect(await (await service.request(path)).json()).toMatchObject({ status: 'idle' });
    await expectProblem(await service.request(path, { method: 'DELETE' }), { status: 404, code: 'not_found' });
    expect((await auditOf(service, 'all')).map(({ action }) => action)).toContain('clusters.reclustering_asked');
  });
});
