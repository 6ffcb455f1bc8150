import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { addWorkingTime, type Calendar, workingTimeBetween } from '../../../src/triage/calendar.ts';
import { type CalendarDefinition, calendarSchema, openCalendar } from '../../../src/triage/calendar-schema.ts';
import { makeCalendar, sceneArbitrary } from '../../_util/calendars.ts';
import { MinuteClock } from '../../_util/minute-clock.ts';
import { loadCore } from '../../_util/triage.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Everything that is generated ends within it. */
const REACH_MINUTES = 120 * 1_440;
const ALL_WEEK = { mon: 'all_day', tue: 'all_day', wed: 'all_day', thu: 'all_day', fri: 'all_day' } as const;

let office: Calendar;
let business: CalendarDefinition;
beforeAll(async () => {
  const { calendars } = (await loadCore()).policy.sla;
  const named = (name: string) => calendars.find((calendar) => calendar.name === name) ?? makeCalendar();
  office = openCalendar(named('china_office'), 'UTC');
  business = named('business');
});

const dueAfter = (calendar: Calendar, at: string, hours: number) =>
  addWorkingTime(calendar, new Date(at), hours * HOUR_MS).toISOString();
const hoursBetween = (calendar: Calendar, from: string, to: string) =>
  workingTimeBetween(calendar, new Date(from), new Date(to)) / HOUR_MS;
const utc = (time: string) => new Date(time).toISOString();

describe('office hours in China', () => {
  it.each([
    ['within a day', '2026-11-03T10:00:00+08:00', 4, '2026-11-03T14:00:00+08:00'],
    ['to the very end of a day', '2026-11-03T10:00:00+08:00', 8, '2026-11-03T18:00:00+08:00'],
    ['over a night', '2026-11-03T17:30:00+08:00', 1, '2026-11-04T09:30:00+08:00'],
    ['from before the opening', '2026-11-03T07:00:00+08:00', 1, '2026-11-03T10:00:00+08:00'],
    ['over a weekend', '2026-11-06T17:00:00+08:00', 2, '2026-11-09T10:00:00+08:00'],
    ['over the Spring Festival, with its make-up days', '2026-02-13T17:00:00+08:00', 11, '2026-02-24T10:00:00+08:00'],
    ['on a make-up Saturday', '2026-05-09T08:00:00+08:00', 9, '2026-05-09T18:00:00+08:00'],
    ['over the National Day', '2026-09-30T17:00:00+08:00', 2, '2026-10-08T10:00:00+08:00'],
  ])('%s', (_what, at, hours, expected) => {
    expect(dueAfter(office, at, hours)).toBe(utc(expected));
  });

  it('knows 2026 as it was published: 248 working days', () => {
    expect(hoursBetween(office, '2026-01-01T00:00:00+08:00', '2027-01-01T00:00:00+08:00')).toBe(248 * 9);
    expect(office.knownThrough).toBe(2026);
  });

  it('measures what lies between two moments, and nothing backwards', () => {
    expect(hoursBetween(office, '2026-11-06T12:00:00+08:00', '2026-11-09T12:00:00+08:00')).toBe(9);
    expect(hoursBetween(office, '2026-11-09T12:00:00+08:00', '2026-11-06T12:00:00+08:00')).toBe(0);
    expect(hoursBetween(office, '2026-11-07T00:00:00+08:00', '2026-11-08T23:00:00+08:00')).toBe(0);
  });
});

