import { AppError } from '../errors.ts';
import type { FeedbackRow } from '../feedback/find-item.ts';

const DAY_MS = 86_400_000;
/** For items that were answered: longer would be forgotten. */
const LONGEST_DAYS = 90;

type SnoozedItem = Pick<FeedbackRow, 'priority' | 'first_responded_at' | 'first_response_due_at'>;

/**
 * Whether an item may be out of sight until a time.
 *
 * @throws AppError `invalid_input` with the latest time that is accepted, or why there is none
 */
export function checkSnooze(item: SnoozedItem, until: Date, at: Date): void {
  const refuse = (message: string) => {
    throw new AppError('invalid_input', 'Not accepted: /snooze_until.', {
      errors: [{ pointer: '/snooze_until', message }],
    });
  };
  if (item.priority === 'P1') refuse('cannot be a time for a P1, which is never out of sight; null is accepted');
  const isAnswered = item.first_responded_at !== null;
  const latest = isAnswered ? new Date(at.getTime() + LONGEST_DAYS * DAY_MS) : item.first_response_due_at;
  if (latest <= at) refuse('cannot be a time while the first response is late; null is accepted');
  const why = isAnswered ? `${LONGEST_DAYS} days from now` : 'when the first response is due';
  if (until > latest) refuse(`must not be later than ${latest.toISOString()}, ${why}`);
  if (until <= at) refuse(`must lie in the future, and not be later than ${latest.toISOString()}, ${why}`);
}
