import type { Decision } from '../triage/decision.ts';

/** The columns of an item that repeat its decision in force. */
export function decidedColumns({ type, topics, risk_flags, urgency, priority, queue, ...decision }: Decision) {
  return {
    type: type.key,
    topics: topics.map(({ key }) => key),
    risk_flags,
    urgency_score: urgency.score,
    priority,
    queue,
    needs_review: decision.needs_review.yes,
    first_response_due_at: decision.deadlines.first_response_at,
    resolve_due_at: decision.deadlines.resolve_at,
  };
}