describe('time that is skipped or comes twice', () => {
  const night = (zone: string) =>
    openCalendar(makeCalendar({ hours: { sat: [['22:00', '24:00']], sun: [['00:00', '06:00']] } }), zone);

  it.each([
    ['a night in New York in which an hour is skipped', 'America/New_York', '2026-03-07T12:00:00Z', 7],
    ['one in which an hour comes twice', 'America/New_York', '2026-10-31T12:00:00Z', 9],
    ['half an hour twice on Lord Howe', 'Australia/Lord_Howe', '2026-04-04T00:00:00Z', 8.5],
    ['midnight skipped in Beirut', 'Asia/Beirut', '2025-03-29T12:00:00Z', 7],
    ['the hour before midnight twice in Beirut', 'Asia/Beirut', '2025-10-25T12:00:00Z', 9],
  ])('%s', (_what, zone, from, hours) => {
    const to = new Date(Date.parse(from) + 30 * HOUR_MS).toISOString();
    expect(hoursBetween(night(zone), from, to)).toBe(hours);
  });

  it('counts an hour that comes twice only where it is worked', () => {
    const early = openCalendar(makeCalendar({ hours: { sun: [['01:30', '02:00']] } }), 'America/New_York');
    const [first, second] = ['2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z'];
    expect(dueAfter(early, first, 0.5)).toBe(utc('2026-11-01T06:00:00Z'));
    expect(dueAfter(early, first, 0.75)).toBe(utc('2026-11-01T06:45:00Z'));
    expect(hoursBetween(early, '2026-11-01T06:00:00Z', second)).toBe(0);
  });

  it('passes over a day that was left out altogether', () => {
    const friday = openCalendar(makeCalendar({ hours: { fri: 'all_day' } }), 'Pacific/Apia');
    expect(hoursBetween(friday, '2011-12-26T00:00:00Z', '2012-01-05T00:00:00Z')).toBe(0);
  });
});

