import { z } from 'zod';

const HOUR_MS = 3_600_000;
const AMOUNT = String.raw`(\d{1,6}(?:\.\d{1,3})?)`;
const SHORT = new RegExp(`^(?:${AMOUNT}d)?(?:${AMOUNT}h)?(?:${AMOUNT}m)?$`);
/** ISO 8601-1, 5.5.2, without what has no fixed length. */
const ISO = new RegExp(`^P(?:${AMOUNT}D)?(?:T(?=\\d)(?:${AMOUNT}H)?(?:${AMOUNT}M)?(?:${AMOUNT}S)?)?$`);

/** A length of working time: working days of a calendar, and milliseconds beside them. */
export interface Duration {
  readonly days: number;
  readonly ms: number;
}

/** Reads `90m`, `1d4h` or ISO 8601 (`PT90M`, `P1DT4H`); undefined when it is neither, or nothing. */
export function parseDuration(text: string): Duration | undefined {
  const found = SHORT.exec(text) ?? ISO.exec(text);
  if (found === null) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0));
  const ms = Math.round(hours * HOUR_MS + minutes * 60_000 + seconds * 1_000);
  return days === 0 && ms === 0 ? undefined : { days, ms };
}

/** Milliseconds of working time. @param dayMs what one day stands for: `Calendar.dayMs` */
export function toWorkingMs({ days, ms }: Duration, dayMs: number): number {
  return Math.round(days * dayMs) + ms;
}

/** A duration as it is written in policies. */
export const durationSchema = z
  .string()
  .max(40)
  .refine((text) => parseDuration(text) !== undefined, {
    message:
      'must be a duration above zero such as 90m, 4h, 5d or P1DT4H: d is a working day of its calendar; ' +
      'weeks, months and years have no fixed working time',
    // What is checked of whole policies counts with it.
    abort: true,
  });
