import fc from 'fast-check';
import { WEEKDAYS, type Weekday } from '../../src/triage/calendar.ts';
import { type CalendarDefinition, calendarSchema } from '../../src/triage/calendar-schema.ts';

const DAY_MINUTES = 1_440;
const MINUTE_MS = 60_000;

/** Zones that change at midnight, at other hours, by half an hour or never, with moments shortly before they do. */
export const ZONES: Readonly<Record<string, readonly string[]>> = {
  'Asia/Shanghai': [],
  'Asia/Kathmandu': [],
  'America/New_York': ['2026-03-07', '2026-10-31'],
  'Europe/London': ['2026-03-28', '2026-10-24'],
  'Africa/Cairo': ['2024-04-25', '2024-10-30'],
  'America/Havana': ['2025-03-08', '2025-11-01'],
  'America/Santiago': ['2025-09-06', '2025-04-04'],
  'Asia/Beirut': ['2025-03-29', '2025-10-24'],
  'Australia/Lord_Howe': ['2026-04-04', '2026-10-03'],
  'Africa/Casablanca': ['2026-02-14', '2026-03-21'],
  // Goes from the first minute of a day back into the day before.
  'America/St_Johns': ['2010-11-06', '2011-03-12'],
  // Left out 2011-12-30.
  'Pacific/Apia': ['2011-12-29'],
};

/** A calendar by name with what a test says of it. @throws ZodError when it is refused */
export function makeCalendar(parts: Partial<CalendarDefinition> = {}): CalendarDefinition {
  return calendarSchema.parse({ name: 'shop', label: { zh: '店', en: 'Shop' }, ...parts });
}

/** A calendar, its zone, and a start (minutes since 1970), as likely as not beside a change of the clocks. */
export interface Scene {
  readonly definition: CalendarDefinition;
  readonly zone: string;
  readonly start: number;
  /** Minutes that are worked in a week without holidays. */
  readonly weekMinutes: number;
}

/** A few weeks, because the model is slow where it has not been yet. */
const anywhere = fc.integer({ min: Date.parse('2026-02-20') / MINUTE_MS, max: Date.parse('2026-04-10') / MINUTE_MS });

export const sceneArbitrary: fc.Arbitrary<Scene> = fc
  .constantFrom(...Object.keys(ZONES))
  .chain((zone) => fc.record({ zone: fc.constant(zone), start: startIn(zone) }))
  .chain(({ zone, start }) => {
    const offset = fc.integer({ min: -1, max: 9 }).map((days) => dateAt(start + days * DAY_MINUTES));
    return fc
      .record({
        hours: weekArbitrary,
        holidays: fc.uniqueArray(offset, { maxLength: 4 }),
        makeUp: fc.uniqueArray(offset, { maxLength: 3 }),
        like: fc.nat(),
      })
      .map(({ hours, holidays, makeUp, like }) => {
        const worked = WEEKDAYS.filter((day) => (hours[day]?.length ?? 0) > 0);
        const days = makeUp.filter((day) => !holidays.includes(day));
        const make_up_days = days.map((day, at) => ({ day, like: pick(worked, like + at) }));
        const definition = makeCalendar({ hours, holidays, make_up_days });
        return { definition, zone, start, weekMinutes: minutesOf(hours) };
      });
  });

function startIn(zone: string): fc.Arbitrary<number> {
  const days = ZONES[zone] ?? [];
  if (days.length === 0) return anywhere;
  const beside = fc
    .record({ day: fc.constantFrom(...days), minute: fc.integer({ min: -2 * DAY_MINUTES, max: 2 * DAY_MINUTES }) })
    .map(({ day, minute }) => Date.parse(day) / MINUTE_MS + minute);
  return fc.oneof({ weight: 3, arbitrary: beside }, { weight: 1, arbitrary: anywhere });
}

const dayArbitrary = fc.oneof(
  fc.constant('all_day' as const),
  fc
    .uniqueArray(fc.integer({ min: 0, max: DAY_MINUTES }), { minLength: 2, maxLength: 6 })
    .map((times) => times.sort((left, right) => left - right))
    .map((times) =>
      Array.from({ length: Math.floor(times.length / 2) }, (_, at): [string, string] => [
        clock(times[2 * at]),
        clock(times[2 * at + 1]),
      ]),
    ),
);
const weekArbitrary = fc
  .record(Object.fromEntries(WEEKDAYS.map((day) => [day, fc.option(dayArbitrary, { nil: undefined })])))
  .map((week) => Object.fromEntries(Object.entries(week).filter(([, hours]) => hours !== undefined)))
  .filter((week) => Object.keys(week).length > 0) as fc.Arbitrary<CalendarDefinition['hours']>;

function minutesOf(hours: CalendarDefinition['hours']): number {
  const minutes = ([from, to]: readonly string[]) => toMinutes(to) - toMinutes(from);
  return Object.values(hours).reduce(
    (sum, day) => sum + (day === 'all_day' ? DAY_MINUTES : day.reduce((all, range) => all + minutes(range), 0)),
    0,
  );
}

function clock(minutes = 0): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

function toMinutes(time = ''): number {
  const [hours, minutes] = time.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

function dateAt(minute: number): string {
  return new Date(minute * MINUTE_MS).toISOString().slice(0, 10);
}

function pick(days: readonly Weekday[], index: number): Weekday {
  return days[index % days.length] ?? 'mon';
}
