import type { Amount } from './amounts.ts';
import { findCounterfactual } from './counterfactual.ts';
import type { Decision } from './decision.ts';
import { type Document, locateOriginal } from './document.ts';
import { type Assumptions, RuleEvaluation, type RuleFacts, type RuleOutcome } from './evaluate-rules.ts';
import { explain } from './explanation.ts';
import type { Channel, CustomerFacts } from './facts.ts';
import { chosenTopics, type Prediction } from './prediction.ts';
import { deriveReview, hasLetters } from './review.ts';
import { deriveQueue, type Routing } from './routing.ts';
import type { RuleBook } from './rule-book.ts';
import type { Priority } from './rules.ts';
import { SETTLED_NOTES, type Settled, type SettledValues } from './settled.ts';
import { deriveDeadlines, type Sla } from './sla.ts';
import type { Taxonomy } from './taxonomy.ts';
import { derivePriority, deriveUrgency } from './urgency.ts';

/** The policy as `triage` needs it. */
export interface TriagePolicy {
  readonly taxonomy: Taxonomy;
  readonly ruleBook: RuleBook;
  readonly sla: Sla;
  readonly routing: Routing;
  readonly timeZone: string;
  readAmounts(text: string): Amount[];
  /** The text of a shipped example. */
  exampleText(id: string): string | undefined;
}

export interface TriageInput {
  readonly document: Document;
  readonly prediction: Prediction;
  readonly channel: Channel;
  readonly customer: CustomerFacts;
  readonly receivedAt: Date;
  readonly tokens: number;
  readonly truncated: boolean;
  readonly versions: Decision['versions'];
  /** What people have decided; it stands above rules and heads. */
  readonly settled?: Settled | undefined;
}

/** Alternatives shown beside the type. */
const MAX_ALTERNATIVES = 3;
const FALLBACK_TYPE = 'other';

/** Decides. Pure: the same input under the same policy gives the same decision, which is how replay works. */
export function triage(policy: TriagePolicy, input: TriageInput): Decision {
  const { document, prediction, settled } = input;
  const values = settled?.values ?? {};
  const evaluation = new RuleEvaluation(document, policy.ruleBook);
  const learned = { ...learnedFacts(policy, input), ...settledFacts(values) };
  const assumed = assumeFlags(policy, values);
  const first = evaluation.run(learned, assumed);
  const facts = { ...learned, ...ruledFacts(first, learned), ...settledFacts(values) };
  const isSame = facts.type === learned.type && facts.topics === learned.topics;
  const outcome = isSame ? first : evaluation.run(facts, assumed);
  const priority = values.priority ?? derivePriority(outcome);
  const deadlines = deriveDeadlines(policy.sla, priority, input.receivedAt, policy.timeZone);
  const urgency = deriveUrgency(document, outcome, priority);
  const flags = policy.taxonomy.risk_flags.map(({ key }) => key).filter((key) => outcome.flags.has(key));
  return {
    language: document.language,
    type: typeOf(prediction, facts.type),
    topics: facts.topics.map((key) => ({ key, confidence: round(probabilityOf(prediction.topics, key)) })),
    risk_flags: flags,
    urgency: { score: urgency.score, reasons: [...urgency.reasons] },
    priority,
    priority_reasons: priorityReasons(outcome, priority, settled),
    // A person's word does not hang on facts that could be otherwise.
    counterfactual:
      values.priority || values.risk_flags ? null : findCounterfactual(evaluation, facts, outcome, policy.taxonomy),
    deadlines: {
      first_response_at: deadlines.firstResponseAt.toISOString(),
      resolve_at: deadlines.resolveAt?.toISOString() ?? null,
    },
    queue: deriveQueue(policy.routing, {
      type: facts.type,
      topics: facts.topics,
      flags: outcome.flags,
      language: document.language,
      priority,
    }),
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
    input: { characters: document.original.length, tokens: input.tokens, truncated: input.truncated },
    versions: input.versions,
  };
}

function learnedFacts(policy: TriagePolicy, { document, prediction, channel, customer }: TriageInput): RuleFacts {
  const isSaid = hasLetters(document);
  const type = isSaid ? (prediction.types[0]?.key ?? FALLBACK_TYPE) : FALLBACK_TYPE;
  const topics = isSaid ? chosenTopics(prediction, type === FALLBACK_TYPE) : [];
  return {
    type,
    topics: topics.slice(0, policy.taxonomy.max_topics),
    channel,
    tier: customer.tier,
    priorContacts: customer.prior_contacts_same_matter ?? 0,
    openPositions: customer.open_positions,
    amounts: policy.readAmounts(document.normal.text),
    learned: prediction.flags,
    learnedWords: prediction.words.flags,
  };
}

/** Type and topics where a rule has the last word. */
function ruledFacts(outcome: RuleOutcome, facts: RuleFacts): { type: string; topics: readonly string[] } {
  const type = outcome.fired.findLast(({ rule }) => rule.then.type !== undefined)?.rule.then.type ?? facts.type;
  const isBare = outcome.fired.some(({ rule }) => rule.then.no_topics === true);
  return { type, topics: isBare ? [] : facts.topics };
}

function settledFacts({ type, topics }: SettledValues): Partial<RuleFacts> {
  return { ...(type !== undefined && { type }), ...(topics !== undefined && { topics }) };
}

/** Flags that a person settled are there, and no others. */
function assumeFlags({ taxonomy }: TriagePolicy, { risk_flags: flags }: SettledValues): Assumptions {
  if (flags === undefined) return {};
  const others = taxonomy.risk_flags.map(({ key }) => key).filter((key) => !flags.includes(key));
  return { with: new Set(flags), without: new Set(others) };
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
