import type { Decision } from './decision.ts';
import type { Assumptions, RuleFacts, RuleOutcome } from './evaluate-rules.ts';
import type { Judgement } from './judge.ts';
import type { Priority } from './rules.ts';
import type { Bilingual, Taxonomy } from './taxonomy.ts';
import { derivePriority } from './urgency.ts';

interface Change {
  readonly change: Bilingual;
  readonly facts?: Partial<RuleFacts>;
  readonly assume?: Assumptions;
}

/**
 * Looks for one change of facts under which the priority would differ: first what the decision rests on (a flag, a
 * sum, the customer), then what would raise it.
 */
export function findCounterfactual(
  { facts, outcome, judgeBy }: Pick<Judgement, 'facts' | 'outcome' | 'judgeBy'>,
  taxonomy: Taxonomy,
): Decision['counterfactual'] {
  const current = derivePriority(outcome);
  for (const { change, facts: changed, assume } of changes(facts, outcome, current, taxonomy)) {
    const priority = derivePriority(judgeBy(changed ?? {}, assume).outcome);
    if (priority !== current) return { change, priority };
  }
  return null;
}

function changes(facts: RuleFacts, outcome: RuleOutcome, current: Priority, taxonomy: Taxonomy): Change[] {
  return [
    ...withoutOneFact(facts, outcome, taxonomy),
    ...(current === 'P1' ? [] : withOneFact(facts, outcome, taxonomy)),
    ...withoutAllFlags(outcome, taxonomy),
    ...withOtherType(facts, taxonomy),
  ];
}

function withoutOneFact(facts: RuleFacts, outcome: RuleOutcome, taxonomy: Taxonomy): Change[] {
  const found: Change[] = [];
  if (facts.amounts.length > 0) {
    found.push({ change: { zh: '如果涉及的金额较小', en: 'if the sum were small' }, facts: { amounts: [] } });
  }
  for (const label of taxonomy.risk_flags.filter(({ key }) => outcome.flags.has(key))) {
    found.push({
      change: { zh: `如果没有“${label.name.zh}”`, en: `without the flag “${label.name.en}”` },
      assume: { without: new Set([label.key]) },
    });
  }
  if (facts.priorContacts > 0) {
    found.push({ change: { zh: '如果是第一次联系', en: 'if it were the first contact' }, facts: { priorContacts: 0 } });
  }
  if (facts.reopened > 0) {
    found.push({
      change: { zh: '如果此前没有重新打开过', en: 'if it had never been reopened' },
      facts: { reopened: 0 },
    });
  }
  if (facts.reports > 0) {
    found.push({
      change: { zh: '如果没有其他客户反映', en: 'if no other customer reported it' },
      facts: { reports: 0 },
    });
  }
  if (facts.tier !== undefined) {
    found.push({
      change: { zh: '如果是普通客户', en: 'if the customer had no special tier' },
      facts: { tier: undefined },
    });
  }
  return found;
}

function withOneFact(facts: RuleFacts, outcome: RuleOutcome, taxonomy: Taxonomy): Change[] {
  const large = { amount: 1_000_000, currency: 'USD', amountUsd: 1_000_000, start: 0, end: 0 };
  const found: Change[] = [
    { change: { zh: '如果涉及大额资金', en: 'if a large sum were at stake' }, facts: { amounts: [large] } },
    { change: { zh: '如果客户有未平仓的持仓', en: 'if positions were open' }, facts: { openPositions: true } },
    {
      change: { zh: '如果是第三次联系', en: 'if it were the third contact' },
      facts: { priorContacts: Math.max(2, facts.priorContacts) },
    },
    { change: { zh: '如果是重要客户', en: 'if the customer were a VIP' }, facts: { tier: 'vip' } },
  ];
  const funds = taxonomy.risk_flags.find(({ key }) => key === 'funds_at_risk');
  if (funds !== undefined && !outcome.flags.has(funds.key)) {
    found.push({
      change: { zh: `如果有“${funds.name.zh}”`, en: `with the flag “${funds.name.en}”` },
      assume: { with: new Set([funds.key]) },
    });
  }
  return found;
}

function withoutAllFlags(outcome: RuleOutcome, { risk_flags }: Taxonomy): Change[] {
  if (outcome.flags.size < 2) return [];
  // Of all, because without those that are there another type may raise another.
  const without = new Set(risk_flags.map(({ key }) => key));
  return [{ change: { zh: '如果没有任何风险标记', en: 'without any risk flag' }, assume: { without } }];
}

function withOtherType(facts: RuleFacts, taxonomy: Taxonomy): Change[] {
  return taxonomy.types
    .filter(({ key }) => key !== facts.type)
    .map(({ key, name }) => ({
      change: { zh: `如果类型是“${name.zh}”`, en: `if it were: ${name.en.toLowerCase()}` },
      facts: { type: key },
    }));
}
