import { type FoundPhrases, placesOf } from '../text/phrase-table.ts';
import type { Place } from '../text/phrases.ts';
import type { Span } from '../text/tracked.ts';
import type { Amount } from './amounts.ts';
import type { Condition, Estimated, Scope, WordCondition } from './conditions.ts';
import type { Document } from './document.ts';
import type { Channel } from './facts.ts';
import type { Prediction } from './prediction.ts';
import { type RuleBook, wordConditions } from './rule-book.ts';
import type { Rule } from './rules.ts';
import { findCues, findScope, type ScopeCues } from './scope.ts';

/** Everything a rule may ask about. */
export interface RuleFacts {
  readonly type: string;
  readonly topics: readonly string[];
  readonly channel: Channel;
  readonly tier: string | undefined;
  readonly priorContacts: number;
  /** How often the matter was taken up again after it was resolved. */
  readonly reopened: number;
  /** Distinct customers with the same matter. */
  readonly reports: number;
  readonly openPositions: boolean | undefined;
  readonly amounts: readonly Amount[];
  /** Calibrated probability of each flag from the learned head. */
  readonly learned: Readonly<Record<string, number>>;
  /** The words behind it. */
  readonly learnedWords: Readonly<Record<string, readonly Span[]>>;
  /** What the learned head says of types and topics. */
  readonly heads: Pick<Prediction, 'types' | 'topics'>;
}

/** A "what if" for counterfactuals: flags taken away or given, everything else by other `RuleFacts`. */
export interface Assumptions {
  readonly without?: ReadonlySet<string>;
  readonly with?: ReadonlySet<string>;
}

export interface Evidence {
  readonly holds: boolean;
  /** Spans of the normalised text that made it hold. */
  readonly spans: readonly Span[];
}

export interface FiredRule {
  readonly rule: Rule;
  readonly spans: readonly Span[];
}

export interface RuleOutcome {
  readonly fired: readonly FiredRule[];
  readonly flags: ReadonlySet<string>;
  readonly facts: ReadonlySet<string>;
}

/** Words of a condition in a text; `silenced`: the scope that takes them out of force, with the words that open it. */
export interface WordPlace extends Span {
  readonly silenced: { readonly scope: Scope; readonly cue: Span } | undefined;
}

/** What a condition is checked against. */
interface Asked {
  readonly facts: RuleFacts;
  /** Flags and facts that earlier rules gave. */
  readonly flags: ReadonlySet<string>;
  readonly known: ReadonlySet<string>;
}

const NO: Evidence = { holds: false, spans: [] };
const YES: Evidence = { holds: true, spans: [] };
/** Scopes whose words the learned heads must not take for the thing itself; a question about it may still be a risk. */
const UNMEANT: ReadonlySet<Scope> = new Set(['negated', 'hypothetical', 'past', 'third_person', 'quoted']);
/** Quotes shown for one condition. */
const MAX_SPANS = 3;
/** Letters that a text needs before its capitals say anything. */
const MIN_LETTERS = 12;

/**
 * Evaluates rules over one document. Phrases are searched once and remembered, so that a counterfactual costs
 * microseconds. `rules` must be in dependency order (see `orderRules`).
 */
export class RuleEvaluation {
  readonly #document: Document;
  readonly #rules: readonly Rule[];
  readonly #found: FoundPhrases;
  readonly cues: ScopeCues;
  readonly #memo = new Map<Condition, Evidence>();
  /** Conditions whose words stand in the text, but nowhere in force. */
  readonly #outOfForce = new Set<Condition>();
  #unmeant: ReadonlySet<string> | undefined;

