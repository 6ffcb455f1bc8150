import type { Policy } from '../policy.ts';
import { PRIORITIES } from '../triage/rules.ts';
import { formatTime, nameOf } from './describe.ts';
import { type Column, printable, renderTable, truncate } from './table.ts';
import { TEXT, type UiLanguage } from './text.ts';
import type { LineOutcome, Tally, TriageResult } from './triage-file.ts';

const DEFAULT_WIDTH = 120;
const MAX_PROBLEMS = 20;
/** Terminal widths from which a column leaves enough room for the text. */
const TOPICS_FROM = 110;
const QUEUE_FROM = 140;
/** UTF-16 units of text that are looked at per cell of the table: no sign of one cell has more that matter. */
const UNITS_PER_CELL = 4;

/** What the table shows of a result: a few hundred bytes, whatever the text and the decision hold. */
interface Row {
  readonly line: number;
  readonly priority: string;
  readonly review: boolean;
  readonly score: number;
  readonly type: string;
  readonly topics: readonly string[];
  readonly queue: string;
  readonly due: string | null;
  readonly text: string;
}

export interface ReportOptions {
  readonly policy: Policy;
  readonly timeZone: string;
  readonly language: UiLanguage;
  /** Cells of a line of the table. */
  readonly width?: number;
}

/** Gathers what the table and the summary show, line by line. */
export class Report {
  readonly #options: ReportOptions;
  readonly #width: number;
  readonly #rows: Row[] = [];
  readonly #problems: string[] = [];
  #problemCount = 0;

  constructor(options: ReportOptions) {
    this.#options = options;
    this.#width = options.width ?? process.stdout.columns ?? DEFAULT_WIDTH;
  }

  add(outcome: LineOutcome): void {
    if ('problem' in outcome) {
      this.#problemCount++;
      if (this.#problems.length < MAX_PROBLEMS)
        this.#problems.push(`  ${describeProblem(outcome, this.#options.language)}`);
    } else this.#rows.push(toRow(outcome, this.#width));
  }

  /** The table, most urgent first, and the summary. */
  decisions(tally: Tally | undefined, durationMs: number): string {
    const summary = describeSummary(this.#rows, this.#options, tally, durationMs);
    return this.#rows.length === 0 ? summary : `${describeTable(this.#rows, this.#options, this.#width)}\n${summary}`;
  }

  /** The lines that were not processed, as far as a person wants to read; empty when there are none. */
  problems(): string {
    if (this.#problemCount === 0) return '';
    const more = this.#problemCount - this.#problems.length;
    const head = `\n${TEXT.badLines[this.#options.language]}: ${this.#problemCount}`;
    return [head, ...this.#problems, ...(more > 0 ? [`  … +${more}`] : [])].join('\n');
  }
}

export function describeProblem({ line, problem }: { line: number; problem: string }, language: UiLanguage): string {
  return `${TEXT.line[language]} ${line}: ${problem}`;
}

function toRow({ line, decision, text }: TriageResult, width: number): Row {
  return {
    line,
    priority: decision.priority,
    review: decision.needs_review.yes,
    score: decision.urgency.score,
    type: decision.type.key,
    topics: decision.topics.map(({ key }) => key),
    queue: decision.queue,
    due: decision.deadlines.first_response_at,
    text: truncate(printable(text.slice(0, width * UNITS_PER_CELL)), width),
  };
}

function describeTable(rows: readonly Row[], options: ReportOptions, width: number): string {
  const { policy, timeZone, language } = options;
  const { taxonomy, routing } = policy;
  const sorted = [...rows].sort((left, right) => right.score - left.score || left.line - right.line);
  const shown: { column: Column; minWidth?: number; cell(row: Row): string }[] = [
    { column: { title: TEXT.line[language], align: 'right' }, cell: ({ line }) => String(line) },
    {
      column: { title: TEXT.priority[language] },
      cell: ({ priority, review }) => `${priority}${review ? '?' : ''}`,
    },
    { column: { title: TEXT.score[language], align: 'right' }, cell: ({ score }) => String(score) },
    {
      column: { title: TEXT.type[language], maxWidth: 18 },
      cell: ({ type }) => nameOf(taxonomy.types, type, language),
    },
    {
      column: { title: TEXT.topics[language], maxWidth: 22 },
      minWidth: TOPICS_FROM,
      cell: ({ topics }) => topics.map((key) => nameOf(taxonomy.topics, key, language)).join(', '),
    },
    {
      column: { title: TEXT.queue[language], maxWidth: 18 },
      minWidth: QUEUE_FROM,
      cell: ({ queue }) => nameOf(routing.queues, queue, language),
    },
    { column: { title: TEXT.due[language] }, cell: ({ due }) => formatTime(due, timeZone).slice(5) },
    { column: { title: TEXT.text[language], flexible: true }, cell: ({ text }) => text },
  ];
  const fitting = shown.filter(({ minWidth = 0 }) => width >= minWidth);
  return renderTable(
    fitting.map(({ column }) => column),
    sorted.map((row) => fitting.map(({ cell }) => cell(row))),
    width,
  );
}

function describeSummary(
  rows: readonly Row[],
  { policy, language }: ReportOptions,
  stored: Tally | undefined,
  durationMs: number,
): string {
  const { taxonomy } = policy;
  const topics = rows.flatMap((row) => (row.topics.length > 0 ? row.topics : ['']));
  const reviews = rows.filter(({ review }) => review).length;
  const nameTopic = (key: string) => (key === '' ? TEXT.noTopic[language] : nameOf(taxonomy.topics, key, language));
  const keysOf = (labels: readonly { readonly key: string }[]) => labels.map(({ key }) => key);
  const each = rows.length > 0 ? ` (${(durationMs / rows.length).toFixed(1)} ${TEXT.perItem[language]})` : '';
  const priorities = rows.map(({ priority }) => priority);
  const types = rows.map(({ type }) => type);
  return [
    '',
    `${rows.length} ${TEXT.items[language]}, ${(durationMs / 1000).toFixed(1)} ${TEXT.seconds[language]}${each}`,
    `${TEXT.byPriority[language]}: ${count(priorities, PRIORITIES, (key) => key)}`,
    `${TEXT.byType[language]}: ${count(types, keysOf(taxonomy.types), (key) => nameOf(taxonomy.types, key, language))}`,
    `${TEXT.byTopic[language]}: ${count(topics, [...keysOf(taxonomy.topics), ''], nameTopic)}`,
    `${TEXT.review[language]}: ${reviews}${reviews > 0 ? ` (${TEXT.reviewMark[language]})` : ''}`,
    ...(stored ? [describeStored(stored, language)] : []),
  ].join('\n');
}

function describeStored({ created, existed }: Tally, language: UiLanguage): string {
  return `${TEXT.stored[language]}: ${created}${existed > 0 ? ` · ${TEXT.existed[language]}: ${existed}` : ''}`;
}

/** How often each key stands among them, in the order given; those that do not stand there are left out. */
function count(keys: readonly string[], order: readonly string[], name: (key: string) => string): string {
  const found = new Map<string, number>();
  for (const key of keys) found.set(key, (found.get(key) ?? 0) + 1);
  return order
    .filter((key) => found.has(key))
    .map((key) => `${name(key)} ${found.get(key)}`)
    .join(' · ');
}
