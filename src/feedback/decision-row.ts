import type { Insertable } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { DecisionTable } from '../db/tables.ts';
import type { Decision } from '../triage/decision.ts';
import type { Actor } from './actor.ts';

/** A decision as it is kept: never changed, with the versions by which it can be replayed. */
export function decisionRow(
  feedbackId: string,
  decision: Decision,
  { actor, at }: { readonly actor: Actor; readonly at: Date },
): Insertable<DecisionTable> {
  const { model, taxonomy, rules, head } = decision.versions;
  return {
    id: uuidv7(),
    feedback_id: feedbackId,
    created_at: at,
    actor: JSON.stringify(actor),
    model_version: model,
    taxonomy_version: taxonomy,
    rules_version: rules,
    head_version: head,
    decision: JSON.stringify(decision),
  };
}
