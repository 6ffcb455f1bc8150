import type { Selectable } from 'kysely';
import type { FeedbackTable } from '../db/tables.ts';
import { listNext } from '../triage/lifecycle.ts';
import { type FeedbackView, feedbackSchema } from './view.ts';

/** A row of `feedback` as the API shows it. */
export function toView(row: Selectable<FeedbackTable>): FeedbackView {
  return feedbackSchema.parse({
    ...row,
    next: row.merged_into === null ? listNext(row.status, 'person') : [],
    text: row.body,
    customer: row.customer_facts,
    received_at: row.received_at.toISOString(),
    happened_at: row.happened_at?.toISOString() ?? null,
    updated_at: row.updated_at.toISOString(),
    first_response_due_at: row.first_response_due_at.toISOString(),
    resolve_due_at: row.resolve_due_at?.toISOString() ?? null,
    snoozed_until: row.snoozed_until?.toISOString() ?? null,
    first_responded_at: row.first_responded_at?.toISOString() ?? null,
    resolved_at: row.resolved_at?.toISOString() ?? null,
    closed_at: row.closed_at?.toISOString() ?? null,
  });
}
