import { describeCondition } from './condition-text.ts';
import { type Condition, leavesOf, SCOPES, type Scope } from './conditions.ts';
import type { WordPlace } from './evaluate-rules.ts';
import type { Judgement } from './judge.ts';
import { wordConditions } from './rule-book.ts';
import { PRIORITIES, type Rule } from './rules.ts';
import type { Bilingual, Taxonomy } from './taxonomy.ts';

/** What kept a rule whose words stand in the text from having its effect. */
export type Silencer =
  | { readonly kind: 'scope'; readonly scope: Scope; readonly cue: { readonly start: number; readonly end: number } }
  | { readonly kind: 'unless' | 'condition'; readonly note: Bilingual }
  | { readonly kind: 'ceiling'; readonly rule: string; readonly note: Bilingual };

export interface SilencedRule {
  readonly rule: Rule;
  /** Where its words stand, also those that are out of force. */
  readonly places: readonly WordPlace[];
  readonly by: readonly Silencer[];
}

/** What each scope means, for people. */
export const SCOPE_NAMES: Readonly<Record<Scope, Bilingual>> = {
  negated: { zh: '被否定', en: 'denied' },
  hypothetical: { zh: '假设', en: 'only imagined' },
  past: { zh: '过去的事', en: 'in the past or elsewhere' },
  third_person: { zh: '说的是别人', en: 'about somebody else' },
  general: { zh: '泛泛而谈', en: 'only spoken about' },
  quoted: { zh: '引用他人的话', en: 'somebody else’s words' },
};

const DECIDED: Silencer = { kind: 'condition', note: { zh: '由人作出的决定优先', en: 'a person decided otherwise' } };
const EXCEPTED: Silencer = { kind: 'unless', note: { zh: '规则的例外成立', en: 'the exception of the rule holds' } };

/** Rules whose words stand in the text and that did not fire, or whose floor a ceiling took away, with every reason. */
export function listSilenced(rules: readonly Rule[], judgement: Judgement, taxonomy: Taxonomy): SilencedRule[] {
  const fired = new Set(judgement.outcome.fired.map(({ rule }) => rule));
  return rules.flatMap((rule): SilencedRule[] => {
    if (fired.has(rule)) return capped(rule, judgement);
    const places = wordConditions(rule.when).flatMap((condition) => judgement.evaluation.wordPlaces(condition));
    return places.length === 0 ? [] : [{ rule, places, by: whySilent(rule, judgement, taxonomy) }];
  });
}

/** Why a rule did not fire: scopes, what its `unless` found, and conditions that do not hold. */
export function whySilent(rule: Rule, { evaluation, facts, outcome }: Judgement, taxonomy: Taxonomy): Silencer[] {
  const holds = (condition: Condition) => evaluation.holds(condition, facts, outcome);
  const describe = (condition: Condition) => describeCondition(condition, { facts, outcome, taxonomy });
  if (holds(rule.when)) {
    const found = rule.unless === undefined ? [] : leavesOf(rule.unless).filter(({ condition }) => holds(condition));
    if (found.length > 0) return found.map(({ condition }) => ({ kind: 'unless', note: describe(condition) }));
    return [rule.unless === undefined ? DECIDED : EXCEPTED];
  }
  const places = wordConditions(rule.when).flatMap((condition) => evaluation.wordPlaces(condition));
  const scoped = places.flatMap(({ silenced }) => (silenced ? [{ kind: 'scope' as const, ...silenced }] : []));
  const missing = failing(rule.when, holds).filter(
    (condition) => !('phrases' in condition || 'pattern' in condition) || evaluation.wordPlaces(condition).length === 0,
  );
  return [
    ...unique(scoped),
    ...missing.map((condition) => ({ kind: 'condition' as const, note: describe(condition) })),
  ];
}

/** The single conditions that would have to hold: of an `all` those that do not, of an `any` that fails all. */
function failing(condition: Condition, holds: (condition: Condition) => boolean): Condition[] {
  if (holds(condition)) return [];
  if ('all' in condition) return condition.all.flatMap((part) => failing(part, holds));
  if ('any' in condition) return condition.any.flatMap((part) => failing(part, holds));
  return [condition];
}

function unique(scoped: readonly Extract<Silencer, { kind: 'scope' }>[]): Silencer[] {
  const keyOf = ({ scope, cue }: (typeof scoped)[number]) => `${SCOPES.indexOf(scope)} ${cue.start}`;
  return [...new Map(scoped.map((one) => [keyOf(one), { kind: one.kind, scope: one.scope, cue: one.cue }])).values()];
}

function capped(rule: Rule, { outcome, evaluation }: Judgement): SilencedRule[] {
  const { floor } = rule.then;
  if (floor === undefined) return [];
  const caps = outcome.fired.filter(
    ({ rule: { then } }) => then.ceiling !== undefined && PRIORITIES.indexOf(then.ceiling) > PRIORITIES.indexOf(floor),
  );
  if (caps.length === 0) return [];
  const places = wordConditions(rule.when).flatMap((condition) => evaluation.wordPlaces(condition));
  return [
    {
      rule,
      places,
      by: caps.map(({ rule: { name, sentence } }) => ({ kind: 'ceiling', rule: name, note: sentence })),
    },
  ];
}