describe('working time is what looking at the clock once a minute gives', () => {
  it('when it is added', () => {
    const scene = fc.tuple(sceneArbitrary, fc.integer({ min: 1, max: 4_000 }));
    fc.assert(
      fc.property(scene, ([{ definition, zone, start, weekMinutes }, wish]) => {
        const minutes = Math.min(wish, Math.ceil(weekMinutes * 1.5));
        const calendar = openCalendar(definition, zone);
        const due = addWorkingTime(calendar, new Date(start * MINUTE_MS), minutes * MINUTE_MS);
        const expected = new MinuteClock(definition, zone).add(start, minutes, start + REACH_MINUTES);
        expect(due.getTime() / MINUTE_MS).toBe(expected);
      }),
      { numRuns: 700 },
    );
  });

  it('when it is measured', () => {
    const scene = fc.tuple(sceneArbitrary, fc.integer({ min: -100, max: 8 * 1_440 }));
    fc.assert(
      fc.property(scene, ([{ definition, zone, start }, length]) => {
        const end = start + length;
        const calendar = openCalendar(definition, zone);
        const found = workingTimeBetween(calendar, new Date(start * MINUTE_MS), new Date(end * MINUTE_MS));
        expect(found / MINUTE_MS).toBe(new MinuteClock(definition, zone).between(start, end));
      }),
      { numRuns: 700 },
    );
  });

  it('and what was added is measured again, to the millisecond', () => {
    const scene = fc.tuple(sceneArbitrary, fc.integer({ min: 0, max: MINUTE_MS }), fc.integer({ min: 0, max: 1e9 }));
    fc.assert(
      fc.property(scene, ([{ definition, zone, start, weekMinutes }, extra, wish]) => {
        const ms = Math.min(wish, weekMinutes * MINUTE_MS);
        const calendar = openCalendar(definition, zone);
        const from = new Date(start * MINUTE_MS + extra);
        const due = addWorkingTime(calendar, from, ms);
        expect(workingTimeBetween(calendar, from, due)).toBe(ms);
        if (ms > 0) expect(workingTimeBetween(calendar, from, new Date(due.getTime() - 1))).toBe(ms - 1);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('what cannot be counted', () => {
  const calendar = () => openCalendar(business, 'Asia/Shanghai');
  it.each([-1, Number.NaN])('%s ms is refused', (ms) => {
    expect(() => addWorkingTime(calendar(), new Date(0), ms)).toThrow(RangeError);
  });

  it('a date that is none is refused', () => {
    expect(() => addWorkingTime(calendar(), new Date(Number.NaN), 1)).toThrow(RangeError);
    expect(() => workingTimeBetween(calendar(), new Date(0), new Date(Number.NaN))).toThrow(RangeError);
  });

  it('more than a calendar has in ten years is refused by the name of the calendar', () => {
    const rare = openCalendar(makeCalendar({ name: 'rare', hours: { mon: [['09:00', '09:01']] } }), 'UTC');
    expect(() => addWorkingTime(rare, new Date(0), 24 * HOUR_MS)).toThrow(/rare/u);
  });
});

describe('a calendar that cannot be is refused, with its name, the day and the way out', () => {
  it.each([
    [
      'across midnight',
      { hours: { fri: [['22:00', '02:00']] } },
      'fri 22:00–02:00 goes across midnight',
      'fri 22:00–24:00 and sat 00:00–02:00',
    ],
    ['to 00:00', { hours: { fri: [['22:00', '00:00']] } }, 'fri 22:00–00:00', '24:00'],
    ['no length', { hours: { mon: [['09:00', '09:00']] } }, 'mon 09:00–09:00 has no length', 'all_day'],
    [
      'overlap',
      {
        hours: {
          mon: [
            ['09:00', '13:00'],
            ['12:00', '18:00'],
          ],
        },
      },
      'mon 09:00–13:00 and 12:00–18:00 overlap',
      '',
    ],
    [
      'disorder',
      {
        hours: {
          mon: [
            ['13:00', '18:00'],
            ['09:00', '12:00'],
          ],
        },
      },
      'mon 13:00–18:00 and 09:00–12:00 are not in order',
      'earliest first',
    ],
    ['no working time', { hours: {} }, 'no weekday has working hours', 'at least one'],
    ['only empty days', { hours: { mon: [] } }, 'no weekday has working hours', ''],
    [
      'a holiday twice',
      { hours: ALL_WEEK, holidays: ['2026-05-01', { day: '2026-05-01' }] },
      'the holiday 2026-05-01 is there twice',
      '',
    ],
    [
      'a make-up day twice',
      {
        hours: ALL_WEEK,
        make_up_days: [
          { day: '2026-05-09', like: 'mon' },
          { day: '2026-05-09', like: 'fri' },
        ],
      },
      'the make-up day 2026-05-09 is there twice',
      '',
    ],
    [
      'both at once',
      { hours: ALL_WEEK, holidays: ['2026-05-09'], make_up_days: [{ day: '2026-05-09', like: 'mon' }] },
      '2026-05-09 is both a holiday and a make-up day',
      '',
    ],
    [
      'like a free day',
      { hours: ALL_WEEK, make_up_days: [{ day: '2026-05-09', like: 'sun' }] },
      '2026-05-09 cannot be worked like sun',
      '',
    ],
  ])('%s', (_what, parts, fault, advice) => {
    const messages = refusals(parts);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(/^calendar shop: /u);
    expect(messages[0]).toContain(fault);
    expect(messages[0]).toContain(advice);
  });

  it.each([
    [
      'an unknown zone',
      { hours: ALL_WEEK, time_zone: 'Asia/Peking' },
      'must be an IANA time zone such as Asia/Shanghai',
    ],
    ['an eighth weekday', { hours: { someday: 'all_day' } }, 'someday'],
    ['a day that does not exist', { hours: ALL_WEEK, holidays: ['2026-02-30'] }, 'YYYY-MM-DD'],
    ['a time that does not exist', { hours: { mon: [['09:00', '24:30']] } }, 'HH:MM'],
    ['a time in another notation', { hours: { mon: [['9:00', '18:00']] } }, 'HH:MM'],
  ])('%s', (_what, parts, reason) => {
    expect(refusals(parts).join('\n')).toContain(reason);
  });

  it('several faults are told at once, each where it stands', () => {
    const parsed = calendarSchema.safeParse({
      name: 'shop',
      label: { zh: '店', en: 'Shop' },
      hours: {
        mon: [['10:00', '09:00']],
        tue: [
          ['09:00', '12:00'],
          ['11:00', '13:00'],
        ],
      },
      holidays: ['2026-05-01', '2026-05-01'],
    });
    expect(parsed.error?.issues.map(({ path }) => path.join('.'))).toEqual([
      'hours.mon.0',
      'hours.tue.1',
      'holidays.1',
    ]);
  });
});

/** What is said of a calendar: the messages of its own checks, or everything about a value that does not fit. */
function refusals(parts: object): string[] {
  const parsed = calendarSchema.safeParse({ name: 'shop', label: { zh: '店', en: 'Shop' }, ...parts });
  const issues = parsed.error?.issues ?? [];
  return issues.map((issue) => (issue.code === 'custom' ? issue.message : JSON.stringify(issue)));
}
