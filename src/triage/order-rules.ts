import { leavesOf } from './conditions.ts';
import type { Rule } from './rules.ts';

/** Why rules cannot be put in order, and the place of the rule in the list that was given. */
export interface OrderProblem {
  readonly at: number;
  readonly message: string;
}

/**
 * Sorts rules so that each stands behind those whose flags and facts it asks about; otherwise the given order holds.
 *
 * @throws RangeError naming the rules of a cycle, or a fact or flag that no rule gives.
 */
export function orderRules(rules: readonly Rule[]): Rule[] {
  const { ordered, problems } = arrange(rules);
  const [problem] = problems;
  if (problem !== undefined) throw new RangeError(problem.message);
  return ordered;
}

/** Every cycle that is met, and every fact or flag that is asked for and that no rule gives. */
export function findOrderProblems(rules: readonly Rule[]): OrderProblem[] {
  return arrange(rules).problems;
}

function arrange(rules: readonly Rule[]): { ordered: Rule[]; problems: OrderProblem[] } {
  const givers = giversOf(rules);
  const places = new Map(rules.map((rule, at) => [rule, at]));
  const ordered: Rule[] = [];
  const problems: OrderProblem[] = [];
  const state = new Map<Rule, 'open' | 'done'>();
  const refuse = (rule: Rule, message: string) => problems.push({ at: places.get(rule) ?? 0, message });
  const visit = (rule: Rule, path: readonly Rule[]): void => {
    if (state.get(rule) === 'done') return;
    if (state.get(rule) === 'open') {
      const circle = [...path.slice(path.indexOf(rule)), rule].map(({ name }) => name);
      refuse(rule, `rules depend on one another: ${circle.join(' → ')}`);
      return;
    }
    state.set(rule, 'open');
    for (const need of needsOf(rule)) {
      const from = givers.get(need);
      if (from === undefined) refuse(rule, `rule ${rule.name} asks for ${need}, which no rule gives`);
      for (const giver of from ?? []) visit(giver, [...path, rule]);
    }
    state.set(rule, 'done');
    ordered.push(rule);
  };
  for (const rule of rules) visit(rule, []);
  return { ordered, problems };
}

/** The rules that give each `flag:x` and `fact:y`. */
export function giversOf(rules: readonly Rule[]): ReadonlyMap<string, readonly Rule[]> {
  const givers = new Map<string, Rule[]>();
  for (const rule of rules) {
    const { flag, fact } = rule.then;
    for (const given of [...(flag ? [`flag:${flag}`] : []), ...(fact ? [`fact:${fact}`] : [])])
      givers.set(given, [...(givers.get(given) ?? []), rule]);
  }
  return givers;
}

/** What a rule asks of other rules: `flag:x`, `fact:y`, each once. */
export function needsOf({ when, unless }: Rule): string[] {
  const leaves = [...leavesOf(when), ...(unless ? leavesOf(unless) : [])];
  const needs = leaves.flatMap(({ condition }) => {
    if ('flag' in condition) return [`flag:${condition.flag}`];
    return 'fact' in condition ? [`fact:${condition.fact}`] : [];
  });
  return [...new Set(needs)];
}
