import { LRUCache } from 'lru-cache';
import { DateTime } from 'luxon';
import { z } from 'zod';
import { PRIORITIES } from './rules.js';
const HOUR_MS = 3_600_000;
/** Luxon takes 0.15 ms to find a midnight, and the items of one day all ask for the same few. */
const midnights = new LRUCache({ max: 1_000 });
/** A calendar without a working day in this many days is broken. */
const MAX_DAYS = 3_660;
const day = z.iso.date('a day as YYYY-MM-DD');
const targetSchema = z.strictObject({ hours: z.number().positive().max(8_760), clock: z.enum(['always', 'business']) });
const prioritySchema = z.strictObject({ first_response: targetSchema, resolution: targetSchema.nullable() });
/** `data/sla.yaml`. */
export const slaSchema = z.strictObject({
    version: z.string(),
    calendar: z.strictObject({
        weekdays: z.array(z.int().min(1).max(7)).min(1),
        holidays: z.array(day),
        workdays: z.array(day),
    }),
    priorities: z.record(z.enum(PRIORITIES), prioritySchema),
});
/** When the first answer and the solution are due for an item received at `receivedAt`. */
export function deriveDeadlines(sla, priority, receivedAt, timeZone) {
    const targets = sla.priorities[priority];
    const due = (target) => addTime(sla, target, receivedAt, timeZone);
    return {
        firstResponseAt: due(targets.first_response),
        resolveAt: targets.resolution ? due(targets.resolution) : undefined,
    };
}
function addTime(sla, target, start, timeZone) {
    const remaining = target.hours * HOUR_MS;
    if (target.clock === 'always')
        return new Date(start.getTime() + remaining);
    return addBusinessTime(sla.calendar, start, remaining, timeZone);
}
/** Adds milliseconds of business days. Days end at local midnight, so a day of 23 or 25 hours counts as it is. */
function addBusinessTime(calendar, start, durationMs, timeZone) {
    let remaining = durationMs;
    let at = DateTime.fromJSDate(start, { zone: timeZone });
    for (let days = 0; days < MAX_DAYS; days++) {
        const midnight = nextMidnight(at);
        if (isWorkday(calendar, at)) {
            const available = midnight.toMillis() - at.toMillis();
            if (remaining <= available)
                return new Date(at.toMillis() + remaining);
            remaining -= available;
        }
        at = midnight;
    }
    throw new RangeError('the business calendar has no working days');
}
/** The first moment of the next day, also where clocks skip midnight or pass it twice; no clock changes at noon. */
function nextMidnight(at) {
    const day = `${at.zoneName} ${at.toISODate()}`;
    const known = midnights.get(day);
    if (known !== undefined)
        return known;
    const midnight = at.set({ hour: 12 }).plus({ days: 1 }).startOf('day');
    const hourBefore = midnight.minus({ hours: 1 });
    const found = hourBefore.hasSame(midnight, 'day') ? hourBefore : midnight;
    midnights.set(day, found);
    return found;
}
function isWorkday(calendar, at) {
    const date = at.toISODate() ?? '';
    if (calendar.workdays.includes(date))
        return true;
    return calendar.weekdays.includes(at.weekday) && !calendar.holidays.includes(date);
}
//# sourceMappingURL=sla.js.map