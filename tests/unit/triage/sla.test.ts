import { beforeAll, describe, expect, it } from 'vitest';
import type { Priority } from '../../../src/triage/rules.ts';
import { deriveDeadlines, openSla, type Sla, type SlaItem } from '../../../src/triage/sla.ts';
import { type SlaPolicy, slaSchema } from '../../../src/triage/sla-policy.ts';
import { makePolicy, makeSla } from '../../_util/sla.ts';
import { loadCore } from '../../_util/triage.ts';

let shipped: SlaPolicy;
beforeAll(async () => {
  shipped = (await loadCore()).policy.sla;
});

const itemOf = (priority: Priority, at: string, rest: Partial<SlaItem> = {}): SlaItem => ({
  priority,
  receivedAt: new Date(at),
  pauses: [],
  facts: {},
  ...rest,
});
const due = (policy: SlaPolicy, priority: Priority, at: string, zone = 'Asia/Shanghai') => {
  const { firstResponseAt, resolveAt } = deriveDeadlines(openSla(policy, zone), itemOf(priority, at));
  return [firstResponseAt.toISOString(), resolveAt?.toISOString()];
};
const utc = (time: string) => new Date(time).toISOString();

describe('deadlines of the default policy', () => {
  // 2026-11-06 is a Friday, 2026-11-07 a Saturday.
  it.each([
    ['P1', '2026-11-07T12:00:00+08:00', '2026-11-07T13:00:00+08:00', '2026-11-08T12:00:00+08:00'],
    ['P2', '2026-11-07T12:00:00+08:00', '2026-11-07T16:00:00+08:00', '2026-11-09T12:00:00+08:00'],
    ['P3', '2026-11-03T12:00:00+08:00', '2026-11-04T12:00:00+08:00', '2026-11-10T12:00:00+08:00'],
    ['P3', '2026-11-06T12:00:00+08:00', '2026-11-09T12:00:00+08:00', '2026-11-13T12:00:00+08:00'],
    ['P3', '2026-11-07T12:00:00+08:00', '2026-11-10T00:00:00+08:00', '2026-11-14T00:00:00+08:00'],
    ['P4', '2026-11-05T18:00:00+08:00', '2026-11-09T18:00:00+08:00', undefined],
  ] as const)('%s received %s', (priority, at, first, resolve) => {
    const expected = [first, resolve].map((time) => time && new Date(time).toISOString());
    expect(due(shipped, priority, at)).toEqual(expected);
  });

  it('counts business days in the zone of the business', () => {
    // Friday evening in New York is Saturday morning in Shanghai.
    const at = '2026-11-06T20:00:00-05:00';
    expect(due(shipped, 'P3', at, 'America/New_York')[0]).toBe('2026-11-10T01:00:00.000Z');
    expect(due(shipped, 'P3', at, 'Asia/Shanghai')[0]).toBe('2026-11-09T16:00:00.000Z');
  });
});

describe('durations', () => {
  it('count days as the working days of their calendar: 24 h of all-day ones, the longest day of others', () => {
    const fridayNoon = '2026-11-06T12:00:00+08:00';
    const table = (calendar: string) =>
      makeSla({ priorities: priorities({ first_response: { duration: '1d', calendar }, resolution: null }) });
    const first = (sla: Sla, at: string) => deriveDeadlines(sla, itemOf('P1', at)).firstResponseAt.toISOString();
    expect(first(table('always'), fridayNoon)).toBe(utc('2026-11-07T12:00:00+08:00'));
    // Nine hours of Monday to Wednesday.
    expect(first(table('office'), fridayNoon)).toBe(utc('2026-11-09T18:00:00+08:00'));
    expect(first(table('office'), '2026-11-09T12:00:00+08:00')).toBe(utc('2026-11-10T12:00:00+08:00'));
    const shortDay = makePolicy().calendars.map((calendar) =>
      calendar.name === 'office' ? { ...calendar, hours: { thu: [['09:00', '13:00']], ...calendar.hours } } : calendar,
    );
    const withHalfDay = makeSla({
      calendars: shortDay,
      priorities: priorities({ first_response: { duration: '1d', calendar: 'office' }, resolution: null }),
    });
    expect(first(withHalfDay, '2026-11-12T09:00:00+08:00')).toBe(utc('2026-11-16T14:00:00+08:00'));
  });
});

