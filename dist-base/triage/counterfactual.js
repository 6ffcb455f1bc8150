import { derivePriority } from './urgency.js';
/**
 * Looks for one change of facts under which the priority would differ: first what the decision rests on (a flag, a
 * sum, the customer), then what would raise it.
 */
export function findCounterfactual(evaluation, rules, facts, outcome, taxonomy) {
    const current = derivePriority(outcome);
    for (const { change, facts: changed, assume } of changes(facts, outcome, current, taxonomy)) {
        const priority = derivePriority(evaluation.run(rules, { ...facts, ...changed }, assume));
        if (priority !== current)
            return { change, priority };
    }
    return null;
}
function changes(facts, outcome, current, taxonomy) {
    return [
        ...withoutOneFact(facts, outcome, taxonomy),
        ...(current === 'P1' ? [] : withOneFact(facts, outcome, taxonomy)),
        ...withoutAllFlags(outcome),
        ...withOtherType(facts, taxonomy),
    ];
}
function withoutOneFact(facts, outcome, taxonomy) {
    const found = [];
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
    if (facts.tier !== undefined) {
        found.push({
            change: { zh: '如果是普通客户', en: 'if the customer had no special tier' },
            facts: { tier: undefined },
        });
    }
    return found;
}
function withOneFact(facts, outcome, taxonomy) {
    const large = { amount: 1_000_000, currency: 'USD', amountUsd: 1_000_000, start: 0, end: 0 };
    const found = [
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
function withoutAllFlags(outcome) {
    if (outcome.flags.size < 2)
        return [];
    return [{ change: { zh: '如果没有任何风险标记', en: 'without any risk flag' }, assume: { without: outcome.flags } }];
}
function withOtherType(facts, taxonomy) {
    return taxonomy.types
        .filter(({ key }) => key !== facts.type)
        .map(({ key, name }) => ({
        change: { zh: `如果类型是“${name.zh}”`, en: `if it were: ${name.en.toLowerCase()}` },
        facts: { type: key },
    }));
}
//# sourceMappingURL=counterfactual.js.map