import { WEEKDAYS, type Weekday } from '../../src/triage/calendar.ts';
import type { CalendarDefinition } from '../../src/triage/calendar-schema.ts';
import type { Pause } from '../../src/triage/pauses.ts';

const MINUTE_MS = 60_000;
/** Minutes that need not each be asked of Intl, where the clock goes on as usual. */
const QUARTER = 15;

interface Wall {
  readonly date: string;
  readonly weekday: Weekday | undefined;
  /** Since midnight. */
  readonly minute: number;
}

type Ranges = readonly (readonly [from: number, to: number])[];

/** By zone, then by minute. */
const walls = new Map<string, Map<number, Wall>>();
const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * Working time by looking at the clock on the wall once a minute: slow, and plainly right. Times are whole minutes
 * since 1970.
 */
export class MinuteClock {
  readonly #definition: CalendarDefinition;
  readonly #zone: string;
  readonly #ranges = new Map<string, Ranges>();

  constructor(definition: CalendarDefinition, zone: string) {
    this.#definition = definition;
    this.#zone = definition.time_zone ?? zone;
  }

  /** True when the minute that begins at this one is worked. */
  works(minute: number): boolean {
    const quarter = Math.floor(minute / QUARTER) * QUARTER;
    const begun = wallAt(this.#zone, quarter);
    // Where the clock is changed within the quarter, or a day ends with it, each minute is looked at.
    const isPlain = wallAt(this.#zone, quarter + QUARTER).minute === begun.minute + QUARTER;
    const wall = isPlain ? begun : wallAt(this.#zone, minute);
    const now = isPlain ? begun.minute + minute - quarter : wall.minute;
    return this.#rangesOf(wall).some(([from, to]) => from <= now && now < to);
  }

  #rangesOf({ date, weekday }: Wall): Ranges {
    const known = this.#ranges.get(date);
    if (known !== undefined) return known;
    const { hours, holidays, make_up_days } = this.#definition;
    const makeUp = make_up_days.find(({ day }) => day === date);
    const isFree = holidays.some((holiday) => (typeof holiday === 'string' ? holiday : holiday.day) === date);
    const day = makeUp?.like ?? (isFree ? undefined : weekday);
    const written = (day && hours[day]) ?? [];
    const ranges: Ranges =
      written === 'all_day' ? [[0, 1_440]] : written.map(([from, to]) => [toMinutes(from), toMinutes(to)]);
    this.#ranges.set(date, ranges);
    return ranges;
  }

  /** The end of the `count`th minute that is worked and in no pause; undefined when none comes before `until`. */
  add(start: number, count: number, until: number, pauses: readonly Pause[] = []): number | undefined {
    let left = count;
    for (let minute = start; minute < until; minute++) {
      if (this.works(minute) && !isPausedAt(pauses, minute)) left--;
      if (left === 0) return minute + 1;
    }
    return undefined;
  }

  between(start: number, end: number, pauses: readonly Pause[] = []): number {
    let sum = 0;
    for (let minute = start; minute < end; minute++) if (this.works(minute) && !isPausedAt(pauses, minute)) sum++;
    return sum;
  }
}

function isPausedAt(pauses: readonly Pause[], minute: number): boolean {
  const at = minute * MINUTE_MS;
  return pauses.some(({ from, to }) => from.getTime() <= at && (to === null || at < to.getTime()));
}

function wallAt(zone: string, minute: number): Wall {
  const known = walls.get(zone) ?? new Map<number, Wall>();
  walls.set(zone, known);
  const seen = known.get(minute);
  if (seen !== undefined) return seen;
  const wall = readWall(zone, minute);
  known.set(minute, wall);
  return wall;
}

function readWall(zone: string, minute: number): Wall {
  const parts = Object.fromEntries(
    formatFor(zone)
      .formatToParts(minute * MINUTE_MS)
      .map(({ type, value }) => [type, value]),
  );
  const date = `${parts.year}-${parts.month}-${parts.day}`;
  const weekday = WEEKDAYS.find((day) => parts.weekday?.toLowerCase() === day);
  return { date, weekday, minute: Number(parts.hour) * 60 + Number(parts.minute) };
}

function formatFor(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formats.set(zone, format);
  return format;
}

function toMinutes(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}
