import { printable } from './table.js';
import { TEXT } from './text.js';
/** Names of labels and queues in the reader's language. */
export function nameOf(labels, key, language) {
    return labels.find((label) => label.key === key)?.name[language] ?? key;
}
export function formatTime(iso, timeZone) {
    if (iso === null)
        return '—';
    const parts = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
    return parts.format(new Date(iso));
}
/** One decision for a person: what, how urgent, why, until when. */
export function describeDecision(decision, policy, timeZone, language) {
    const { taxonomy, routing } = policy;
    const say = (text) => text[language];
    const names = (labels, keys) => keys.map((key) => nameOf(labels, key, language)).join(', ') || say(TEXT.none);
    const percent = (value) => `${Math.round(value * 100)} %`;
    const reasons = decision.urgency.reasons.map((reason) => {
        const quote = reason.quote === null ? '' : `  «${printable(reason.quote)}»`;
        return `    ${reason.points >= 0 ? '+' : ''}${reason.points}`.padEnd(10) + say(reason.note) + quote;
    });
    const rows = [
        [TEXT.priority, `${decision.priority}  ${decision.priority_reasons.map(({ note }) => say(note)).join('; ')}`],
        [TEXT.type, `${nameOf(taxonomy.types, decision.type.key, language)} (${percent(decision.type.confidence)})`],
        [
            TEXT.topics,
            names(taxonomy.topics, decision.topics.map(({ key }) => key)),
        ],
        [TEXT.flags, names(taxonomy.risk_flags, decision.risk_flags)],
        [TEXT.language, decision.language],
        [TEXT.queue, nameOf(routing.queues, decision.queue, language)],
        [
            TEXT.deadlines,
            `${say(TEXT.firstResponse)} ${formatTime(decision.deadlines.first_response_at, timeZone)}, ${say(TEXT.resolution)} ${formatTime(decision.deadlines.resolve_at, timeZone)} (${timeZone})`,
        ],
        [
            TEXT.needsReview,
            decision.needs_review.yes ? decision.needs_review.why.map(({ note }) => say(note)).join('; ') : say(TEXT.no),
        ],
        [TEXT.masked, decision.redactions.map(({ kind }) => kind).join(', ') || say(TEXT.none)],
        [
            TEXT.wouldChange,
            decision.counterfactual ? `${say(decision.counterfactual.change)} → ${decision.counterfactual.priority}` : '—',
        ],
        [TEXT.urgency, `${decision.urgency.score}/100`],
    ];
    return [...rows.map(([label, value]) => `${say(label)}: ${value}`), ...reasons].join('\n');
}
//# sourceMappingURL=describe.js.map