import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { PRIORITIES, type Priority } from '../../../src/triage/rules.ts';
import { deriveDeadlines, type Sla, slaSchema } from '../../../src/triage/sla.ts';
import { loadCore } from '../../_util/triage.ts';

const QUARTER_MS = 15 * 60_000;
/** Zones whose clocks change at midnight, at other hours, by half an hour, or never. */
const ZONES = [
  'Asia/Shanghai',
  'UTC',
  'America/New_York',
  'Europe/London',
  'Africa/Cairo',
  'America/Havana',
  'America/Santiago',
  'Asia/Beirut',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
];

let shipped: Sla;
beforeAll(async () => {
  shipped = (await loadCore()).policy.sla;
});

const due = (sla: Sla, priority: Priority, at: string, zone = 'Asia/Shanghai') => {
  const { firstResponseAt, resolveAt } = deriveDeadlines(sla, priority, new Date(at), zone);
  return [firstResponseAt.toISOString(), resolveAt?.toISOString()];
};

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

describe('calendars', () => {
  const calendar = (changes: Partial<Sla['calendar']>): Sla =>
    slaSchema.parse({ ...shipped, calendar: { ...shipped.calendar, ...changes } });

  it('leave out holidays and count weekend days that are worked', () => {
    const golden = calendar({ holidays: ['2026-11-09', '2026-11-10'], workdays: ['2026-11-07'] });
    expect(due(golden, 'P3', '2026-11-06T12:00:00+08:00')[0]).toBe('2026-11-07T04:00:00.000Z');
    expect(due(golden, 'P4', '2026-11-06T12:00:00+08:00')[0]).toBe('2026-11-11T04:00:00.000Z');
  });

  it.each([
    ['no working day', { weekdays: [] }],
    ['an eighth weekday', { weekdays: [8] }],
    ['a day that does not exist', { holidays: ['2026-02-30'] }],
    ['a day in another notation', { workdays: ['1.11.2026'] }],
  ])('are refused with %s', (_what, changes) => {
    expect(slaSchema.safeParse({ ...shipped, calendar: { ...shipped.calendar, ...changes } }).success).toBe(false);
  });

  it('say so when holidays leave no working day', () => {
    const start = Date.parse('2026-10-05');
    const mondays = Array.from({ length: 600 }, (_, week) => new Date(start + week * 7 * 86_400_000));
    const never = calendar({ weekdays: [1], holidays: mondays.map((day) => day.toISOString().slice(0, 10)) });
    expect(() => due(never, 'P3', '2026-11-06T12:00:00Z')).toThrow(RangeError);
  });
});

/** Walks on by quarters of an hour and asks each for its day: slow and plainly right. Zones change by such quarters. */
function walk(sla: Sla, start: Date, hours: number, zone: string): Date {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  let at = start.getTime();
  for (let left = (hours * 3_600_000) / QUARTER_MS; left > 0; at += QUARTER_MS) {
    const day = format.format(at);
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
    const { weekdays, holidays, workdays } = sla.calendar;
    if (workdays.includes(day) || (weekdays.includes(weekday) && !holidays.includes(day))) left--;
  }
  return new Date(at);
}

describe('business time', () => {
  it('is what walking through the calendar gives, for any calendar, zone and start', () => {
    const start = fc
      .integer({ min: Date.parse('2024-01-01') / QUARTER_MS, max: Date.parse('2027-12-31') / QUARTER_MS })
      .map((quarters) => new Date(quarters * QUARTER_MS));
    const weekdays = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
    const nearby = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 4 });
    const hours = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(
        start,
        fc.constantFrom(...ZONES),
        weekdays,
        nearby,
        nearby,
        hours,
        (at, zone, days, off, on, span) => {
          const date = (offset: number) => new Date(at.getTime() + offset * 86_400_000).toISOString().slice(0, 10);
          const target = { first_response: { hours: span, clock: 'business' as const }, resolution: null };
          const sla = slaSchema.parse({
            version: '1',
            calendar: { weekdays: days, holidays: off.map(date), workdays: on.map(date) },
            priorities: Object.fromEntries(PRIORITIES.map((priority) => [priority, target])),
          });
          expect(deriveDeadlines(sla, 'P3', at, zone).firstResponseAt).toEqual(walk(sla, at, span, zone));
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([
    ['Africa/Cairo', '2024-04-25T12:00:00Z'],
    ['Africa/Cairo', '2024-10-31T12:00:00Z'],
    ['America/Havana', '2025-03-08T12:00:00Z'],
    ['America/Havana', '2025-11-01T12:00:00Z'],
    ['America/Santiago', '2025-09-06T12:00:00Z'],
    ['America/Santiago', '2025-04-05T12:00:00Z'],
    ['Asia/Beirut', '2025-03-29T12:00:00Z'],
    ['Asia/Beirut', '2025-10-25T12:00:00Z'],
    ['Europe/London', '2026-03-28T12:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-04T12:00:00Z'],
  ])('counts days of 23 and 25 hours as they are: %s from %s', (zone, at) => {
    const weekdays = [1, 2, 3, 4, 5, 6, 7];
    for (const left of weekdays) {
      const calendar = { weekdays: weekdays.filter((day) => day !== left), holidays: [], workdays: [] };
      const sla: Sla = { ...shipped, calendar };
      expect(deriveDeadlines(sla, 'P4', new Date(at), zone).firstResponseAt).toEqual(walk(sla, new Date(at), 48, zone));
    }
  });
});
