import { DAY_MS, findOffset } from './zone-offsets.ts';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Working hours of one day by the clock on the wall: milliseconds from midnight, the end not included. */
export type DayRange = readonly [from: number, to: number];

/** A business calendar, ready to count with. */
export interface Calendar {
  readonly name: string;
  /** IANA zone whose clocks and days count. */
  readonly timeZone: string;
  /** Ranges of Monday to Sunday, in order and apart from one another. */
  readonly week: readonly (readonly DayRange[])[];
  /** Days that are not as their weekday, by `dayNumber`. */
  readonly exceptions: ReadonlyMap<number, readonly DayRange[]>;
  /** What `1d` stands for: the working time of the longest weekday, milliseconds. */
  readonly dayMs: number;
  /** The last year whose public holidays are entered. */
  readonly knownThrough: number | undefined;
}

/** How far ahead a deadline is looked for: ten years. */
const REACH_MS = 3_660 * DAY_MS;
/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 3;

/** Days since 1970-01-01 of a local date, YYYY-MM-DD. */
export function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

/** The weekday of a day number, 0 is Monday. */
export function weekdayOf(day: number): number {
  return (((day + FIRST_WEEKDAY) % 7) + 7) % 7;
}

/**
 * The first instant at which `ms` of working time have passed since `start`; `start` itself for 0.
 *
 * Time works when the clock on the wall shows a working hour: hours that are skipped do not count, hours that come
 * twice count twice.
 *
 * @throws RangeError for a negative time, a date that does not exist, or a calendar that has not so much in ten years
 */
export function addWorkingTime(calendar: Calendar, start: Date, ms: number): Date {
  if (!(ms >= 0)) throw new RangeError(`${ms} ms cannot be added to a working time`);
  const begin = start.getTime();
  if (ms === 0) return new Date(begin);
  let left = ms;
  for (const [from, to] of listWorkingSpans(calendar, begin, begin + REACH_MS)) {
    if (left <= to - from) return new Date(from + left);
    left -= to - from;
  }
  throw new RangeError(`the calendar ${calendar.name} has less than ${ms} ms of working time in ten years`);
}

/** Milliseconds of working time from `from` to `to`; 0 where `to` is not later. @throws RangeError for an invalid date */
export function workingTimeBetween(calendar: Calendar, from: Date, to: Date): number {
  let sum = 0;
  for (const [begin, end] of listWorkingSpans(calendar, from.getTime(), to.getTime())) sum += end - begin;
  return sum;
}

/** Spans of working time within [start, end), in order, at most one per range of a day and change of the clocks. */
function* listWorkingSpans(calendar: Calendar, start: number, end: number): Generator<readonly [number, number]> {
  if (Number.isNaN(start) || Number.isNaN(end)) throw new RangeError('a date is not valid');
  let at = start;
  let span = findOffset(calendar.timeZone, at);
  while (at < end) {
    if (at >= span.until) span = findOffset(calendar.timeZone, at);
    const { offsetMs, until } = span;
    const day = Math.floor((at + offsetMs) / DAY_MS);
    // Midnight by the clocks of this span, whether or not it lies in it.
    const midnight = day * DAY_MS - offsetMs;
    const stop = Math.min(midnight + DAY_MS, until, end);
    for (const [from, to] of rangesOf(calendar, day)) {
      const begin = Math.max(midnight + from, at);
      const finish = Math.min(midnight + to, stop);
      if (begin < finish) yield [begin, finish];
    }
    at = stop;
  }
}

function rangesOf(calendar: Calendar, day: number): readonly DayRange[] {
  return calendar.exceptions.get(day) ?? calendar.week[weekdayOf(day)] ?? [];
}
