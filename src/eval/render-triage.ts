import type { Share } from '../learning/metrics.ts';
import { markdownTable } from '../text/markdown-table.ts';
import type { EvidenceTable, Raised, Source } from './evidence.ts';
import type { ShippedEvaluation } from './shipped.ts';
import type { TriageScores } from './triage.ts';

const COLUMNS = ['type', 'priority', 'P1 precision', 'P1 recall', 'topics, micro-F1', 'flags, micro-F1'];
const SOURCES: Readonly<Record<Source, string>> = {
  lexical: 'words alone',
  learned: 'the learned head alone',
  both: 'both',
};

/** The part of the page about feedback: figures in all, per language, and what raised the flags. */
export function renderTriage(triage: ShippedEvaluation['triage']): string {
  return `## Feedback: type, priority, topics, flags

Labelled from the policy, apart from rules and examples; \`held\` is not read while rules are written. \`apart\` was written by
others, \`hard\` in words that an author of rules would not think of.

${markdownTable(
  ['set', 'items', 'type, interval', 'priority, interval', ...COLUMNS],
  triage.map(({ name, result }) => [
    name,
    String(result.items),
    interval(result.type.interval),
    interval(result.priority.interval),
    ...scoreCells(result),
  ]),
)}

By language; \`mixed\` is both in one message:

${markdownTable(
  ['set', 'language', 'items', ...COLUMNS],
  triage.flatMap(({ name, result }) =>
    Object.entries(result.by_language).map(([language, scores]) => [
      name,
      language,
      String(scores.items),
      ...scoreCells(scores),
    ]),
  ),
)}

Flags raised by words, by the learned head, or by both, rightly and wrongly:

${markdownTable(
  ['set', ...Object.values(SOURCES).flatMap((source) => [`${source}: right`, 'wrong'])],
  triage.map(({ name, result }) => [name, ...evidenceCells(result.evidence)]),
)}
`;
}

function scoreCells({ type, priority, topics, risk_flags: flags }: TriageScores): string[] {
  return [
    type.accuracy,
    priority.accuracy,
    priority.p1_precision,
    priority.p1_recall,
    topics.micro_f1,
    flags.micro_f1,
  ].map((value) => value.toFixed(3));
}

function evidenceCells(evidence: EvidenceTable): string[] {
  const sum = (source: Source, part: keyof Raised) =>
    Object.values(evidence).reduce((total, row) => total + row[source][part], 0);
  return (['lexical', 'learned', 'both'] as const).flatMap((source) => [
    String(sum(source, 'tp')),
    String(sum(source, 'fp')),
  ]);
}

export const interval = ({ low, high }: Share) => `${low.toFixed(3)}–${high.toFixed(3)}`;
export const percent = (value: number) => `${(value * 100).toFixed(1)} %`;
