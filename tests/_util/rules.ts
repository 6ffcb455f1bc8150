import { parse } from 'yaml';
import { Segmenter } from '../../src/text/segment.ts';
import { readDocument } from '../../src/triage/document.ts';
import { type Assumptions, RuleEvaluation, type RuleFacts, type RuleOutcome } from '../../src/triage/evaluate-rules.ts';
import { orderRules } from '../../src/triage/order-rules.ts';
import { createRuleBook } from '../../src/triage/rule-book.ts';
import { type Rule, ruleFileSchema, type ScopeLexicon, scopeLexiconSchema } from '../../src/triage/rules.ts';

const segmenter = new Segmenter([]);
const FACTS: RuleFacts = {
  type: 'question',
  topics: [],
  channel: 'chat',
  tier: undefined,
  priorContacts: 0,
  reopened: 0,
  reports: 0,
  openPositions: undefined,
  amounts: [],
  learned: {},
  learnedWords: {},
  heads: { types: [], topics: [] },
};
export const NO_SCOPES: ScopeLexicon = { version: '1', cues: {} as ScopeLexicon['cues'] };

/** Rules in the notation of `data/rules`, by name; the sentence is the name. They are put in order. */
export function rulesOf(source: string): Rule[] {
  const rules = Object.entries<object>(parse(source)).map(([name, rule]) => ({
    name,
    sentence: { zh: name, en: name },
    ...rule,
  }));
  return orderRules(ruleFileSchema.parse({ version: '1', rules }).rules);
}

/** A scope lexicon in the notation of `data/lexicons/scope.yaml`; scopes left out have no cues that can stand in a text. */
export function lexiconOf(source: string): ScopeLexicon {
  const never = [{ phrases: ['thisnevercomes'], reach: 'clause', within: 1, side: 'before' }];
  const cues = { negated: never, hypothetical: never, past: never, third_person: never, general: never, quoted: never };
  return scopeLexiconSchema.parse({ version: '1', cues: { ...cues, ...parse(source) } });
}

export interface EvaluateOptions {
  readonly facts?: Partial<RuleFacts>;
  readonly lexicon?: ScopeLexicon;
  readonly assume?: Assumptions;
}

export function evaluate(text: string, rules: readonly Rule[], options: EvaluateOptions = {}): RuleOutcome {
  const document = readDocument(segmenter, { text });
  const evaluation = new RuleEvaluation(document, createRuleBook(rules, options.lexicon ?? NO_SCOPES));
  return evaluation.run({ ...FACTS, ...options.facts }, options.assume);
}

/** Names of the rules that fire. */
export function fired(text: string, rules: readonly Rule[], options: EvaluateOptions = {}): string[] {
  return evaluate(text, rules, options).fired.map(({ rule }) => rule.name);
}
