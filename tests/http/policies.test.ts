import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { CALENDAR, ROUTING_DOCUMENT, SLA_DOCUMENT } from '../../src/http/policy-examples.ts';
import { problemSchema } from '../../src/http/problem.ts';
import { activatePolicy } from '../../src/policies/activate.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { OPEN_TIMEOUT_MS, TEST_TIMEOUT_MS } from '../_util/db.ts';
import { expectProblem } from '../_util/problem.ts';

let service: TestService;
beforeAll(async () => {
  service = await openTestService({ now: () => new Date('2026-12-07T10:00:00Z') });
}, OPEN_TIMEOUT_MS);
afterAll(() => service[Symbol.asyncDispose]());
beforeEach(async () => {
  for (const kind of ['routing', 'sla'] as const)
    await activatePolicy(service.context, kind, 'shipped', { kind: 'local' });
});

const read = async (response: Response, status = 200) => {
  const text = await response.text();
  expect({ status: response.status, text }).toMatchObject({ status });
  return JSON.parse(text);
};
const get = async (path: string) => await read(await service.request(path));
const submit = async (text: string) => await read(await service.post('/v1/feedback', { text }), 201);
/** The fields that are refused, with the reasons. */
const refusedIn = async (response: Response) => {
  const { code, errors = [] } = problemSchema.parse(await read(response, 422));
  expect(code).toBe('invalid_input');
  return errors.map(({ pointer, message }) => `${pointer}: ${message}`);
};
const shipped = (kind: 'sla' | 'routing') => service.context.policy.shipped.versions[kind];
const HOUR_MS = 3_600_000;

describe('deadlines over HTTP', { timeout: TEST_TIMEOUT_MS }, () => {
  test('published ones count for what comes from then on, and only for that', async () => {
    const before = await submit('请问手续费是多少？');
    const body = { document: SLA_DOCUMENT, parent: shipped('sla'), note: 'Asked for by lin@example.com' };
    const version = await read(await service.post('/v1/sla', body), 201);
    expect(version).toMatchObject({ in_force: true, shipped: false, parent: shipped('sla') });
    expect(version.note).not.toContain('lin@');
    expect((await get(`/v1/sla/${version.version}`)).document).toEqual(SLA_DOCUMENT);
    const hacked = await submit('我的账户被盗了，有人正在转走我的币');
    expect(hacked.priority).toBe('P1');
    expect(Date.parse(hacked.first_response_due_at) - Date.parse(hacked.received_at)).toBe(HOUR_MS / 2);
    await service.post(`/v1/feedback/${before.id}/corrections`, { priority: 'P1' });
    const corrected = await get(`/v1/feedback/${before.id}`);
    expect(Date.parse(corrected.first_response_due_at) - Date.parse(corrected.received_at)).toBe(HOUR_MS);
    expect(await get('/v1/sla')).toMatchObject({ pinned: true });
    await service.post('/v1/sla/shipped/activate', undefined);
    expect(await get('/v1/sla')).toMatchObject({ in_force: shipped('sla'), pinned: false });
  });

  test('publishing the shipped content again pins it, and says so', async () => {
    const { document } = await get('/v1/sla/shipped');
    await read(await service.post('/v1/sla', { document, parent: shipped('sla') }));
    expect(await get('/v1/sla')).toMatchObject({ in_force: shipped('sla'), pinned: true });
    await service.post('/v1/sla/shipped/activate', undefined);
    expect(await get('/v1/sla')).toMatchObject({ in_force: shipped('sla'), pinned: false });
  });

  test('all problems are told at once, with their places; nothing is published', async () => {
    const overlapping = {
      ...CALENDAR,
      hours: {
        mon: [
          ['09:00', '12:00'],
          ['11:00', '17:00'],
        ],
      },
    };
    const priorities = { ...SLA_DOCUMENT.priorities, P1: { ...SLA_DOCUMENT.priorities.P1, escalate_to: 'fax' } };
    const wrong = [
      [{ ...SLA_DOCUMENT, calendars: [SLA_DOCUMENT.calendars[0], overlapping] }, /\/document\/calendars\/1/u],
      [{ ...SLA_DOCUMENT, priorities }, /escalate_to: there is no queue fax/u],
      [{ ...SLA_DOCUMENT, colour: 'red' }, /\/document\/colour: is not a known field/u],
    ] as const;
    for (const [document, expected] of wrong) {
      const checked = await read(await service.post('/v1/sla/validate', { document }));
      expect(checked.valid).toBe(false);
      const lines = checked.problems.map(
        (one: { pointer: string; message: string }) => `${one.pointer}: ${one.message}`,
      );
      expect(lines).toContainEqual(expect.stringMatching(expected));
      const refused = await service.post('/v1/sla', { document, parent: shipped('sla') });
      expect(await refusedIn(refused)).toContainEqual(expect.stringMatching(expected));
    }
    expect(await get('/v1/sla')).toMatchObject({ in_force: shipped('sla') });
  });

  test('YAML is taken too, and a document made from another version is refused', async () => {
    const headers = { 'content-type': 'application/yaml' };
    const checked = await service.post('/v1/sla/validate', stringify({ document: SLA_DOCUMENT }), headers);
    expect(await read(checked)).toMatchObject({ valid: true, problems: [] });
    const late = await service.post('/v1/sla', { document: SLA_DOCUMENT, parent: 'other' });
    await expectProblem(late, { status: 409, code: 'conflict' });
  });
});

