import { findCounterfactual } from './counterfactual.js';
import { locateOriginal } from './document.js';
import { RuleEvaluation } from './evaluate-rules.js';
import { deriveReview } from './review.js';
import { deriveQueue } from './routing.js';
import { deriveDeadlines } from './sla.js';
import { derivePriority, deriveUrgency } from './urgency.js';
/** Alternatives shown beside the type. */
const MAX_ALTERNATIVES = 3;
const FALLBACK_TYPE = 'other';
/** Decides. Pure: the same input under the same policy gives the same decision, which is how replay works. */
export function triage(policy, input) {
    const { document, prediction } = input;
    const evaluation = new RuleEvaluation(document, policy.scopes);
    const learned = learnedFacts(policy, input);
    const first = evaluation.run(policy.rules, learned);
    const facts = { ...learned, ...ruledFacts(first, learned) };
    const outcome = facts.type === learned.type && facts.topics === learned.topics ? first : evaluation.run(policy.rules, facts);
    const priority = derivePriority(outcome);
    const deadlines = deriveDeadlines(policy.sla, priority, input.receivedAt, policy.timeZone);
    const urgency = deriveUrgency(document, outcome, priority);
    const flags = policy.taxonomy.risk_flags.map(({ key }) => key).filter((key) => outcome.flags.has(key));
    return {
        language: document.language,
        type: typeOf(prediction, facts.type),
        topics: facts.topics.map((key) => ({ key, confidence: round(probabilityOf(prediction.topics, key)) })),
        risk_flags: flags,
        urgency: { score: urgency.score, reasons: [...urgency.reasons] },
        priority,
        priority_reasons: outcome.fired.flatMap(({ rule }) => rule.then.floor === priority || rule.then.ceiling === priority
            ? [{ rule: rule.name, priority, note: rule.sentence }]
            : []),
        counterfactual: findCounterfactual(evaluation, policy.rules, facts, outcome, policy.taxonomy),
        deadlines: {
            first_response_at: deadlines.firstResponseAt.toISOString(),
            resolve_at: deadlines.resolveAt?.toISOString() ?? null,
        },
        queue: deriveQueue(policy.routing, {
            type: facts.type,
            topics: facts.topics,
            flags: outcome.flags,
            language: document.language,
            priority,
        }),
        needs_review: deriveReview({
            document,
            prediction,
            type: facts.type,
            outcome,
            isTypeRuled: facts.type !== learned.type,
        }),
        redactions: document.redactions.map(({ kind, start, end }) => ({
            kind,
            ...locateOriginal(document, { start, end }),
        })),
        input: { characters: document.original.length, tokens: input.tokens, truncated: input.truncated },
        versions: input.versions,
    };
}
function learnedFacts(policy, { document, prediction, channel, customer }) {
    const hasWords = document.index.units.some((unit) => unit.kind === 'word' || unit.kind === 'han');
    const type = hasWords ? (prediction.types[0]?.key ?? FALLBACK_TYPE) : FALLBACK_TYPE;
    const topics = prediction.topics
        .filter(({ probability }) => probability >= prediction.topicThreshold)
        .slice(0, policy.taxonomy.max_topics)
        .map(({ key }) => key);
    return {
        type,
        topics: type === FALLBACK_TYPE ? [] : topics,
        channel,
        tier: customer.tier,
        priorContacts: customer.prior_contacts_same_matter ?? 0,
        openPositions: customer.open_positions,
        amounts: policy.readAmounts(document.normal.text),
        learned: prediction.flags,
        learnedWords: prediction.flagWords,
    };
}
/** Type and topics where a rule has the last word. */
function ruledFacts(outcome, facts) {
    const type = outcome.fired.findLast(({ rule }) => rule.then.type !== undefined)?.rule.then.type ?? facts.type;
    const isBare = outcome.fired.some(({ rule }) => rule.then.no_topics === true);
    return { type, topics: isBare ? [] : facts.topics };
}
function typeOf(prediction, key) {
    const ranked = prediction.types.map(({ key: type, probability }) => ({ key: type, confidence: round(probability) }));
    return {
        key,
        confidence: round(probabilityOf(prediction.types, key)),
        alternatives: ranked.filter((other) => other.key !== key).slice(0, MAX_ALTERNATIVES),
    };
}
function probabilityOf(labels, key) {
    return labels.find((label) => label.key === key)?.probability ?? 0;
}
function round(value) {
    return Math.round(value * 10_000) / 10_000;
}
//# sourceMappingURL=triage.js.map