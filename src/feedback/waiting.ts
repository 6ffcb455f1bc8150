import { type Expression, type SqlBool, sql } from 'kysely';

/**
 * Whether an item is in sight at a moment. A snooze that was given before the item became a P1, or was due earlier,
 * hides it no more.
 */
export function isAwake(at: Date): Expression<SqlBool> {
  return sql<SqlBool>`(snoozed_until is null or snoozed_until <= ${at} or priority = 'P1'
    or (first_responded_at is null and first_response_due_at <= ${at}))`;
}

/** Whether somebody still has to do something for an item, and it speaks for itself. */
export function isOpenItem(): Expression<SqlBool> {
  return sql<SqlBool>`resolved_at is null and merged_into is null`;
}

/** Whether an item waits for somebody to take it, wherever its work stands. */
export function isWaiting(at: Date): Expression<SqlBool> {
  return sql<SqlBool>`(assignee is null and resolved_at is null and merged_into is null
    and status not in ('received', 'classified') and ${isAwake(at)})`;
}

/** Whether the customer has an answer, so that the next word is theirs. */
export function isAnswered(): Expression<SqlBool> {
  return sql<SqlBool>`(status in ('replied', 'waiting_for_customer'))`;
}