describe('calendars over HTTP', { timeout: TEST_TIMEOUT_MS }, () => {
  test('are written, looked at and taken away, each time by a version of the deadlines', async () => {
    const { name, ...body } = CALENDAR;
    const written = await read(await service.put(`/v1/calendars/${name}`, body));
    expect(written).toMatchObject({ in_force: true, parent: shipped('sla') });
    expect(await get(`/v1/calendars/${name}`)).toEqual({ ...body, name });
    const { items } = await get('/v1/calendars');
    expect(items.map((calendar: { name: string }) => calendar.name)).toContain(name);
    expect((await service.request(`/v1/calendars/${name}`, { method: 'DELETE' })).status).toBe(200);
    const gone = await service.request(`/v1/calendars/${name}`);
    await expectProblem(gone, { status: 404, code: 'not_found' });
  });

  test.each([
    [
      'overlapping hours',
      {
        hours: {
          mon: [
            ['09:00', '12:00'],
            ['11:00', '17:00'],
          ],
        },
      },
      /09:00|11:00/u,
    ],
    ['an unknown zone', { time_zone: 'Mars/Olympus' }, /zone/u],
    ['no working time', { hours: {} }, /working time|hours/u],
  ])('%s are refused by name, and nothing changes', async (_, change, expected) => {
    const refused = await service.put('/v1/calendars/office', { ...CALENDAR, ...change });
    expect((await refusedIn(refused)).join('\n')).toMatch(expected);
    expect(await get('/v1/sla')).toMatchObject({ in_force: shipped('sla') });
  });

  test('one that deadlines are counted by is kept', async () => {
    const refused = await service.request('/v1/calendars/business', { method: 'DELETE' });
    expect((await refusedIn(refused)).join('\n')).toMatch(/calendar business|no calendar/u);
    expect(await get('/v1/calendars/business')).toMatchObject({ name: 'business' });
  });
});

describe('routing over HTTP', { timeout: TEST_TIMEOUT_MS }, () => {
  test('published queues get what comes from then on', async () => {
    const body = { document: ROUTING_DOCUMENT, parent: shipped('routing') };
    await read(await service.post('/v1/routing', body), 201);
    expect((await submit('提现三天还没到账')).queue).toBe('general');
    expect((await get('/v1/queues')).items.map((queue: { key: string }) => queue.key)).toContain('security');
    await service.post('/v1/routing/shipped/activate', undefined);
    expect((await submit('提现四天还没到账，急')).queue).not.toBe('general');
  });

  test.each([
    ['a queue without a team', { teams: [] }],
    ['a rule for an unknown queue', { rules: [{ queue: 'fax', flags: ['churn'] }] }],
    ['an unknown flag', { rules: [{ queue: 'general', flags: ['rude'] }] }],
  ])('%s is refused with its place', async (_, change) => {
    const document = { ...ROUTING_DOCUMENT, ...change };
    const refused = await service.post('/v1/routing', { document, parent: shipped('routing') });
    expect((await refusedIn(refused))[0]).toMatch(/^\/document\//u);
    expect(await get('/v1/routing')).toMatchObject({ in_force: shipped('routing') });
  });
});
