import type { Config } from '../config.ts';
import type { FeedbackRow } from './find-item.ts';

const HOUR_MS = 3_600_000;
/** Types that ask for nothing: without a known customer there is nobody to ask either. */
const ASKS_NOTHING: ReadonlySet<string> = new Set(['praise', 'other']);

/** When the customer of an item that is resolved at `at` is asked whether it is solved; null for never. */
export function deriveFollowUp(
  { type, customer_id }: Pick<FeedbackRow, 'type' | 'customer_id'>,
  at: Date,
  { FOLLOW_UP_AFTER_HOURS }: Pick<Config, 'FOLLOW_UP_AFTER_HOURS'>,
): Date | null {
  if (customer_id === null && ASKS_NOTHING.has(type)) return null;
  return new Date(at.getTime() + FOLLOW_UP_AFTER_HOURS * HOUR_MS);
}
