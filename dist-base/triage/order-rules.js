/** What a condition asks of other rules: `flag:x`, `fact:y`. */
function needs(condition) {
    if ('flag' in condition)
        return [`flag:${condition.flag}`];
    if ('fact' in condition)
        return [`fact:${condition.fact}`];
    if ('all' in condition)
        return condition.all.flatMap(needs);
    if ('any' in condition)
        return condition.any.flatMap(needs);
    return 'not' in condition ? needs(condition.not) : [];
}
/**
 * Sorts rules so that each stands behind those whose flags and facts it asks about; otherwise the given order holds.
 *
 * @throws RangeError naming the rules of a cycle, or a fact or flag that no rule gives.
 */
export function orderRules(rules) {
    const givers = new Map();
    for (const rule of rules) {
        for (const given of gives(rule))
            givers.set(given, [...(givers.get(given) ?? []), rule]);
    }
    const ordered = [];
    const state = new Map();
    const visit = (rule, path) => {
        if (state.get(rule) === 'done')
            return;
        if (state.get(rule) === 'open')
            throw new RangeError(`rules depend on one another: ${[...path, rule.name].join(' → ')}`);
        state.set(rule, 'open');
        for (const need of [...needs(rule.when), ...(rule.unless ? needs(rule.unless) : [])]) {
            const from = givers.get(need);
            if (from === undefined)
                throw new RangeError(`rule ${rule.name} asks for ${need}, which no rule gives`);
            for (const giver of from)
                visit(giver, [...path, rule.name]);
        }
        state.set(rule, 'done');
        ordered.push(rule);
    };
    for (const rule of rules)
        visit(rule, []);
    return ordered;
}
function gives(rule) {
    return [...(rule.then.flag ? [`flag:${rule.then.flag}`] : []), ...(rule.then.fact ? [`fact:${rule.then.fact}`] : [])];
}
//# sourceMappingURL=order-rules.js.map