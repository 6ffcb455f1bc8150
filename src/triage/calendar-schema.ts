import { z } from 'zod';
import { type Calendar, type DayRange, dayNumber, WEEKDAYS, type Weekday } from './calendar.ts';
import { bilingualSchema, keySchema } from './taxonomy.ts';
import { DAY_MS, isZone } from './zone-offsets.ts';

const MINUTE_MS = 60_000;
const MAX_RANGES = 24;
/** Thirty years of public holidays. */
const MAX_DAYS = 1_000;

const time = z
  .string()
  .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time of day as HH:MM, 00:00 to 24:00, in quotes');
const hoursSchema = z.union([z.literal('all_day'), z.array(z.tuple([time, time])).max(MAX_RANGES)], {
  error: 'must be all_day, or a list of ranges such as [["09:00", "12:00"], ["13:00", "18:00"]]',
});
type Hours = z.infer<typeof hoursSchema>;
type TimeRange = readonly [from: string, to: string];

const date = z.iso.date('must be a day as YYYY-MM-DD');
const weekday = z.enum(WEEKDAYS);
const holidaySchema = z.union([date, z.strictObject({ day: date, label: bilingualSchema.optional() })], {
  error: 'must be a day as YYYY-MM-DD, or {day, label: {zh, en}}',
});

/** A calendar as it is written: days and hours that are worked, by the clocks of its zone. */
export const calendarSchema = z
  .strictObject({
    name: keySchema.describe('What deadlines call it by.'),
    label: bilingualSchema,
    time_zone: z
      .string()
      .refine(isZone, 'must be an IANA time zone such as Asia/Shanghai')
      .optional()
      .describe('The zone whose clocks count; the installation’s `TIME_ZONE` when it is left out.'),
    hours: z
      .partialRecord(weekday, hoursSchema)
      .describe('Working hours of each weekday; a day that is left out is free.'),
    holidays: z.array(holidaySchema).max(MAX_DAYS).default([]).describe('Days on which nobody works.'),
    make_up_days: z
      .array(z.strictObject({ day: date, like: weekday, label: bilingualSchema.optional() }))
      .max(MAX_DAYS)
      .default([])
      .describe('Days that are worked like another weekday.'),
    known_through: z
      .int()
      .min(1970)
      .max(9999)
      .optional()
      .describe('The last year whose holidays are entered; the service warns before it ends.'),
  })
  .superRefine((calendar, context) => {
    const complain = (path: PropertyKey[], message: string) =>
      context.addIssue({ code: 'custom', path, message: `calendar ${calendar.name}: ${message}`, continue: false });
    checkHours(calendar.hours, complain);
    checkDays(calendar, complain);
  })
  .meta({ id: 'Calendar' });
export type CalendarDefinition = z.infer<typeof calendarSchema>;

type Complain = (path: PropertyKey[], message: string) => void;
type WeekHours = CalendarDefinition['hours'];

/** Makes a calendar ready to count with. @param timeZone for a calendar that names none */
export function openCalendar(definition: CalendarDefinition, timeZone: string): Calendar {
  const { name, hours, holidays, make_up_days, known_through } = definition;
  const week = WEEKDAYS.map((day) => toRanges(hours[day]));
  const exceptions = new Map<number, readonly DayRange[]>();
  for (const day of holidays) exceptions.set(dayNumber(dateOf(day)), []);
  for (const { day, like } of make_up_days) exceptions.set(dayNumber(day), toRanges(hours[like]));
  return {
    name,
    timeZone: definition.time_zone ?? timeZone,
    week,
    exceptions,
    dayMs: Math.max(...week.map(lengthOf)),
    knownThrough: known_through,
  };
}

/** Working time of the ranges, milliseconds. */
export function lengthOf(ranges: readonly DayRange[]): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from, 0);
}

function toRanges(hours: Hours | undefined): DayRange[] {
  if (hours === 'all_day') return [[0, DAY_MS]];
  return (hours ?? []).map(([from, to]) => [toMs(from), toMs(to)]);
}

function toMs(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) * MINUTE_MS;
}

function checkHours(week: WeekHours, complain: Complain): void {
  for (const day of WEEKDAYS) {
    const hours = week[day];
    if (hours === undefined || hours === 'all_day') continue;
    for (const [index, range] of hours.entries()) {
      const fault = faultOf(day, range) ?? conflictOf(day, hours[index - 1], range);
      if (fault !== undefined) complain(['hours', day, index], fault);
    }
  }
  if (WEEKDAYS.every((day) => isFree(week[day])))
    complain(['hours'], 'no weekday has working hours; give at least one');
}

function faultOf(day: Weekday, [from, to]: TimeRange): string | undefined {
  if (from < to) return undefined;
  if (from === to) return `${day} ${from}–${to} has no length; use all_day, or a later end`;
  if (to === '00:00') return `${day} ${from}–${to} ends before it begins; write the end of the day as 24:00`;
  const next = WEEKDAYS[(WEEKDAYS.indexOf(day) + 1) % WEEKDAYS.length];
  return `${day} ${from}–${to} goes across midnight; split it into ${day} ${from}–24:00 and ${next} 00:00–${to}`;
}

function conflictOf(day: Weekday, before: TimeRange | undefined, [from, to]: TimeRange): string | undefined {
  if (before === undefined || from >= before[1]) return undefined;
  const fault = to <= before[0] ? 'are not in order' : 'overlap';
  return `${day} ${before.join('–')} and ${from}–${to} ${fault}; write each hour once, earliest first`;
}

function isFree(hours: Hours | undefined): boolean {
  return hours === undefined || hours.length === 0;
}

function checkDays({ hours, holidays, make_up_days }: Omit<CalendarDefinition, 'label'>, complain: Complain): void {
  const free = new Set<string>();
  for (const [index, holiday] of holidays.entries()) {
    const day = dateOf(holiday);
    if (free.has(day)) complain(['holidays', index], `the holiday ${day} is there twice`);
    free.add(day);
  }
  const worked = new Set<string>();
  for (const [index, { day, like }] of make_up_days.entries()) {
    const path = ['make_up_days', index];
    if (free.has(day)) complain([...path, 'day'], `${day} is both a holiday and a make-up day; keep one of them`);
    if (worked.has(day)) complain([...path, 'day'], `the make-up day ${day} is there twice`);
    worked.add(day);
    if (isFree(hours[like]))
      complain([...path, 'like'], `${day} cannot be worked like ${like}, which has no working hours`);
  }
}

function dateOf(holiday: CalendarDefinition['holidays'][number]): string {
  return typeof holiday === 'string' ? holiday : holiday.day;
}
