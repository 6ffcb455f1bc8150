import { DateTime } from 'luxon';
import type { Sla } from './sla.ts';

/** How long before the last year with known holidays is over an operator is told: deadlines reach into the next. */
const AHEAD_DAYS = 60;

/** A sentence for each calendar in use whose holidays end, or have ended, within the reach of deadlines. */
export function describeEndingCalendars({ calendars }: Sla, now: Date): string[] {
  return calendars.flatMap(({ name, timeZone, knownThrough }) => {
    const { year } = DateTime.fromJSDate(now, { zone: timeZone }).plus({ days: AHEAD_DAYS });
    if (knownThrough === undefined || year <= knownThrough) return [];
    return [
      `The holidays of the calendar ${name} are entered through ${knownThrough}. From ${knownThrough + 1} on public ` +
        'holidays count as working days, and make-up days do not: enter them in the policy of deadlines and raise known_through.',
    ];
  });
}
