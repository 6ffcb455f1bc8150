import { z } from 'zod';
import { type AmountReader, createAmountReader, type Rates } from './amounts.ts';
import { leavesOf } from './conditions.ts';
import { findUnknown, mentionsInRule } from './mentions.ts';
import { findOrderProblems, orderRules } from './order-rules.ts';
import { createRuleBook, type RuleBook } from './rule-book.ts';
import { type Rule, ruleSchema, scopeLexiconSchema } from './rules.ts';
import type { Taxonomy } from './taxonomy.ts';

const MAX_RULES = 1_000;
/** Instructions of all expressions: 20 000 characters that each of them fits at the very end cost 0.4 s at most. */
const MAX_INSTRUCTIONS = 1_000;

/** `data/currencies.json`. */
export const currenciesSchema = z
  .strictObject({
    version: z.string(),
    comment: z.string().optional(),
    usd_per_unit: z.record(z.string(), z.number().positive()),
    names: z.record(z.string().min(1), z.string()),
  })
  .superRefine(({ usd_per_unit, names }, context) => {
    for (const [name, currency] of Object.entries(names)) {
      if (usd_per_unit[currency] === undefined)
        context.addIssue({ code: 'custom', path: ['names', name], message: `there is no rate for ${currency}` });
    }
  });

/** Rules with all that they depend on: what a version of the rules is. */
export const rulesDocumentSchema = z.strictObject({
  version: z.string().optional(),
  rules: z.array(ruleSchema).min(1).max(MAX_RULES),
  scopes: scopeLexiconSchema,
  currencies: currenciesSchema,
});
export type RulesDocument = z.infer<typeof rulesDocumentSchema>;

/** What a decision asks of the rules. */
export interface ReadyRules {
  readonly ruleBook: RuleBook;
  readonly rates: Rates;
  readonly readAmounts: AmountReader;
}

/** Something that stands in the way of using a document, at a JSON Pointer into it. */
export interface DocumentProblem {
  readonly pointer: string;
  readonly message: string;
}

/** Names that the taxonomy does not know, rules of one name, circles, and facts that no rule gives. */
export function checkRules({ rules }: RulesDocument, taxonomy: Taxonomy): DocumentProblem[] {
  const first = new Map<string, number>();
  const problems: DocumentProblem[] = [];
  rules.forEach((rule, at) => {
    const place = `/rules/${at}`;
    const before = first.get(rule.name);
    if (before === undefined) first.set(rule.name, at);
    else {
      const message = `the name ${rule.name} is used twice, first in /rules/${before}`;
      problems.push({ pointer: `${place}/name`, message });
    }
    for (const { pointer, message } of findUnknown(mentionsInRule(rule), taxonomy))
      problems.push({ pointer: place + pointer, message });
  });
  const order = findOrderProblems(rules).map(({ at, message }) => ({ pointer: `/rules/${at}`, message }));
  return [...problems, ...order, ...findTooManyPatterns(rules)];
}

/** The first expression with which those of all rules together are too large. */
function findTooManyPatterns(rules: readonly Rule[]): DocumentProblem[] {
  let instructions = 0;
  for (const [at, { when, unless }] of rules.entries()) {
    const leaves = [...leavesOf(when, '/when'), ...(unless === undefined ? [] : leavesOf(unless, '/unless'))];
    for (const { condition, pointer } of leaves) {
      if (!('pattern' in condition)) continue;
      instructions += condition.pattern.size;
      if (instructions <= MAX_INSTRUCTIONS) continue;
      const message = `with this one the expressions of all rules compile to ${instructions} instructions, at most ${MAX_INSTRUCTIONS} are accepted; use phrases where words can say it, or shorten counted repetitions`;
      return [{ pointer: `/rules/${at}${pointer}/pattern`, message }];
    }
  }
  return [];
}

/** Rules in their order with their phrases, and the reader of sums. @throws RangeError where `checkRules` finds something */
export function readyRules({ rules, scopes, currencies }: RulesDocument): ReadyRules {
  const rates = { usdPerUnit: currencies.usd_per_unit, names: currencies.names };
  return { ruleBook: createRuleBook(orderRules(rules), scopes), rates, readAmounts: createAmountReader(rates) };
}
