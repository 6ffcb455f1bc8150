import { PRIORITIES } from './triage/rules.js';
/** One line for each name in rules, routing and seeds that the taxonomy does not know, and each that is used twice. */
export function findWrongNames(taxonomy, rules, routing, seeds) {
    const names = {
        type: keySet(taxonomy.types),
        topic: keySet(taxonomy.topics),
        'risk flag': keySet(taxonomy.risk_flags),
        priority: new Set(PRIORITIES),
    };
    const unknown = (place, mentions) => mentions
        .filter(([kind, name]) => !names[kind].has(name))
        .map(([kind, name]) => `${place}: there is no ${kind} ${name}`);
    return [
        ...rules.flatMap(({ place, value }) => unknown(`${place}: ${value.name}`, namesInRule(value))),
        ...findTwice(rules.map(({ place, value }) => ({ place, value: value.name }))),
        ...routing.value.rules.flatMap((rule, index) => unknown(`${routing.place}: rules.${index}`, namesInRoute(rule))),
        ...seeds.flatMap(({ place, value }) => unknown(`${place}: ${value.id}`, namesInSeed(value))),
        ...findTwice(seeds.map(({ place, value }) => ({ place, value: value.id }))),
    ];
}
function findTwice(names) {
    const first = new Map();
    return names.flatMap(({ place, value }) => {
        const before = first.get(value);
        if (before !== undefined)
            return [`${place}: ${value}: the name is used twice, first in ${before}`];
        first.set(value, place);
        return [];
    });
}
function namesInRule({ when, unless, then: { flag, type } }) {
    return [
        ...mentions('risk flag', flag === undefined ? [] : [flag]),
        ...mentions('type', type === undefined ? [] : [type]),
        ...namesIn(when),
        ...(unless === undefined ? [] : namesIn(unless)),
    ];
}
function namesIn(condition) {
    if ('flag' in condition)
        return [['risk flag', condition.flag]];
    if ('type' in condition)
        return mentions('type', condition.type);
    if ('topic' in condition)
        return mentions('topic', condition.topic);
    if ('learned' in condition)
        return [['risk flag', condition.learned.flag]];
    if ('doubted' in condition)
        return [['risk flag', condition.doubted.flag]];
    if ('all' in condition)
        return condition.all.flatMap(namesIn);
    if ('any' in condition)
        return condition.any.flatMap(namesIn);
    return 'not' in condition ? namesIn(condition.not) : [];
}
function namesInRoute(rule) {
    return [
        ...mentions('type', rule.types),
        ...mentions('topic', rule.topics),
        ...mentions('topic', rule.first_topic),
        ...mentions('risk flag', rule.flags),
        ...mentions('priority', rule.priorities),
    ];
}
function namesInSeed(seed) {
    return [
        ...mentions('type', [seed.type]),
        ...mentions('topic', seed.topics),
        ...mentions('risk flag', seed.risk_flags),
    ];
}
function mentions(kind, names = []) {
    return names.map((name) => [kind, name]);
}
function keySet(labels) {
    return new Set(labels.map((label) => label.key));
}
//# sourceMappingURL=policy-names.js.map