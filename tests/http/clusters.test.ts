import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { alertSchema } from '../../src/alerts/alert-view.ts';
import { reopenFixed } from '../../src/clusters/work/reopen-fixed.ts';
import { auditOf, eventsOf } from '../_util/agents.ts';
import { type MadeCluster, makeAlert, makeCluster, membersOf } from '../_util/cluster-fixture.ts';
import { rowOf } from '../_util/clusters.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { expectProblem } from '../_util/problem.ts';

const NOW = Date.parse('2026-11-03T02:00:00Z');
const NOWHERE = '01a20162-58db-746b-8ed4-46b9e0bc5972';
type Json = Record<string, unknown>;

describeOnEngines('clusters over HTTP', (engine) => {
  let service: TestService;
  let clock = NOW;
  let withdrawals: MadeCluster;
  let charts: MadeCluster;
  let fees: MadeCluster;

  beforeAll(async () => {
    service = await openTestService({ engine, now: () => new Date(clock) });
    const on = (day: string) => ({ happened_at: `2026-11-${day}T10:00:00+08:00` });
    withdrawals = await makeCluster(service, [
      ['提现 500 USDT 三天了还没到账', 'w-1', { ...on('01'), channel: 'email' }],
      ['提现一直显示处理中，我的钱去哪了', 'w-2', on('01')],
      ['My withdrawal of 2000 USDT has not arrived', 'w-3', on('03')],
      ['提现还是没到', 'w-1', on('03')],
      '提现好几天没有到',
    ]);
    charts = await makeCluster(
      service,
      [
        ['the chart is frozen', 'k-1'],
        ['chart does not load', 'k-2'],
      ],
      {
        title_zh: '图表不动',
        title_en: 'Charts frozen',
      },
    );
    fees = await makeCluster(
      service,
      [
        ['手续费太贵了', 'f-1'],
        ['why is the fee so high', 'f-2'],
      ],
      {
        title_zh: '手续费过高',
        title_en: 'Fees too high',
      },
    );
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const get = async (path: string) => {
    const answer = await service.request(`/v1/clusters${path}`);
    expect([path, answer.status]).toEqual([path, 200]);
    return (await answer.json()) as Json & { items: Json[]; next_cursor: string | null };
  };
  const post = (path: string, body: unknown, headers = {}) => service.post(`/v1/clusters/${path}`, body, headers);
  const done = async (path: string, body: unknown) => {
    const answer = await post(path, body);
    const json = await answer.json();
    expect({ path, status: answer.status, json }).toMatchObject({ status: 200 });
    return json as Json & { cluster: Json; superseded: Json[]; parts: Json[] };
  };
  const idsOf = ({ items }: { items: Json[] }) => items.map(({ id }) => id);

  describe('reading', () => {
    test('a cluster tells what it is made of, and quotes it', async () => {
      const alert = await makeAlert(service, withdrawals.id);
      const cluster = await get(`/${withdrawals.id}`);
      expect(cluster).toMatchObject({
        title: { zh: '提现未到账', en: 'Withdrawals not arriving' },
        named_by: { zh: 'machine', en: 'machine' },
        items: 5,
        customers: 4,
        languages: { zh: 4, en: 1 },
        first_seen_at: '2026-11-01T02:00:00.000Z',
        status: null,
        merged_into: null,
        alerts: [{ id: alert, about: 'cluster', closed_at: null }],
      });
      const { impact, channels, quotes } = z
        .looseObject({
          impact: z.object({ score: z.number(), parts: z.record(z.string(), z.number()) }),
          channels: z.record(z.string(), z.number()),
          quotes: z.array(z.looseObject({ feedback_id: z.string(), text: z.string() })),
        })
        .parse(cluster);
      expect(channels.email).toBe(1);
      expect(Object.values(impact.parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(impact.score, 6);
      expect(quotes.length).toBe(3);
      expect(withdrawals.items).toEqual(expect.arrayContaining(quotes.map(({ feedback_id }) => feedback_id)));
    });

    test('the list is ordered, filtered and paged, and a cursor serves its own order only', async () => {
      for (const order of ['impact', 'trend', 'size', 'last_seen']) {
        const whole = await get(`?order=${order}`);
        expect(idsOf(whole)).toHaveLength(3);
        const seen: unknown[] = [];
        let cursor = '';
        for (let page = 0; page < 3; page++) {
          const found = await get(`?order=${order}&limit=1${cursor && `&cursor=${cursor}`}`);
          seen.push(...idsOf(found));
          cursor = found.next_cursor ?? '';
        }
        expect([seen, cursor]).toEqual([idsOf(whole), '']);
      }
      expect(idsOf(await get('?order=size'))[0]).toBe(withdrawals.id);
      const { next_cursor } = await get('?order=size&limit=1');
      const crossed = await service.request(`/v1/clusters?order=impact&cursor=${next_cursor}`);
      await expectProblem(crossed, { status: 422, code: 'invalid_input', pointers: ['/cursor'] });
    });

    test.each<[string, string, () => string[]]>([
      ['title, whatever its capitals', 'title=CHARTS', () => [charts.id]],
      ['Chinese title', `title=${encodeURIComponent('手续费')}`, () => [fees.id]],
      ['two filters', 'language=zh&title=arriving', () => [withdrawals.id]],
      ['period without anybody', 'seen_before=2026-10-01T00:00:00Z', () => []],
      ['period', 'seen_from=2026-11-01T00:00:00Z&seen_before=2026-11-02T00:00:00Z', () => [withdrawals.id]],
      ['trend', 'trend=dormant', () => []],
      ['status', 'status=fixed', () => []],
      ['no topic of it', 'topic=education', () => []],
    ])('filter by %s', async (_, query, expected) => {
      expect(idsOf(await get(`?${query}`))).toEqual(expected());
    });

    test('its items come newest first, with how they came', async () => {
      const first = await get(`/${withdrawals.id}/items?limit=2`);
      const rest = await get(`/${withdrawals.id}/items?cursor=${first.next_cursor}`);
      const all = [...first.items, ...rest.items] as { item: Json; joined_by: string }[];
      expect(all.map(({ item }) => item.id)).toEqual([...withdrawals.items].reverse());
      expect(new Set(all.map(({ joined_by }) => joined_by))).toEqual(new Set(['recluster']));
    });

    test('its course counts items and customers in the days of a zone, and fills the gaps', async () => {
      const path = `/${withdrawals.id}/timeline?from=2026-10-31T00:00:00%2B08:00&before=2026-11-04T00:00:00%2B08:00`;
      const { steps } = (await get(`${path}&time_zone=Asia/Shanghai`)) as Json;
      expect(steps).toEqual([
        { from: '2026-10-30T16:00:00.000Z', items: 0, customers: 0 },
        { from: '2026-10-31T16:00:00.000Z', items: 2, customers: 2 },
        { from: '2026-11-01T16:00:00.000Z', items: 0, customers: 0 },
        { from: '2026-11-02T16:00:00.000Z', items: 3, customers: 3 },
      ]);
      const hours = (await get(`${path}&by=hour`)).steps as Json[];
      expect(hours.length).toBe(96);
      expect(hours.reduce((sum, { items }) => sum + Number(items), 0)).toBe(5);
      expect(((await get(`${path}&by=week`)).steps as Json[]).length).toBe(2);
      for (const query of ['from=2020-01-01T00:00:00Z', 'from=2030-01-01T00:00:00Z']) {
        const answer = await service.request(`/v1/clusters/${withdrawals.id}/timeline?by=hour&${query}`);
        await expectProblem(answer, { status: 422, code: 'invalid_input', pointers: ['/from'] });
      }
    });

    test('what is not there is 404', async () => {
      for (const path of ['', '/items', '/timeline', '/affected'])
        await expectProblem(await service.request(`/v1/clusters/${NOWHERE}${path}`), {
          status: 404,
          code: 'not_found',
        });
      await expectProblem(await service.request('/v1/alerts/x'), { status: 404, code: 'not_found' });
    });
  });

  test('an alert is found, and whoever acknowledges it first stays', async () => {
    const id = await makeAlert(service, charts.id, { group_id: NOWHERE });
    const list = async (query: string) => idsOf((await (await service.request(`/v1/alerts?${query}`)).json()) as never);
    expect(await list(`group=${NOWHERE}&open=true&acknowledged=false`)).toEqual([id]);
    const acknowledge = async (by: string) =>
      alertSchema.parse(
        await (await service.post(`/v1/alerts/${id}/acknowledge`, { by, note: '13800138000 去查' })).json(),
      );
    const first = await acknowledge('lin');
    expect(first).toMatchObject({ acknowledged_by: 'lin', acknowledged_at: new Date(clock).toISOString() });
    expect(first.note).not.toContain('13800138000');
    clock += 60_000;
    expect(await acknowledge('maria')).toEqual(first);
    expect(await eventsOf(service, id)).toEqual(['alert.acknowledged']);
    expect(await list(`cluster=${charts.id}&acknowledged=false`)).toEqual([]);
    expect(await list('open=false')).toEqual([]);
  });

  test('a title of people stays until they give it back, and applies to what they have seen', async () => {
    const { id } = await makeCluster(service, ['验证码收不到', '短信验证码没有收到', '收不到验证码']);
    const seen = (await service.request(`/v1/clusters/${id}`)).headers.get('etag') ?? '';
    const renamed = await post(`${id}/rename`, { title: { en: ' No codes ' }, by: 'lin' }, { 'If-Match': seen });
    expect([renamed.status, renamed.headers.get('etag')]).toEqual([200, '"2"']);
    expect(await renamed.json()).toMatchObject({
      title: { zh: '提现未到账', en: 'No codes' },
      named_by: { zh: 'machine', en: 'person' },
    });
    await expectProblem(await post(`${id}/rename`, { title: { en: 'x' } }, { 'If-Match': seen }), {
      status: 412,
      code: 'precondition_failed',
      pointers: ['/headers/If-Match'],
    });
    expect((await done(`${id}/rename`, { title: { en: 'No codes' } })).version).toBe(2);
    const back = await done(`${id}/rename`, { title: { en: null } });
    expect(back).toMatchObject({ title: { en: 'Verification codes not arriving' }, named_by: { en: 'machine' } });
    for (const title of [{}, { en: '' }, { en: 'x'.repeat(121) }, { fr: 'x' }])
      expect((await post(`${id}/rename`, { title })).status).toBe(422);
    expect((await auditOf(service, id)).map(({ action }) => action)).toEqual(['cluster.renamed', 'cluster.renamed']);
    expect(await eventsOf(service, id)).toEqual(['cluster.renamed', 'cluster.renamed']);
  });

  test('a merge keeps the target, and the other tells where it went', async () => {
    const target = await makeCluster(service, ['入金没到', '充值没到账'], { title_en: 'Deposits' });
    const source = await makeCluster(service, [['deposit missing', 'd-1']], {
      title_en: 'Named',
      named_by_person: ['en'],
      owner: 'lin',
    });
    const { cluster } = await done(`${source.id}/merge`, { into: target.id, by: 'lin' });
    expect(cluster).toMatchObject({
      id: target.id,
      items: 3,
      title: { en: 'Named' },
      named_by: { zh: 'machine', en: 'person' },
      owner: 'lin',
    });
    expect(await membersOf(service, target.id)).toEqual([...target.items, ...source.items]);
    expect(await get(`/${source.id}`)).toMatchObject({ merged_into: target.id, items: 0 });
    expect(idsOf(await get('?limit=200'))).not.toContain(source.id);
    expect((await get(`/lineage?cluster=${source.id}`)).items).toMatchObject([
      { kind: 'merged_into', cluster: { id: source.id }, other: { id: target.id }, items: 1 },
    ]);
    expect(await eventsOf(service, source.id)).toEqual(['cluster.merged']);
    expect(await eventsOf(service, target.id)).toEqual(['cluster.absorbed']);
    const refused = await expectProblem(await post(`${source.id}/rename`, { title: { en: 'x' } }), {
      status: 409,
      code: 'conflict',
      pointers: ['/id'],
    });
    expect(refused.errors?.[0]?.message).toContain(target.id);
    const invalid = { status: 422, code: 'invalid_input', pointers: ['/into'] };
    await expectProblem(await post(`${target.id}/merge`, { into: target.id }), invalid);
    await expectProblem(await post(`${target.id}/merge`, { into: NOWHERE }), invalid);
    await expectProblem(await post(`${target.id}/merge`, { into: source.id }), {
      status: 409,
      code: 'conflict',
      pointers: ['/into'],
    });
  });

  test('a split is shown before it is made, and what would leave nothing is refused', async () => {
    const texts = [
      '登录不了 app 闪退',
      '登录失败 app 闪退了',
      'app 登录闪退',
      '夜间点差太大',
      '点差夜里好大',
      '晚上点差很大',
    ];
    const made = await makeCluster(service, texts, { title_en: 'Both', named_by_person: ['en'] });
    const shown = await done(`${made.id}/split`, { parts: 2, dry_run: true });
    expect(shown.parts).toMatchObject([{ cluster_id: made.id }, { cluster_id: null }]);
    expect(shown.parts.reduce((sum, { items }) => sum + Number(items), 0)).toBe(6);
    expect((await rowOf(service, made.id)).version).toBe(1);
    const selected = made.items.slice(3);
    const { cluster, parts } = await done(`${made.id}/split`, { items: selected, reason: '另一个问题', by: 'lin' });
    const own = String(parts[1]?.cluster_id);
    expect(cluster).toMatchObject({ id: made.id, items: 3, title: { en: 'Both' } });
    expect(await membersOf(service, own)).toEqual(selected);
    expect(await get(`/${own}`)).toMatchObject({ items: 3, named_by: { zh: 'machine', en: 'machine' } });
    expect((await get(`/lineage?kind=split_from&cluster=${own}`)).items).toMatchObject([{ other: { id: made.id } }]);
    expect(await eventsOf(service, own)).toEqual(['cluster.created']);
    const refused = async (body: object, pointer: string) =>
      await expectProblem(await post(`${own}/split`, body), {
        status: 422,
        code: 'invalid_input',
        pointers: [pointer],
      });
    await refused({ items: selected }, '/items');
    await refused({ items: [NOWHERE] }, '/items/0');
    await refused({ items: [] }, '/items');
    await refused({}, '/items');
    await refused({ parts: 1 }, '/parts');
    const same = await makeCluster(service, ['一模一样', '一模一样', '一模一样']);
    await expectProblem(await post(`${same.id}/split`, { parts: 2 }), {
      status: 422,
      code: 'invalid_input',
      pointers: ['/parts'],
    });
  });

  test('of decisions that contradict each other the newer holds, and the older is named', async () => {
    const [one, two] = [
      await makeCluster(service, ['杠杆下调了', '杠杆被调低']),
      await makeCluster(service, ['杠杆调整太突然', 'leverage was cut']),
    ];
    await done(`${two.id}/merge`, { into: one.id, by: 'maria' });
    const [moved = ''] = two.items;
    const out = await done(`${one.id}/move`, { items: [moved], to: null });
    expect(out.superseded).toMatchObject([{ kind: 'together', by: 'maria', items: 1 }]);
    expect(await membersOf(service, one.id)).not.toContain(moved);
    const held = await service.database.kysely
      .selectFrom('cluster_constraint')
      .selectAll()
      .where('id', '=', String(out.superseded[0]?.id))
      .executeTakeFirstOrThrow();
    expect([...held.items].sort()).toEqual([...one.items, ...two.items].filter((id) => id !== moved).sort());
    const other = await makeCluster(service, [
      ['保证金', 'm-1'],
      ['保证金不足', 'm-2'],
    ]);
    const [second = ''] = one.items;
    expect((await done(`${one.id}/move`, { items: [second], to: other.id })).superseded).toMatchObject([
      { kind: 'together' },
    ]);
    expect((await done(`${other.id}/move`, { items: [second], to: one.id })).superseded).toMatchObject([
      { kind: 'together', items: 1 },
      { kind: 'apart', items: 1 },
    ]);
    expect(await membersOf(service, one.id)).toContain(second);
    await expectProblem(await post(`${one.id}/move`, { items: [second], to: one.id }), {
      status: 422,
      code: 'invalid_input',
      pointers: ['/to'],
    });
  });

  test('from a known issue over its fix to a regression: who is affected, and who was told', async () => {
    const made = await makeCluster(service, [
      ['推送收不到', 'p-1'],
      ['push never arrives', 'p-2'],
      ['推送还是没有', 'p-1'],
      '没有推送',
    ]);
    const known = { status: 'investigating', owner: 'lin', ticket: 'PAY-7', note: '邮箱 a@example.com', by: 'lin' };
    const issue = await done(`${made.id}/status`, known);
    expect(issue).toMatchObject({ status: 'investigating', owner: 'lin', ticket: 'PAY-7' });
    expect(issue.note).not.toContain('a@example.com');
    expect((await get(`/${made.id}/affected`)).items).toMatchObject([{ notice: null }, { notice: null }]);
    await expectProblem(await post(`${made.id}/told`, { customers: [NOWHERE] }), { status: 409, code: 'conflict' });
    for (const body of [{}, { status: 'fixed' }, { fixed_in: '4' }, { status: 'done' }, { ticket: 'javascript:1' }])
      expect([body, (await post(`${made.id}/status`, body)).status]).toEqual([body, 422]);
    await done(`${made.id}/status`, { status: 'fixed', fixed_in: '4.2.2' });
    const affected = (await get(`/${made.id}/affected`)).items;
    expect(affected).toMatchObject([
      { ref: 'p-1', items: 2, last_item: made.items[2], language: 'zh', told_at: null },
      { ref: 'p-2', items: 1, language: 'en' },
    ]);
    expect(affected.map(({ notice }) => notice)).toEqual([
      expect.stringMatching(/提现未到账.*4\.2\.2/u),
      expect.stringMatching(/Withdrawals not arriving.*4\.2\.2/u),
    ]);
    const customers = affected.map(({ customer_id }) => customer_id);
    expect(await done(`${made.id}/told`, { customers: [customers[0]], by: 'lin' })).toMatchObject({ told: 1 });
    expect(await done(`${made.id}/told`, { customers })).toMatchObject({ told: 1, already: 1 });
    expect(idsOf({ items: (await get(`/${made.id}/affected?told=false`)).items })).toEqual([]);
    expect((await get(`/${made.id}/affected?told=true`)).items).toMatchObject([{ told_by: 'lin' }, { told_by: null }]);
    await expectProblem(await post(`${made.id}/told`, { customers: [NOWHERE] }), {
      status: 422,
      code: 'invalid_input',
      pointers: ['/customers/0'],
    });
    clock += 3_600_000;
    await service.database.kysely
      .transaction()
      .execute((tx) =>
        reopenFixed(
          tx,
          made.id,
          { id: made.items[0] ?? '', at: clock },
          { actor: { kind: 'local' }, at: new Date(clock) },
        ),
      );
    expect(await get(`/${made.id}`)).toMatchObject({
      status: 'investigating',
      fixed_in: '4.2.2',
      regressed_at: new Date(clock).toISOString(),
    });
    clock += 3_600_000;
    await done(`${made.id}/status`, { status: 'fixed', fixed_in: '4.2.3' });
    expect((await get(`/${made.id}/affected?told=false`)).items).toHaveLength(2);
    expect((await auditOf(service, made.id)).map(({ action }) => action)).toEqual([
      'cluster.status_changed',
      'cluster.status_changed',
      'cluster.customers_told',
      'cluster.customers_told',
      'cluster.regressed',
      'cluster.status_changed',
    ]);
  });
});
