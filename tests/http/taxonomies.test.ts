import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { labelledAnswerSchema } from '../../src/http/decide.ts';
import { startJobs } from '../../src/jobs/runner.ts';
import { trainTaxonomies } from '../../src/jobs/train-taxonomies.ts';
import { TaxonomiesInForce } from '../../src/taxonomies/in-force.ts';
import { trainTaxonomy } from '../../src/taxonomies/train.ts';
import { taxonomyDetailSchema, taxonomySummarySchema } from '../../src/taxonomies/view.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { createHeldEncoder, type HeldEncoder } from '../_util/held-encoder.ts';
import { expectProblem } from '../_util/problem.ts';
import { label, SHOP } from '../_util/taxonomy.ts';

const never = new AbortController().signal;

describeOnEngines('taxonomies', (engine) => {
  let service: TestService;
  let held: HeldEncoder;
  beforeAll(async () => {
    held = createHeldEncoder();
    service = await openTestService({ engine, encoder: held.encoder });
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const put = (name: string, body: unknown) => service.put(`/v1/taxonomies/${name}`, body);
  const define = async (name: string, labels: unknown = SHOP) => {
    const response = await put(name, { labels });
    expect([200, 202]).toContain(response.status);
    return taxonomySummarySchema.parse(await response.json());
  };
  const look = async (name: string) =>
    taxonomyDetailSchema.parse(await (await service.request(`/v1/taxonomies/${name}`)).json());
  const classify = async (body: object) => {
    const response = await service.post('/classify', body);
    expect(response.status).toBe(200);
    return labelledAnswerSchema.parse(await response.json());
  };
  const train = () => trainTaxonomies(service.context, {}, never);

  test('are defined, trained, answer, are listed, shown and deleted', async () => {
    const response = await put('shop', { labels: SHOP });
    expect(response.status).toBe(202);
    const { version, ...defined } = taxonomySummarySchema.parse(await response.json());
    expect(defined).toMatchObject({ status: 'training', answering: null, report: { labels: 3, examples: 18 } });
    await expectProblem(await service.post('/classify', { text: 'parcel', taxonomy: 'shop' }), {
      status: 409,
      code: 'conflict',
    });
    expect(service.enqueued).toEqual(['taxonomy.train']);
    await train();
    for (const [text, key] of [
      ['my parcel did not arrive', 'delivery'],
      ['请给我退货退款', 'returns'],
      ['the coupon does not work', 'coupons'],
    ] as const) {
      const answer = await classify({ text, taxonomy: 'shop' });
      expect(answer).toMatchObject({ taxonomy: 'shop', version, fits: true, label: { key } });
      expect(answer.label?.alternatives.map((other) => other.key)).not.toContain(key);
      expect(answer.nearest[0]).toMatchObject({ label: key, text: expect.any(String) });
    }
    expect(await look('shop')).toMatchObject({
      status: 'ready',
      answering: version,
      report: { training: { examples: 18, held_out_accuracy: expect.any(Number) } },
    });
    const { items } = (await (await service.request('/v1/taxonomies')).json()) as { items: { name: string }[] };
    expect(items.map(({ name }) => name)).toEqual(['default', 'shop']);
    expect((await service.request('/v1/taxonomies/shop', { method: 'DELETE' })).status).toBe(200);
    const gone = { status: 404, code: 'not_found' };
    await expectProblem(await service.request('/v1/taxonomies/shop', { method: 'DELETE' }), gone);
    await expectProblem(await service.request('/v1/taxonomies/shop'), gone);
    await expectProblem(await service.post('/classify', { text: 'parcel', taxonomy: 'shop' }), {
      status: 422,
      code: 'invalid_input',
      pointers: ['/taxonomy'],
    });
  });

  test('a message like none of the labels gets none, and a person is asked', async () => {
    await define('shop');
    await train();
    const answer = await classify({ text: 'zxqv wvut jjkk 9', taxonomy: 'shop' });
    expect(answer).toMatchObject({ label: null, fits: false, needs_review: { yes: true } });
    expect(answer.needs_review.why.map(({ code }) => code)).toContain('none_fits');
    const empty = await classify({ text: '!!! ???', taxonomy: 'shop' });
    expect(empty).toMatchObject({ label: null, needs_review: { yes: true, why: [{ code: 'no_words' }] } });
  });

  test('the same definition again changes nothing', async () => {
    const { version } = await define('shop');
    await train();
    const before = await look('shop');
    expect(await define('shop')).toMatchObject({ status: 'ready', version });
    expect((await put('shop', { labels: SHOP })).status).toBe(200);
    expect(await look('shop')).toEqual(before);
  });

  test('personal data in examples is masked before anything is kept', async () => {
    await define('private', [
      ...SHOP,
      label('contact', '联系', ['my number is 13800138000', 'mail me: a.b@example.com']),
    ]);
    const rows = await service.database.kysely
      .selectFrom('taxonomy')
      .selectAll()
      .where('name', '=', 'private')
      .execute();
    expect(JSON.stringify(rows)).not.toMatch(/13800138000|a\.b@example/);
    expect((await look('private')).labels.at(-1)?.examples).toEqual(['my number is [PHONE]', 'mail me: [EMAIL]']);
    await service.request('/v1/taxonomies/private', { method: 'DELETE' });
  });

  test('warns of starved labels, of a text under two labels and of names that are the same', async () => {
    const twin = { ...label('parcels', '配送', ['my parcel is late']), name: { zh: '配送', en: 'Parcels' } };
    const { report } = await define('odd', [...SHOP, twin]);
    expect(report.warnings).toMatchObject([
      { code: 'starved', labels: ['parcels'] },
      { code: 'same_text', labels: ['delivery', 'parcels'], count: 1 },
      { code: 'same_name', labels: ['delivery', 'parcels'] },
    ]);
    for (const { note } of report.warnings) expect(note).toEqual({ zh: expect.any(String), en: expect.any(String) });
    await service.request('/v1/taxonomies/odd', { method: 'DELETE' });
  });

  test('the training reports labels whose examples are nearly the same', async () => {
    const again = SHOP[0]?.examples.map((text) => text.toUpperCase()) ?? [];
    await define('twins', [...SHOP, label('shipping', '物流', again)]);
    await train();
    const { training } = (await look('twins')).report;
    expect(training?.near_duplicates[0]).toMatchObject({ labels: ['delivery', 'shipping'], by: 'examples' });
    await service.request('/v1/taxonomies/twins', { method: 'DELETE' });
  });

  test('a label without examples is learned from its names', async () => {
    await define('named', [...SHOP, { key: 'invoices', name: { zh: '发票', en: 'Invoices' } }]);
    await train();
    expect((await classify({ text: 'invoices', taxonomy: 'named' })).label?.key).toBe('invoices');
    await service.request('/v1/taxonomies/named', { method: 'DELETE' });
  });

  test('a retired label is never answered, also not by the classifier of the version before', async () => {
    const ask = () => classify({ text: 'the coupon does not work', taxonomy: 'retiring' });
    await define('retiring');
    await train();
    expect((await ask()).label?.key).toBe('coupons');
    const retired = SHOP.map((one) => (one.key === 'coupons' ? { ...one, retired: true } : one));
    const { version } = await define('retiring', retired);
    for (const trained of [false, true]) {
      if (trained) await train();
      const answer = await ask();
      expect(answer.version === version).toBe(trained);
      const keys = [answer.label?.key, ...(answer.label?.alternatives ?? []).map(({ key }) => key)];
      expect(keys).not.toContain('coupons');
      expect(answer.nearest.map((near) => near.label)).not.toContain('coupons');
    }
    expect((await look('retiring')).labels.find(({ key }) => key === 'coupons')?.retired).toBe(true);
    await service.request('/v1/taxonomies/retiring', { method: 'DELETE' });
  });

  test('an earlier version answers while a later one is trained, and after a training that was stopped', async () => {
    const first = await define('moving');
    await train();
    const second = await define('moving', [...SHOP, label('staff', '员工', ['staff was rude', '客服态度差'])]);
    expect(second).toMatchObject({ status: 'training', answering: first.version });
    const stop = new AbortController();
    held.hold();
    const running = trainTaxonomy(service.context, 'moving', { signal: stop.signal });
    await held.untilWaiting(1);
    stop.abort(new Error('stopped'));
    held.release();
    await expect(running).rejects.toThrow('stopped');
    expect(await look('moving')).toMatchObject({ status: 'training', answering: first.version });
    expect((await classify({ text: 'my parcel is late', taxonomy: 'moving' })).version).toBe(first.version);
    await train();
    expect((await classify({ text: 'my parcel is late', taxonomy: 'moving' })).version).toBe(second.version);
    await service.request('/v1/taxonomies/moving', { method: 'DELETE' });
  });

  test('two definitions at once end in one of them, and the later one is what is trained', async () => {
    const other = [...SHOP, label('staff', '员工', ['staff was rude', '客服态度差'])];
    const both = await Promise.all([define('raced'), define('raced', other)]);
    const { version } = await look('raced');
    expect(both.map((one) => one.version)).toContain(version);
    held.hold();
    const running = trainTaxonomy(service.context, 'raced');
    await held.untilWaiting(1);
    const last = await define('raced', [...SHOP, label('tax', '税', ['taxes', '税费'])]);
    held.release();
    expect(await running).toBe('superseded');
    expect(await look('raced')).toMatchObject({ status: 'training', answering: null });
    await train();
    expect(await look('raced')).toMatchObject({ status: 'ready', answering: last.version });
    await service.request('/v1/taxonomies/raced', { method: 'DELETE' });
  });

  test('a training that fails says so, leaves the earlier version, and is tried again by the next definition', async () => {
    const first = await define('failing');
    await train();
    const more = [...SHOP, label('staff', '员工', ['staff was rude', '客服态度差'])];
    await define('failing', more);
    held.failWith(new Error('boom'));
    await train();
    held.release();
    const failed = await look('failing');
    expect(failed).toMatchObject({ status: 'failed', answering: first.version });
    expect(failed.report.failure).not.toContain('boom');
    expect(service.logged.join()).toContain('boom');
    expect((await classify({ text: 'my parcel is late', taxonomy: 'failing' })).version).toBe(first.version);
    expect(await define('failing', more)).toMatchObject({ status: 'training' });
    await train();
    expect(await look('failing')).toMatchObject({ status: 'ready', report: { failure: null } });
    await service.request('/v1/taxonomies/failing', { method: 'DELETE' });
  });

  test('another process, and one that starts again, answer by the newest version', async () => {
    await define('shared');
    await train();
    const other = new TaxonomiesInForce(service.context);
    const before = await other.get('shared');
    const { version } = await define('shared', [...SHOP, label('staff', '员工', ['staff was rude', '客服态度差'])]);
    expect((await other.get('shared')).version).toBe(before.version);
    await train();
    expect((await other.get('shared')).version).toBe(version);
    expect((await new TaxonomiesInForce(service.context).get('shared')).version).toBe(version);
  });

  test('a classifier of another encoder does not answer, and the next start trains it again', async () => {
    const { kysely } = service.database;
    await kysely.updateTable('taxonomy').set({ model_hash: 'other' }).where('name', '=', 'shared').execute();
    await expectProblem(await service.post('/classify', { text: 'parcel', taxonomy: 'shared' }), {
      status: 409,
      code: 'conflict',
    });
    await using _jobs = await startJobs(service.context);
    while ((await look('shared')).status !== 'ready') await sleep(50);
    expect((await classify({ text: 'my parcel is late', taxonomy: 'shared' })).taxonomy).toBe('shared');
    await service.request('/v1/taxonomies/shared', { method: 'DELETE' });
  });

  test('a definition is trained by the queue; a training that a stop cuts off is run again', async () => {
    held.hold();
    {
      await using jobs = await startJobs(service.context);
      await define('queued');
      await jobs.enqueue('taxonomy.train', { name: 'queued' }, 'queued');
      await held.untilWaiting(1);
      const stopped = jobs[Symbol.asyncDispose]();
      held.release();
      await stopped;
    }
    expect(await look('queued')).toMatchObject({ status: 'training', answering: null });
    await using _jobs = await startJobs(service.context);
    while ((await look('queued')).status !== 'ready') await sleep(50);
    expect((await classify({ text: 'my parcel is late', taxonomy: 'queued' })).label?.key).toBe('delivery');
    await service.request('/v1/taxonomies/queued', { method: 'DELETE' });
  });

  test('items of a batch name different taxonomies, each with its own error', async () => {
    await define('shop');
    await train();
    const response = await service.post('/classify', {
      items: [{ text: '我的包裹没到', taxonomy: 'shop' }, { text: '充值没到账' }, { text: 'x', taxonomy: 'none' }],
    });
    const { items } = z.object({ items: z.array(z.looseObject({ status: z.int() })) }).parse(await response.json());
    expect(items).toMatchObject([
      { status: 200, decision: { taxonomy: 'shop', label: { key: 'delivery' } } },
      { status: 200, decision: { type: { key: expect.any(String) } } },
      {
        status: 422,
        problem: { errors: [{ pointer: '/items/2/taxonomy', message: expect.stringContaining('shop') }] },
      },
    ]);
  });

  test('the shipped one is shown and cannot be replaced or deleted; feedback is decided by it alone', async () => {
    const shown = (await (await service.request('/v1/taxonomies/default')).json()) as Record<
      'types' | 'topics',
      object[]
    >;
    expect([shown.types.length, shown.topics.length]).toEqual([6, 15]);
    const refused = { status: 409, code: 'conflict' };
    await expectProblem(await put('default', { labels: SHOP }), refused);
    await expectProblem(await service.request('/v1/taxonomies/default', { method: 'DELETE' }), refused);
    await expectProblem(await service.post('/v1/feedback', { text: 'a', taxonomy: 'shop' }), {
      status: 422,
      code: 'invalid_input',
      pointers: ['/taxonomy'],
    });
    expect((await service.post('/classify', { text: 'a', taxonomy: 'default' })).status).toBe(200);
  });

  test('who defined and who deleted is in the audit, and told to whoever listens', async () => {
    const rows = await service.database.kysely
      .selectFrom('audit')
      .select(['action', 'actor'])
      .where('subject_kind', '=', 'taxonomy')
      .where('subject_id', '=', 'raced')
      .orderBy('seq')
      .execute();
    expect(rows.map(({ action }) => action)).toEqual([...Array(3).fill('taxonomy.defined'), 'taxonomy.deleted']);
    expect(rows[0]?.actor).toEqual({ kind: 'local' });
    const events = await service.database.kysely
      .selectFrom('outbox')
      .select('event')
      .where('subject_id', '=', 'raced')
      .execute();
    expect(events).toHaveLength(4);
  });
});
