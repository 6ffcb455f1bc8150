import { z } from 'zod';
import { share } from '../../learning/metrics.ts';

/** Cases below which a share, a mean or a median says too little to be shown. */
export const MIN_TO_SAY = 10;

export const reportedShareSchema = z
  .object({
    count: z.int(),
    of: z.int(),
    share: z.number().nullable().describe(`Null where there are fewer than ${MIN_TO_SAY}: too few to say.`),
    low: z.number().nullable().describe('Of the 95 % interval (Wilson).'),
    high: z.number().nullable(),
  })
  .meta({ id: 'ReplyShare' });
export type ReportedShare = Readonly<z.infer<typeof reportedShareSchema>>;

export function shareOf(count: number, of: number): ReportedShare {
  if (of < MIN_TO_SAY) return { count, of, share: null, low: null, high: null };
  const { value, low, high } = share(count, of);
  return { count, of, share: round(value), low: round(low), high: round(high) };
}

/** A mean or median of so many cases, where they are enough to say. */
export function meanOf(value: number | null, cases: number): number | null {
  return value === null || cases < MIN_TO_SAY ? null : round(value);
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

/** What people did with drafts that share something. */
export interface Decided {
  readonly accepted: number;
  readonly edited: number;
  readonly rejected: number;
}

export function decidedOf({ accepted, edited, rejected }: Decided): number {
  return accepted + edited + rejected;
}

/** How many of those that were decided about were taken, changed and refused. */
export function sharesOf(decided: Decided) {
  const of = decidedOf(decided);
  return {
    accepted: shareOf(decided.accepted, of),
    edited: shareOf(decided.edited, of),
    rejected: shareOf(decided.rejected, of),
  };
}

/**
 * Whether drafts with something in them are taken as they are less often than the others: the whole interval of theirs
 * lies below that of the rest. Of too few cases nothing is said.
 */
export function isWeak(one: Decided, all: Decided): boolean {
  const own = shareOf(one.accepted, decidedOf(one));
  const rest = shareOf(all.accepted - one.accepted, decidedOf(all) - decidedOf(one));
  return own.high !== null && rest.low !== null && own.high < rest.low;
}
