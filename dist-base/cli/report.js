import { PRIORITIES } from '../triage/rules.js';
import { formatTime, nameOf } from './describe.js';
import { renderTable } from './table.js';
import { TEXT } from './text.js';
const DEFAULT_WIDTH = 120;
const MAX_PROBLEMS = 20;
/** Terminal widths from which a column leaves enough room for the text. */
const TOPICS_FROM = 110;
const QUEUE_FROM = 140;
/** The table, most urgent first, and the summary. */
export function printReport(report, policy, timeZone, language) {
    const width = process.stdout.columns ?? DEFAULT_WIDTH;
    if (report.results.length > 0)
        console.log(decisionTable(report.results, policy, timeZone, language, width));
    console.log(summary(report, policy, language));
    if (report.problems.length === 0)
        return;
    console.error(`\n${TEXT.badLines[language]}: ${report.problems.length}`);
    for (const { line, problem } of report.problems.slice(0, MAX_PROBLEMS))
        console.error(`  ${TEXT.line[language]} ${line}: ${problem}`);
    if (report.problems.length > MAX_PROBLEMS)
        console.error(`  … +${report.problems.length - MAX_PROBLEMS}`);
}
function decisionTable(results, policy, timeZone, language, width) {
    const { taxonomy, routing } = policy;
    const sorted = [...results].sort((left, right) => right.decision.urgency.score - left.decision.urgency.score || left.line - right.line);
    const shown = [
        { column: { title: TEXT.line[language], align: 'right' }, cell: ({ line }) => String(line) },
        {
            column: { title: TEXT.priority[language] },
            cell: ({ decision }) => `${decision.priority}${decision.needs_review.yes ? '?' : ''}`,
        },
        { column: { title: TEXT.score[language], align: 'right' }, cell: ({ decision }) => String(decision.urgency.score) },
        {
            column: { title: TEXT.type[language], maxWidth: 18 },
            cell: ({ decision }) => nameOf(taxonomy.types, decision.type.key, language),
        },
        {
            column: { title: TEXT.topics[language], maxWidth: 22 },
            minWidth: TOPICS_FROM,
            cell: ({ decision }) => decision.topics.map(({ key }) => nameOf(taxonomy.topics, key, language)).join(', '),
        },
        {
            column: { title: TEXT.queue[language], maxWidth: 18 },
            minWidth: QUEUE_FROM,
            cell: ({ decision }) => nameOf(routing.queues, decision.queue, language),
        },
        {
            column: { title: TEXT.due[language] },
            cell: ({ decision }) => formatTime(decision.deadlines.first_response_at, timeZone).slice(5),
        },
        { column: { title: TEXT.text[language], flexible: true }, cell: ({ text }) => text },
    ];
    const fitting = shown.filter(({ minWidth = 0 }) => width >= minWidth);
    const columns = fitting.map(({ column }) => column);
    const rows = sorted.map((result) => fitting.map(({ cell }) => cell(result)));
    return renderTable(columns, rows, width);
}
function summary(report, policy, language) {
    const { results, durationMs, stored } = report;
    const decisions = results.map(({ decision }) => decision);
    const topics = decisions.flatMap((decision) => decision.topics.length > 0 ? decision.topics.map(({ key }) => key) : ['']);
    const reviews = decisions.filter((decision) => decision.needs_review.yes).length;
    const { taxonomy } = policy;
    const nameTopic = (key) => (key === '' ? TEXT.noTopic[language] : nameOf(taxonomy.topics, key, language));
    const count = (keys, order, name) => order
        .map((key) => [name(key), keys.filter((other) => other === key).length])
        .filter(([, found]) => found > 0)
        .map(([label, found]) => `${label} ${found}`)
        .join(' · ');
    const each = results.length > 0 ? ` (${(durationMs / results.length).toFixed(1)} ${TEXT.perItem[language]})` : '';
    return [
        '',
        `${results.length} ${TEXT.items[language]}, ${(durationMs / 1000).toFixed(1)} ${TEXT.seconds[language]}${each}`,
        `${TEXT.byPriority[language]}: ${count(decisions.map(({ priority }) => priority), PRIORITIES, (key) => key)}`,
        `${TEXT.byType[language]}: ${count(decisions.map(({ type }) => type.key), taxonomy.types.map(({ key }) => key), (key) => nameOf(taxonomy.types, key, language))}`,
        `${TEXT.byTopic[language]}: ${count(topics, [...taxonomy.topics.map(({ key }) => key), ''], nameTopic)}`,
        `${TEXT.review[language]}: ${reviews}${reviews > 0 ? ` (${TEXT.reviewMark[language]})` : ''}`,
        ...(stored
            ? [
                `${TEXT.stored[language]}: ${stored.created}${stored.existed > 0 ? ` · ${TEXT.existed[language]}: ${stored.existed}` : ''}`,
            ]
            : []),
    ].join('\n');
}
//# sourceMappingURL=report.js.map