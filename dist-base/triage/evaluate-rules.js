import { findPhrase } from '../text/phrases.js';
import { findCues, findScope } from './scope.js';
const NO = { holds: false, spans: [] };
const YES = { holds: true, spans: [] };
/** Quotes shown for one condition. */
const MAX_SPANS = 3;
/** Letters that a text needs before its capitals say anything. */
const MIN_LETTERS = 12;
/**
 * Evaluates rules over one document. Phrases are searched once and remembered, so that a counterfactual costs
 * microseconds. `rules` must be in dependency order (see `orderRules`).
 */
export class RuleEvaluation {
    #document;
    #cues;
    #phraseMemo = new Map();
    /** Phrase conditions that stand in the text and are denied there. */
    #negated = new Set();
    #denied;
    constructor(document, lexicon) {
        this.#document = document;
        this.#cues = findCues(lexicon, document.index);
    }
    run(rules, facts, assume = {}) {
        const fired = [];
        const flags = new Set(assume.with);
        const known = new Set();
        this.#denied ??= this.#deniedFlags(rules);
        for (const rule of rules) {
            const evidence = this.#check(rule.when, facts, flags, known);
            if (!evidence.holds)
                continue;
            if (rule.unless !== undefined && this.#check(rule.unless, facts, flags, known).holds)
                continue;
            if (rule.then.flag !== undefined) {
                if (assume.without?.has(rule.then.flag))
                    continue;
                flags.add(rule.then.flag);
            }
            if (rule.then.fact !== undefined)
                known.add(rule.then.fact);
            fired.push({ rule, spans: evidence.spans });
        }
        return { fired, flags, facts: known };
    }
    #check(condition, facts, flags, known) {
        const inner = (part) => this.#check(part, facts, flags, known);
        if ('phrases' in condition)
            return this.#phrases(condition);
        if ('flag' in condition)
            return answer(flags.has(condition.flag));
        if ('fact' in condition)
            return answer(known.has(condition.fact));
        if ('all' in condition)
            return all(condition.all.map(inner));
        if ('any' in condition)
            return any(condition.any.map(inner));
        if ('not' in condition)
            return answer(!inner(condition.not).holds);
        if ('amount_usd_at_least' in condition)
            return amounts(facts.amounts, condition.amount_usd_at_least);
        if ('emphasis_at_least' in condition)
            return answer(emphasis(this.#document.original) >= condition.emphasis_at_least);
        if ('learned' in condition)
            return this.#denied?.has(condition.learned.flag) ? NO : learned(facts, condition.learned);
        if ('doubted' in condition)
            return answer((facts.learned[condition.doubted.flag] ?? 1) < condition.doubted.below);
        return answer(holdsForCustomer(condition, facts));
    }
    #phrases(condition) {
        const memo = this.#phraseMemo.get(condition);
        if (memo)
            return memo;
        const matches = condition.phrases.flatMap((phrase) => findPhrase(phrase, this.#document.index));
        if (matches.some((match) => findScope(match, ['negated'], this.#cues, this.#document.index)))
            this.#negated.add(condition);
        const spans = matches
            .filter((match) => this.#inForce(match, condition.unless))
            .sort((left, right) => left.start - right.start)
            .slice(0, MAX_SPANS)
            .map(({ start, end }) => ({ start, end }));
        const evidence = spans.length === 0 ? NO : { holds: true, spans };
        this.#phraseMemo.set(condition, evidence);
        return evidence;
    }
    /**
     * Flags that the text denies ("not hacked") and nowhere states: there the learned head, which sees the words and hardly
     * the denial, has no say.
     */
    #deniedFlags(rules) {
        const denied = new Set();
        const inForce = new Set();
        for (const { when, then } of rules) {
            if (then.flag === undefined)
                continue;
            for (const condition of phraseConditions(when)) {
                if (this.#phrases(condition).holds)
                    inForce.add(then.flag);
                else if (this.#negated.has(condition))
                    denied.add(then.flag);
            }
        }
        for (const flag of inForce)
            denied.delete(flag);
        return denied;
    }
    #inForce(match, unless) {
        return findScope(match, unless, this.#cues, this.#document.index) === undefined;
    }
}
function phraseConditions(condition) {
    if ('phrases' in condition)
        return [condition];
    if ('all' in condition)
        return condition.all.flatMap(phraseConditions);
    return 'any' in condition ? condition.any.flatMap(phraseConditions) : [];
}
function holdsForCustomer(condition, facts) {
    if ('type' in condition)
        return condition.type.includes(facts.type);
    if ('topic' in condition)
        return condition.topic.some((topic) => facts.topics.includes(topic));
    if ('channel' in condition)
        return condition.channel.includes(facts.channel);
    if ('tier' in condition)
        return facts.tier !== undefined && condition.tier.includes(facts.tier.toLowerCase());
    if ('prior_contacts_at_least' in condition)
        return facts.priorContacts >= condition.prior_contacts_at_least;
    return facts.openPositions === condition.open_positions;
}
function answer(holds) {
    return holds ? YES : NO;
}
function learned(facts, { flag, at_least }) {
    if ((facts.learned[flag] ?? 0) < at_least)
        return NO;
    return { holds: true, spans: (facts.learnedWords[flag] ?? []).slice(0, MAX_SPANS) };
}
function all(parts) {
    if (!parts.every((part) => part.holds))
        return NO;
    return { holds: true, spans: parts.flatMap((part) => part.spans) };
}
function any(parts) {
    const held = parts.filter((part) => part.holds);
    return held.length === 0 ? NO : { holds: true, spans: held.flatMap((part) => part.spans).slice(0, MAX_SPANS) };
}
function amounts(found, atLeast) {
    const large = found.filter((amount) => amount.amountUsd >= atLeast);
    return large.length === 0
        ? NO
        : { holds: true, spans: large.slice(0, MAX_SPANS).map(({ start, end }) => ({ start, end })) };
}
/** 0 to 1: the share of capitals among Latin letters, or one for a run of exclamation marks. */
function emphasis(original) {
    if (/[!！]{3,}/u.test(original))
        return 1;
    const letters = original.match(/[a-z]/giu) ?? [];
    if (letters.length < MIN_LETTERS)
        return 0;
    return letters.filter((letter) => letter < 'a').length / letters.length;
}
//# sourceMappingURL=evaluate-rules.js.map