import { addWorkingTime, type Calendar, workingTimeBetween } from './calendar.ts';

/** A time in which a clock stands; it still does where `to` is null. */
export interface Pause {
  readonly from: Date;
  readonly to: Date | null;
}

interface Span {
  readonly from: Date;
  /** Undefined where nothing ends it. */
  readonly to: Date | undefined;
}

/**
 * When `ms` of working time have run since `start`, pauses left out; undefined where an open pause comes before that.
 *
 * @throws RangeError as `addWorkingTime`
 */
export function addRunningTime(
  calendar: Calendar,
  start: Date,
  ms: number,
  pauses: readonly Pause[],
): Date | undefined {
  let left = ms;
  for (const { from, to } of listRunning(start, pauses)) {
    if (to === undefined) return addWorkingTime(calendar, from, left);
    const available = workingTimeBetween(calendar, from, to);
    if (left <= available) return addWorkingTime(calendar, from, left);
    left -= available;
  }
  return undefined;
}

/** Working time from `start` to `end` that is in no pause, milliseconds; 0 where `end` is not later. */
export function runningTimeBetween(calendar: Calendar, start: Date, end: Date, pauses: readonly Pause[]): number {
  let sum = 0;
  for (const { from, to = end } of listRunning(start, pauses)) sum += workingTimeBetween(calendar, from, min(to, end));
  return sum;
}

/** True when the clock stands at this moment. */
export function isPaused(pauses: readonly Pause[], at: Date): boolean {
  return pauses.some(({ from, to }) => from <= at && (to === null || at < to));
}

/** The spans between pauses, which may overlap, be out of order, or reach before the start. */
function listRunning(start: Date, pauses: readonly Pause[]): Span[] {
  const running: Span[] = [];
  let at = start;
  for (const { from, to } of pauses.toSorted((left, right) => left.from.getTime() - right.from.getTime())) {
    if (to !== null && to <= from) continue;
    if (from > at) running.push({ from: at, to: from });
    if (to === null) return running;
    if (to > at) at = to;
  }
  return [...running, { from: at, to: undefined }];
}

function min(left: Date, right: Date): Date {
  return left < right ? left : right;
}