  constructor(document: Document, book: RuleBook) {
    this.#document = document;
    this.#rules = book.rules;
    this.#found = book.phrases.findAll(document.index);
    this.cues = findCues(book.scopes, this.#found, document.index);
  }

  run(facts: RuleFacts, assume: Assumptions = {}): RuleOutcome {
    const fired: FiredRule[] = [];
    const flags = new Set(assume.with);
    const known = new Set<string>();
    const asked = { facts, flags, known };
    this.#unmeant ??= this.#unmeantFlags();
    for (const rule of this.#rules) {
      const evidence = this.#check(rule.when, asked);
      if (!evidence.holds) continue;
      if (rule.unless !== undefined && this.#check(rule.unless, asked).holds) continue;
      if (rule.then.flag !== undefined) {
        if (assume.without?.has(rule.then.flag)) continue;
        flags.add(rule.then.flag);
      }
      if (rule.then.fact !== undefined) known.add(rule.then.fact);
      fired.push({ rule, spans: evidence.spans });
    }
    return { fired, flags, facts: known };
  }

  /** Whether a condition holds for one who knows the outcome: what a rule behind all others would see. */
  holds(condition: Condition, facts: RuleFacts, { flags, facts: known }: RuleOutcome): boolean {
    return this.#check(condition, { facts, flags, known }).holds;
  }

  /** Every place where the words of a condition stand, and what takes it out of force there. */
  wordPlaces(condition: WordCondition): WordPlace[] {
    return this.#placesOf(condition).map((place) => {
      const silenced = findScope(place, condition.unless, this.cues, this.#document.index);
      return { start: place.start, end: place.end, silenced };
    });
  }

  #check(condition: Condition, asked: Asked): Evidence {
    const { facts, flags, known } = asked;
    if ('phrases' in condition || 'pattern' in condition) return this.#words(condition);
    if ('flag' in condition) return answer(flags.has(condition.flag));
    if ('fact' in condition) return answer(known.has(condition.fact));
    if ('all' in condition) return this.#all(condition.all, asked);
    if ('any' in condition) return this.#any(condition.any, asked);
    if ('not' in condition) return answer(!this.#check(condition.not, asked).holds);
    if ('amount_usd_at_least' in condition) return amounts(facts.amounts, condition.amount_usd_at_least);
    if ('emphasis_at_least' in condition)
      return answer(emphasis(this.#document.original) >= condition.emphasis_at_least);
    if ('learned' in condition)
      return this.#unmeant?.has(condition.learned.flag ?? '') ? NO : learned(facts, condition.learned);
    if ('doubted' in condition) return answer((probabilityOf(condition.doubted, facts) ?? 1) < condition.doubted.below);
    return answer(holdsForCustomer(condition, facts));
  }

  #all(parts: readonly Condition[], asked: Asked): Evidence {
    const spans: Span[] = [];
    for (const part of parts) {
      const evidence = this.#check(part, asked);
      if (!evidence.holds) return NO;
      spans.push(...evidence.spans);
    }
    return spans.length === 0 ? YES : { holds: true, spans };
  }

  #any(parts: readonly Condition[], asked: Asked): Evidence {
    let holds = false;
    const spans: Span[] = [];
    for (const part of parts) {
      const evidence = this.#check(part, asked);
      holds ||= evidence.holds;
      spans.push(...evidence.spans);
    }
    if (!holds) return NO;
    return spans.length === 0 ? YES : { holds, spans: spans.slice(0, MAX_SPANS) };
  }

  #words(condition: WordCondition): Evidence {
    const memo = this.#memo.get(condition);
    if (memo) return memo;
    const matches = this.#placesOf(condition);
    if (matches.length === 0) {
      this.#memo.set(condition, NO);
      return NO;
    }
    const spans = matches
      .filter((match) => this.#inForce(match, condition.unless))
      .sort((left, right) => left.start - right.start)
      .slice(0, MAX_SPANS)
      .map(({ start, end }) => ({ start, end }));
    if (spans.length === 0 && matches.every((match) => this.#isUnmeant(match, condition.unless)))
      this.#outOfForce.add(condition);
    const evidence = spans.length === 0 ? NO : { holds: true, spans };
    this.#memo.set(condition, evidence);
    return evidence;
  }

  #placesOf(condition: WordCondition): readonly Place[] {
    if ('phrases' in condition) return placesOf(this.#found, condition.phrases);
    return condition.pattern.findIn(this.#document.normal.text, this.#document.index);
  }

  /**
   * Flags whose words stand in the text, all of them denied, imagined, past or another's ("not hacked", "what if I get
   * hacked"): there the learned head, which sees the words and hardly what they hang on, has no say.
   */
  #unmeantFlags(): ReadonlySet<string> {
    const unmeant = new Set<string>();
    const inForce = new Set<string>();
    for (const { when, then } of this.#rules) {
      if (then.flag === undefined) continue;
      for (const condition of wordConditions(when)) {
        if (this.#words(condition).holds) inForce.add(then.flag);
        else if (this.#outOfForce.has(condition)) unmeant.add(then.flag);
      }
    }
    for (const flag of inForce) unmeant.delete(flag);
    return unmeant;
  }

  #isUnmeant(match: Place, unless: readonly Scope[]): boolean {
    const scopes = unless.filter((scope) => UNMEANT.has(scope));
    return findScope(match, scopes, this.cues, this.#document.index) !== undefined;
  }

  #inForce(match: Place, unless: readonly Scope[]): boolean {
    return findScope(match, unless, this.cues, this.#document.index) === undefined;
  }
}

type CustomerCondition = Extract<
  Condition,
  | { type: unknown }
  | { topic: unknown }
  | { channel: unknown }
  | { tier: unknown }
  | { prior_contacts_at_least: unknown }
  | { reopened_at_least: unknown }
  | { similar_reports_at_least: unknown }
  | { open_positions: unknown }
>;

function holdsForCustomer(condition: CustomerCondition, facts: RuleFacts): boolean {
  if ('type' in condition) return condition.type.includes(facts.type);
  if ('topic' in condition) return condition.topic.some((topic) => facts.topics.includes(topic));
  if ('channel' in condition) return condition.channel.includes(facts.channel);
  if ('tier' in condition) return facts.tier !== undefined && condition.tier.includes(facts.tier.toLowerCase());
  if ('prior_contacts_at_least' in condition) return facts.priorContacts >= condition.prior_contacts_at_least;
  if ('reopened_at_least' in condition) return facts.reopened >= condition.reopened_at_least;
  if ('similar_reports_at_least' in condition) return facts.reports >= condition.similar_reports_at_least;
  return facts.openPositions === condition.open_positions;
}

function answer(holds: boolean): Evidence {
  return holds ? YES : NO;
}

function learned(facts: RuleFacts, asked: Estimated & { readonly at_least: number }): Evidence {
  if ((probabilityOf(asked, facts) ?? 0) < asked.at_least) return NO;
  return { holds: true, spans: (facts.learnedWords[asked.flag ?? ''] ?? []).slice(0, MAX_SPANS) };
}

/** What the heads give a label; undefined where they do not know it. */
function probabilityOf({ flag, type, topic }: Estimated, { learned, heads }: RuleFacts): number | undefined {
  if (flag !== undefined) return learned[flag];
  const labels = type === undefined ? heads.topics : heads.types;
  return labels.find(({ key }) => key === (type ?? topic))?.probability;
}

function amounts(found: readonly Amount[], atLeast: number): Evidence {
  const large = found.filter((amount) => amount.amountUsd >= atLeast);
  return large.length === 0
    ? NO
    : { holds: true, spans: large.slice(0, MAX_SPANS).map(({ start, end }) => ({ start, end })) };
}

/** 0 to 1: the share of capitals among Latin letters, or one for a run of exclamation marks. */
function emphasis(original: string): number {
  if (/[!！]{3,}/u.test(original)) return 1;
  const letters = original.match(/[a-z]/giu) ?? [];
  if (letters.length < MIN_LETTERS) return 0;
  return letters.filter((letter) => letter < 'a').length / letters.length;
}
