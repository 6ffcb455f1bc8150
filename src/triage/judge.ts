import type { Amount } from './amounts.ts';
import type { Document } from './document.ts';
import { type Assumptions, RuleEvaluation, type RuleFacts, type RuleOutcome } from './evaluate-rules.ts';
import type { Channel, CustomerFacts } from './facts.ts';
import { chosenTopics, type Prediction } from './prediction.ts';
import { hasLetters } from './review.ts';
import type { RuleBook } from './rule-book.ts';
import type { Settled, SettledValues } from './settled.ts';
import type { Taxonomy } from './taxonomy.ts';

/** The part of a policy by which rules are evaluated. */
export interface JudgePolicy {
  readonly taxonomy: Taxonomy;
  readonly ruleBook: RuleBook;
  readAmounts(text: string): Amount[];
}

export interface JudgeInput {
  readonly document: Document;
  readonly prediction: Prediction;
  readonly channel: Channel;
  readonly customer: CustomerFacts;
  /** Distinct customers with the same matter, as far as it is known; 0 unless given. */
  readonly reports?: number | undefined;
  /** What people have decided; it stands above rules and heads. */
  readonly settled?: Settled | undefined;
  /** Facts in place of those that are read or learned: of examples of rules, and of what-ifs. */
  readonly given?: Partial<RuleFacts> | undefined;
}

/** What the rules say of a message, and what they were asked about. */
export interface Judgement {
  readonly evaluation: RuleEvaluation;
  /** Before a rule had its word on type and topics. */
  readonly learned: RuleFacts;
  readonly facts: RuleFacts;
  readonly outcome: RuleOutcome;
  /** The same message under other facts, flags taken away or given. */
  judgeBy(changed: Partial<RuleFacts>, assume?: Assumptions): Pick<Judgement, 'facts' | 'outcome'>;
}

const FALLBACK_TYPE = 'other';

/** Runs the rules; where one of them changes type or topics, once more by these. Pure. */
export function judge(policy: JudgePolicy, input: JudgeInput): Judgement {
  const values = input.settled?.values ?? {};
  const evaluation = new RuleEvaluation(input.document, policy.ruleBook);
  const learned = { ...learnedFacts(policy, input), ...input.given, ...settledFacts(values) };
  const assumed = assumeFlags(policy, values);
  const judgeBy: Judgement['judgeBy'] = (changed, assume = assumed) => {
    const given = { ...learned, ...changed };
    const first = evaluation.run(given, assume);
    const facts = { ...given, ...ruledFacts(first, given), ...settledFacts(values) };
    const isSame = facts.type === given.type && facts.topics === given.topics;
    return { facts, outcome: isSame ? first : evaluation.run(facts, assume) };
  };
  return { evaluation, learned, judgeBy, ...judgeBy({}) };
}

function learnedFacts(
  policy: JudgePolicy,
  { document, prediction, channel, customer, reports = 0 }: JudgeInput,
): RuleFacts {
  const isSaid = hasLetters(document);
  const type = isSaid ? (prediction.types[0]?.key ?? FALLBACK_TYPE) : FALLBACK_TYPE;
  const topics = isSaid ? chosenTopics(prediction, type === FALLBACK_TYPE) : [];
  return {
    type,
    topics: topics.slice(0, policy.taxonomy.max_topics),
    channel,
    tier: customer.tier,
    priorContacts: customer.prior_contacts_same_matter ?? 0,
    reopened: customer.times_reopened ?? 0,
    reports,
    openPositions: customer.open_positions,
    amounts: policy.readAmounts(document.normal.text),
    learned: prediction.flags,
    learnedWords: prediction.words.flags,
    heads: prediction,
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
function assumeFlags({ taxonomy }: JudgePolicy, { risk_flags: flags }: SettledValues): Assumptions {
  if (flags === undefined) return {};
  const others = taxonomy.risk_flags.map(({ key }) => key).filter((key) => !flags.includes(key));
  return { with: new Set(flags), without: new Set(others) };
}