describe('pauses', () => {
  // Mondays to Wednesdays, 9 to 18: two days from Monday 2026-11-02 at 12:00 end on Wednesday at 12:00.
  const at = '2026-11-02T12:00:00+08:00';
  const sla = makeSla();
  const resolve = (...pauses: [from: string, to: string | null][]) =>
    deriveDeadlines(
      sla,
      itemOf('P3', at, {
        pauses: pauses.map(([from, to]) => ({ from: new Date(from), to: to === null ? null : new Date(to) })),
      }),
    );
  const resolveAt = (...pauses: [from: string, to: string | null][]) => resolve(...pauses).resolveAt?.toISOString();

  it('move the solution by their working time', () => {
    expect(resolveAt()).toBe(utc('2026-11-04T12:00:00+08:00'));
    expect(resolveAt(['2026-11-03T09:00:00+08:00', '2026-11-03T11:00:00+08:00'])).toBe(
      utc('2026-11-04T14:00:00+08:00'),
    );
    expect(resolveAt(['2026-11-02T18:00:00+08:00', '2026-11-03T09:00:00+08:00'])).toBe(
      utc('2026-11-04T12:00:00+08:00'),
    );
    expect(resolveAt(['2026-11-03T18:00:00+08:00', '2026-11-10T09:00:00+08:00'])).toBe(
      utc('2026-11-10T12:00:00+08:00'),
    );
  });

  it('count once where they overlap, in any order, from the receipt on', () => {
    const morning: [string, string] = ['2026-11-03T09:00:00+08:00', '2026-11-03T11:00:00+08:00'];
    const inside: [string, string] = ['2026-11-03T10:00:00+08:00', '2026-11-03T10:30:00+08:00'];
    const before: [string, string] = ['2026-11-01T09:00:00+08:00', '2026-11-02T13:00:00+08:00'];
    const backwards: [string, string] = ['2026-11-03T17:00:00+08:00', '2026-11-03T16:00:00+08:00'];
    expect(resolveAt(inside, morning, backwards, before)).toBe(utc('2026-11-04T15:00:00+08:00'));
  });

  it('that are open leave no date, unless the deadline came before', () => {
    const open = resolve(['2026-11-03T09:00:00+08:00', null]);
    expect(open.resolveAt).toBeUndefined();
    expect(open.warnings.resolveAt).toBeUndefined();
    expect(resolveAt(['2026-11-04T12:00:00+08:00', null])).toBe(utc('2026-11-04T12:00:00+08:00'));
    expect(resolve(['2026-11-04T11:00:00+08:00', null]).warnings.resolveAt?.toISOString()).toBe(
      utc('2026-11-03T16:30:00+08:00'),
    );
  });

  it('never move the first response', () => {
    expect(resolve(['2026-11-02T12:00:00+08:00', null]).firstResponseAt.toISOString()).toBe(
      utc('2026-11-02T13:00:00+08:00'),
    );
  });
});

describe('overrides', () => {
  const sla = makeSla({
    overrides: [
      {
        tiers: ['VIP'],
        queues: ['payments'],
        priorities: { P3: { first_response: { duration: '5m', calendar: 'always' } } },
      },
      {
        tiers: ['vip'],
        priorities: { P3: { first_response: { duration: '10m', calendar: 'always' } }, P4: { resolution: null } },
      },
      {
        queues: ['payments'],
        priorities: { P3: { first_response: { duration: '20m', calendar: 'always' }, escalate_to: 'crisis' } },
      },
    ],
  });
  it.each([
    ['P3', { tier: 'Vip', queue: 'payments' }, 5],
    ['P3', { tier: 'vip', queue: 'api' }, 10],
    ['P3', { tier: 'standard', queue: 'payments' }, 20],
    ['P3', { tier: 'standard', queue: 'api' }, 60],
    ['P3', {}, 60],
    ['P1', { tier: 'vip' }, 60],
  ] as const)('%s for %j: the first that fits', (priority, facts, minutes) => {
    expect(sla.promisesFor(priority, facts).firstResponse.ms).toBe(minutes * 60_000);
  });

  it('leave what they do not name, and may take a promise away', () => {
    expect(sla.promisesFor('P3', { tier: 'vip' }).resolution?.ms).toBe(18 * 3_600_000);
    expect(sla.promisesFor('P4', { tier: 'vip' }).resolution).toBeUndefined();
    expect(sla.promisesFor('P3', { queue: 'payments' }).escalateTo).toBe('crisis');
    expect(sla.promisesFor('P3', {}).escalateTo).toBeUndefined();
  });
});

