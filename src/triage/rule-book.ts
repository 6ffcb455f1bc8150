import { PhraseTable } from '../text/phrase-table.ts';
import type { Phrase } from '../text/phrases.ts';
import { type Condition, leavesOf, type WordCondition } from './conditions.ts';
import type { Rule, ScopeLexicon } from './rules.ts';

/** The conditions on words by which a condition can hold: all but those under `not`. */
export function wordConditions(condition: Condition): WordCondition[] {
  if ('phrases' in condition || 'pattern' in condition) return [condition];
  if ('all' in condition) return condition.all.flatMap(wordConditions);
  return 'any' in condition ? condition.any.flatMap(wordConditions) : [];
}

/** Rules with what they are read by. */
export interface RuleBook {
  /** Each behind those whose flags and facts it asks about. */
  readonly rules: readonly Rule[];
  readonly scopes: ScopeLexicon;
  /** Every phrase that rules and scopes may ask a text for. */
  readonly phrases: PhraseTable;
}

/** `rules` in the order of `orderRules`. */
export function createRuleBook(rules: readonly Rule[], scopes: ScopeLexicon): RuleBook {
  return { rules, scopes, phrases: collectPhrases(rules, scopes) };
}

function collectPhrases(rules: readonly Rule[], scopes: ScopeLexicon): PhraseTable {
  const ofRules = rules.flatMap(({ when, unless }) => [...phrasesOf(when), ...(unless ? phrasesOf(unless) : [])]);
  const ofScopes = Object.values(scopes.cues)
    .flat()
    .flatMap(({ phrases, absorbed_by = [], voided_by = [] }) => [...phrases, ...absorbed_by, ...voided_by]);
  return new PhraseTable([...ofRules, ...ofScopes]);
}

function phrasesOf(root: Condition): readonly Phrase[] {
  return leavesOf(root).flatMap(({ condition }) => ('phrases' in condition ? condition.phrases : []));
}
