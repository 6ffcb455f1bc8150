import type { Decision } from './decision.ts';
import type { Raise, Urgent } from './raised.ts';
import { deriveQueue, isRestricted, type Routing } from './routing.ts';
import { PRIORITIES, type Priority } from './rules.ts';

/** The higher of two priorities. */
export function higherOf(left: Priority, right: Priority): Priority {
  return PRIORITIES.indexOf(left) <= PRIORITIES.indexOf(right) ? left : right;
}

/**
 * Whether a decision would change by what `raise` tells: a higher priority, or a risk flag that it has not; by a burst
 * also a higher score, because it concerns all who report the same.
 */
export function doesRaise(decision: Pick<Decision, 'priority' | 'risk_flags' | 'urgency'>, raise: Urgent): boolean {
  if (raise.by === 'burst' && raise.score > decision.urgency.score) return true;
  const isHigher = higherOf(decision.priority, raise.priority) !== decision.priority;
  return isHigher || raise.risk_flags.some((flag) => !decision.risk_flags.includes(flag));
}

/**
 * A decision with what came later: never a lower priority or score than before; a higher priority brings its deadlines.
 * The queue follows new risk flags. Pure, so that replay and corrections repeat it.
 */
export function raiseDecision(routing: Routing, decision: Decision, raise: Raise): Decision {
  if (!doesRaise(decision, raise)) return decision;
  const rule = `raised_by_${raise.by}`;
  const priority = higherOf(decision.priority, raise.priority);
  const isHigher = priority !== decision.priority;
  const points = Math.max(0, raise.score - decision.urgency.score);
  const flags = flagsOf(decision, raise);
  const reason = { rule, points, quote: raise.quote, field: null, start: null, end: null, note: raise.note };
  return {
    ...decision,
    priority,
    risk_flags: flags,
    urgency: { score: decision.urgency.score + points, reasons: [reason, ...decision.urgency.reasons] },
    priority_reasons: isHigher ? [{ rule, priority, note: raise.note }] : decision.priority_reasons,
    counterfactual: isHigher ? null : decision.counterfactual,
    deadlines: isHigher
      ? { first_response_at: raise.first_response_at, resolve_at: raise.resolve_at }
      : decision.deadlines,
    queue: deriveRaisedQueue(routing, decision, raise),
    raised: {
      before: decision.raised?.before ?? { priority: decision.priority, risk_flags: decision.risk_flags },
      reasons: [...(decision.raised?.reasons ?? []), raise],
    },
  };
}

/** Where new risk flags take an item. A person's choice, and a restricted queue, are left for a restricted queue only. */
export function deriveRaisedQueue(routing: Routing, decision: Decision, raise: Urgent): string {
  const flags = flagsOf(decision, raise);
  if (flags.length === decision.risk_flags.length) return decision.queue;
  const priority = higherOf(decision.priority, raise.priority);
  const queue = deriveQueue(routing, {
    type: decision.type.key,
    topics: decision.topics.map(({ key }) => key),
    flags: new Set(flags),
    language: decision.language,
    priority,
  });
  const isHeld = decision.settled?.values.queue !== undefined || isRestricted(routing, decision.queue);
  return isHeld && !isRestricted(routing, queue) ? decision.queue : queue;
}

function flagsOf(decision: Pick<Decision, 'risk_flags'>, raise: Urgent): string[] {
  return [...new Set([...decision.risk_flags, ...raise.risk_flags])];
}
