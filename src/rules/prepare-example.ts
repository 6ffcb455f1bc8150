import { leavesOf } from '../triage/conditions.ts';
import type { RuleFacts } from '../triage/evaluate-rules.ts';
import type { Example } from '../triage/examples.ts';
import { giversOf, needsOf } from '../triage/order-rules.ts';
import type { Prediction } from '../triage/prediction.ts';
import type { Rule } from '../triage/rules.ts';
import type { ReadyRules } from '../triage/rules-document.ts';

/** What a rule may ask of the learned heads. */
type Ask = 'type' | 'topics' | 'learned';

/** The say of heads that nobody asked. */
export const NO_PREDICTION: Prediction = {
  types: [],
  typeThreshold: 0,
  topics: [],
  topicThresholds: { first: 1, further: 1 },
  flags: {},
  words: { type: [], topics: {}, flags: {} },
  nearest: [],
  isFamiliar: true,
};

/** What each rule asks of the heads, itself or by the rules whose flags and facts it asks about. */
export function askedOfHeads(rules: readonly Rule[]): ReadonlyMap<Rule, ReadonlySet<Ask>> {
  const givers = giversOf(rules);
  const asked = new Map<Rule, ReadonlySet<Ask>>();
  const collect = (rule: Rule): ReadonlySet<Ask> => {
    const known = asked.get(rule);
    if (known !== undefined) return known;
    const own = new Set<Ask>(asksOf(rule));
    // Known before its givers are: a rule may ask about the flag that it gives together with others.
    asked.set(rule, own);
    for (const need of needsOf(rule)) {
      for (const giver of givers.get(need) ?? []) for (const ask of collect(giver)) own.add(ask);
    }
    return own;
  };
  for (const rule of rules) collect(rule);
  return asked;
}

function asksOf({ when, unless }: Rule): Ask[] {
  return [...leavesOf(when), ...(unless ? leavesOf(unless) : [])].flatMap(({ condition }): Ask[] => {
    if ('learned' in condition || 'doubted' in condition) return ['learned'];
    if ('type' in condition) return ['type'];
    return 'topic' in condition ? ['topics'] : [];
  });
}

/** Whether an example leaves something open that the rule asks of the heads. */
export function needsHead({ learned, type, topics }: Example, asks: ReadonlySet<Ask>): boolean {
  if (learned !== undefined) return false;
  return [...asks].some((ask) => ask === 'learned' || (ask === 'type' ? type : topics) === undefined);
}

/** The facts that an example gives in place of what is read or learned. */
export function factsOf({ type, topics, learned, amounts }: Example, text: string, rules: ReadyRules) {
  const labels = Object.entries(learned ?? {}).map(([key, probability]) => ({ key, probability }));
  const sums = (amounts ?? []).map(({ amount, currency }) => ({
    amount,
    currency,
    amountUsd: amount * (rules.rates.usdPerUnit[currency] ?? 0),
    start: 0,
    end: 0,
  }));
  const facts: Partial<RuleFacts> = {
    ...(type !== undefined && { type }),
    ...(topics !== undefined && { topics }),
    ...(learned !== undefined && { learned, heads: { types: labels, topics: labels } }),
    ...(sums.length > 0 && { amounts: [...rules.readAmounts(text), ...sums] }),
  };
  return facts;
}
