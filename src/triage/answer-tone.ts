import type { Decision } from './decision.ts';
import type { Document } from './document.ts';
import { RuleEvaluation } from './evaluate-rules.ts';
import type { Channel } from './facts.ts';
import type { RuleBook } from './rule-book.ts';

/** Words, characters and numbers that a mere "got it" has at most. */
const SHORT_UNITS = 6;
const QUESTION = /[?？]|[吗呢]/u;

/**
 * Whether a customer's later message says no more than that all is well: praise that the machine is sure of, a matter
 * that is settled, contentment, or a short "got it". Whatever is unclear is not: then people look.
 */
export function isContent(document: Document, decision: Decision, channel: Channel, ruleBook: RuleBook): boolean {
  if (decision.risk_flags.length > 0 || QUESTION.test(document.normal.text)) return false;
  const { facts } = new RuleEvaluation(document, ruleBook).run({
    type: decision.type.key,
    topics: [],
    channel,
    tier: undefined,
    priorContacts: 0,
    openPositions: undefined,
    amounts: [],
    reopened: 0,
    reports: 0,
    learned: {},
    learnedWords: {},
    heads: { types: [], topics: [] },
  });
  if (facts.has('still_open') || facts.has('unsolved')) return false;
  const isShort = document.index.units.filter(({ kind }) => kind !== 'stop').length <= SHORT_UNITS;
  const isSurePraise = decision.type.key === 'praise' && !decision.needs_review.yes;
  return isSurePraise || facts.has('settled') || facts.has('satisfied') || (isShort && facts.has('acknowledged'));
}