describe('warnings', () => {
  const warnings = (warn: unknown) => {
    const sla = makeSla({ priorities: priorities({ warn_before: warn }) });
    const found = deriveDeadlines(sla, itemOf('P2', '2026-11-02T12:00:00+08:00')).warnings;
    return [found.firstResponseAt?.toISOString(), found.resolveAt?.toISOString()];
  };

  it('come a share or a time of the calendar before the deadline, or never', () => {
    expect(warnings(0.25)).toEqual([utc('2026-11-02T12:45:00+08:00'), utc('2026-11-03T16:30:00+08:00')]);
    expect(warnings('30m')).toEqual([utc('2026-11-02T12:30:00+08:00'), utc('2026-11-04T11:30:00+08:00')]);
    expect(warnings(undefined)).toEqual([undefined, undefined]);
  });
});

describe('a policy that cannot be is refused', () => {
  const base = makePolicy();
  const twoWarn = { first_response: { duration: '1h', calendar: 'always' }, resolution: null, warn_before: '60m' };
  it.each([
    [
      'an unknown calendar',
      { priorities: priorities({ resolution: { duration: '1d', calendar: 'offce' } }) },
      'priorities.P1.resolution.calendar',
      'there is no calendar offce; there are always, office',
    ],
    [
      'a calendar twice',
      { calendars: [...base.calendars, ...base.calendars] },
      'calendars.2.name',
      'calendar always is there twice',
    ],
    [
      'a warning before the beginning',
      { priorities: priorities(twoWarn) },
      'priorities.P1.warn_before',
      'must be shorter than 1h, the first_response',
    ],
    [
      'a share that is none',
      { priorities: priorities({ warn_before: 1 }) },
      'priorities.P1.warn_before',
      'share of the time',
    ],
    [
      'a duration out of reach',
      { priorities: priorities({ resolution: { duration: '900d', calendar: 'office' } }) },
      'priorities.P1.resolution.duration',
      'at most 1830 are accepted',
    ],
    [
      'weeks',
      { priorities: priorities({ resolution: { duration: 'P2W', calendar: 'office' } }) },
      'priorities.P1.resolution.duration',
      'weeks, months and years have no fixed working time',
    ],
    ['an override for all', { overrides: [{ priorities: {} }] }, 'overrides.0', 'must name tiers or queues'],
    [
      'a fault in an override',
      { overrides: [{ tiers: ['vip'], priorities: { P2: { resolution: { duration: '1d', calendar: 'x' } } } }] },
      'overrides.0.priorities.P2.resolution.calendar',
      'there is no calendar x',
    ],
    ['a missing priority', { priorities: { P1: base.priorities.P1 } }, 'priorities.P2', ''],
  ])('with %s', (_what, changes, path, reason) => {
    const issues = slaSchema.safeParse({ ...base, ...changes }).error?.issues ?? [];
    const found = issues.find((issue) => issue.path.join('.') === path);
    expect(issues.map((issue) => issue.path.join('.'))).toContain(path);
    expect(found?.message).toContain(reason);
  });
});

/** The same promise for every priority, changed. */
function priorities(changes: object): object {
  const { P1 } = makePolicy().priorities;
  const promise = { ...P1, ...changes };
  return { P1: promise, P2: promise, P3: promise, P4: promise };
}
