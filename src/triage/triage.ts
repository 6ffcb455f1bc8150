import { findCounterfactual } from './counterfactual.ts';
import { type Decision, withoutSettledConfidence } from './decision.ts';
import { locateOriginal } from './document.ts';
import type { RuleOutcome } from './evaluate-rules.ts';
import { explain } from './explanation.ts';
import { type JudgeInput, type JudgePolicy, judge } from './judge.ts';
import type { Prediction } from './prediction.ts';
import { deriveReview } from './review.ts';
import { deriveQueue, findQueue, type Routing } from './routing.ts';
import type { Priority } from './rules.ts';
import { SETTLED_NOTES, type Settled, type SettledValues } from './settled.ts';
import { deriveDeadlines, openSla } from './sla.ts';
import type { SlaPolicy } from './sla-policy.ts';
import { derivePriority, deriveUrgency } from './urgency.ts';

/** The policy as `triage` needs it. */
export interface TriagePolicy extends JudgePolicy {
  readonly sla: SlaPolicy;
  readonly routing: Routing;
  readonly timeZone: string;
  /** The text of a shipped example. */
  exampleText(id: string): string | undefined;
}

export interface TriageInput extends JudgeInput {
  readonly receivedAt: Date;
  readonly tokens: number;
  readonly truncated: boolean;
  readonly versions: Decision['versions'];
}

/** Alternatives shown beside the type. */
const MAX_ALTERNATIVES = 3;

/** Decides. Pure: the same input under the same policy gives the same decision, which is how replay works. */
export function triage(policy: TriagePolicy, input: TriageInput): Decision {
  const { document, prediction, settled } = input;
  const values = settled?.values ?? {};
  const judgement = judge(policy, input);
  const { learned, facts, outcome } = judgement;
  const priority = values.priority ?? derivePriority(outcome);
  const urgency = deriveUrgency(document, outcome, priority);
  const flags = policy.taxonomy.risk_flags.map(({ key }) => key).filter((key) => outcome.flags.has(key));
  const queue =
    settledQueue(policy, values) ??
    deriveQueue(policy.routing, {
      type: facts.type,
      topics: facts.topics,
      flags: outcome.flags,
      language: document.language,
      priority,
    });
  return withoutSettledConfidence({
    language: document.language,
    type: typeOf(prediction, facts.type),
    topics: facts.topics.map((key) => ({ key, confidence: round(probabilityOf(prediction.topics, key)) })),
    risk_flags: flags,
    urgency: { score: urgency.score, reasons: [...urgency.reasons] },
    priority,
    priority_reasons: priorityReasons(outcome, priority, settled),
    // A person's word does not hang on facts that could be otherwise.
    counterfactual: values.priority || values.risk_flags ? null : findCounterfactual(judgement, policy.taxonomy),
    deadlines: deadlinesOf(policy, input, priority, queue),
    queue,
    needs_review: deriveReview({
      document,
      prediction,
      type: facts.type,
      outcome,
      isTypeRuled: facts.type !== learned.type,
      settled,
    }),
    explanation: explain(document, prediction, facts.topics, policy.exampleText),
    settled: settled ?? null,
    redactions: document.redactions.map(({ kind, start, end }) => ({
      kind,
      ...locateOriginal(document, { start, end }),
    })),
    input: {
      characters: document.original.length,
      tokens: input.tokens,
      truncated: input.truncated,
      reports: input.reports ?? 0,
    },
    versions: input.versions,
  });
}

function deadlinesOf(
  { sla, timeZone }: TriagePolicy,
  { receivedAt, customer }: TriageInput,
  priority: Priority,
  queue: string,
): Decision['deadlines'] {
  const item = { priority, receivedAt, pauses: [], facts: { tier: customer.tier, queue } };
  const { firstResponseAt, resolveAt } = deriveDeadlines(openSla(sla, timeZone), item);
  return { first_response_at: firstResponseAt.toISOString(), resolve_at: resolveAt?.toISOString() ?? null };
}

/** Where a person handed it over to; a queue that routing has lost since counts no more. */
function settledQueue({ routing }: TriagePolicy, { queue }: SettledValues): string | undefined {
  return queue === undefined ? undefined : findQueue(routing, queue)?.key;
}

function priorityReasons(
  { fired }: RuleOutcome,
  priority: Priority,
  settled: Settled | undefined,
): Decision['priority_reasons'] {
  if (settled?.values.priority !== undefined)
    return [{ rule: `settled_by_${settled.by}`, priority, note: SETTLED_NOTES[settled.by] }];
  const deciding = fired.filter(({ rule }) => rule.then.floor === priority || rule.then.ceiling === priority);
  return deciding.map(({ rule }) => ({ rule: rule.name, priority, note: rule.sentence }));
}

function typeOf(prediction: Prediction, key: string): Decision['type'] {
  const ranked = prediction.types.map(({ key: type, probability }) => ({ key: type, confidence: round(probability) }));
  return {
    key,
    confidence: round(probabilityOf(prediction.types, key)),
    alternatives: ranked.filter((other) => other.key !== key).slice(0, MAX_ALTERNATIVES),
  };
}

function probabilityOf(labels: readonly { key: string; probability: number }[], key: string): number {
  return labels.find((label) => label.key === key)?.probability ?? 0;
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
