import type { Decision } from './decision.ts';
import { isJudged } from './settled.ts';

/** What is sure by itself is worth this little of a look, and what is known or not urgent at all this part of one. */
const LEAST_URGENT = 0.2;
const LEAST_NOVEL = 0.5;
/** A decision that a rule wants seen, or in which rule and head disagree, is at least this uncertain. */
const DOUBTED = 0.5;

/**
 * How much a person's look at an item is worth, 0 to 1: uncertainty × urgency × novelty. Novelty is the distance to the
 * nearest labelled example: what a person says about an unfamiliar message teaches most.
 */
export function deriveReviewValue(decision: Decision): number {
  if (isJudged(decision.settled ?? undefined)) return 0;
  const isDoubted = decision.needs_review.why.length > 0;
  // A type that a precedent settled leaves no doubt of its own.
  const uncertainty = Math.max(1 - (decision.type.confidence ?? 1), isDoubted ? DOUBTED : 0);
  const urgency = LEAST_URGENT + (1 - LEAST_URGENT) * (decision.urgency.score / 100);
  const similarity = Math.max(0, decision.explanation.nearest[0]?.similarity ?? 0);
  const novelty = LEAST_NOVEL + (1 - LEAST_NOVEL) * (1 - Math.min(1, similarity));
  return Math.round(uncertainty * urgency * novelty * 10_000) / 10_000;
}
