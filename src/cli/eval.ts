import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { DATA_FOLDER, openEngine } from '../context.ts';
import { evaluateRedaction, type Mistake, type RedactionEvaluation, readMarkedTexts } from '../eval/redact.ts';
import { evaluateTriage, type TriageEvaluation, type TriageScores } from '../eval/triage.ts';
import { readTriageSet } from '../eval/triage-set.ts';
import type { Share } from '../learning/metrics.ts';
import { loadPolicy } from '../policy.ts';
import { type AddCommand, createRuntime } from './command.ts';
import { addBurstsEvaluation } from './eval-bursts.ts';
import { addClassifyEvaluation } from './eval-classify.ts';
import { addClusterEvaluation } from './eval-cluster.ts';
import { addDraftsEvaluation } from './eval-drafts.ts';
import { addRetrieveEvaluation } from './eval-retrieve.ts';
import { addShippedEvaluation } from './eval-shipped.ts';
import { addStoriesEvaluation } from './eval-stories.ts';
import { showProgress } from './progress.ts';
import { printable, renderTable } from './table.ts';

const MAX_MISSES = 40;

/** `eval …`: how good the decisions are, on anybody's labelled data. */
export const addEval: AddCommand = (program, signal) => {
  const command = program
    .command('eval')
    .description('measure the decisions on labelled data; without a part, on all shipped sets');
  addTriageEvaluation(command, signal);
  addRedactionEvaluation(command);
  addClassifyEvaluation(command, signal);
  addClusterEvaluation(command, signal);
  addStoriesEvaluation(command, signal);
  addBurstsEvaluation(command, signal);
  addRetrieveEvaluation(command, signal);
  addDraftsEvaluation(command, signal);
  addShippedEvaluation(command, signal);
};

function addTriageEvaluation(command: Command, signal: AbortSignal): void {
  command
    .command('triage')
    .description('type, topics, risk flags and priority on a labelled set')
    .argument(
      '<file>',
      'JSON Lines: {"id","lang","channel","customer","text","expect":{"type","topics","risk_flags","priority"}}',
    )
    .option('--json <file>', 'write all figures and every miss to a file')
    .option('--no-misses', 'do not list the misses')
    .action(async (file: string, flags: { json?: string; misses: boolean }) => {
      const items = await readTriageSet(file, (await loadPolicy(DATA_FOLDER)).taxonomy);
      const runtime = createRuntime(signal, 'interactive');
      const progress = showProgress('eval');
      await using engine = await openEngine({ ...runtime, onProgress: progress.update });
      const result = await evaluateTriage(engine, items, { signal, onProgress: progress.update });
      progress.end();
      if (flags.json) await writeFile(flags.json, `${JSON.stringify(result, undefined, 2)}\n`);
      printTriage(result, flags.misses);
    });
}

function addRedactionEvaluation(command: Command): void {
  command
    .command('redact')
    .description('how much of the personal data in a marked set is masked, and what is masked without need')
    .argument('<file>', 'JSON Lines: {"text","spans":[{"kind","start","end"}]}, offsets in characters')
    .option('--no-misses', 'do not list the mistakes')
    .action(async (file: string, flags: { misses: boolean }) => {
      printRedaction(evaluateRedaction(await readMarkedTexts(file)), flags.misses);
    });
}

function printRedaction(result: RedactionEvaluation, withMisses: boolean): void {
  const rows = Object.entries({ ...result.kinds, all: result.all }).map(([kind, { recall, precision }]) => [
    kind,
    String(recall.n),
    recall.value.toFixed(3),
    interval(recall),
    String(precision.n),
    precision.value.toFixed(3),
    interval(precision),
  ]);
  const titles = ['kind', 'marked', 'recall', '95 %', 'masked', 'precision', '95 %'];
  console.log(
    renderTable(
      titles.map((title, at) => ({ title, ...(at > 0 && { align: 'right' as const }) })),
      rows,
      160,
    ),
  );
  if (!withMisses) return;
  const list = (title: string, mistakes: readonly Mistake[]) => {
    console.log(`\n${title}: ${mistakes.length}`);
    for (const { kind, text } of mistakes.slice(0, MAX_MISSES)) console.log(`  ${kind}: ${printable(text)}`);
  };
  list('Left in clear', result.misses);
  list('Masked without need', result.falseAlarms);
}

function printTriage(result: TriageEvaluation, withMisses: boolean): void {
  const rows = Object.entries({ all: result, ...result.by_language })
    .filter(([, scores]) => scores.items > 0)
    .map(([name, scores]) => [name, String(scores.items), ...figures(scores)]);
  const titles = [
    'language',
    'n',
    'type acc.',
    'type F1',
    'prio acc.',
    'P1 prec.',
    'P1 recall',
    'topics F1',
    'flags F1',
    'acted on',
  ];
  console.log(
    renderTable(
      titles.map((title, at) => ({ title, ...(at > 0 && { align: 'right' as const }) })),
      rows,
      160,
    ),
  );
  console.log(
    `\n95 % intervals: type ${interval(result.type.interval)}, priority ${interval(result.priority.interval)}, P1 recall ${interval(result.priority.p1_recall_interval)}`,
  );
  console.log(
    `Acted on without a person: ${percent(result.acted_on.share)}, their type right in ${percent(result.acted_on.type_accuracy)}. ${result.ms_per_item.toFixed(1)} ms per item.`,
  );
  console.log(
    `\nFlags: ${Object.entries(result.risk_flags.per_flag)
      .map(([flag, scores]) => `${flag} ${percent(scores.precision)}/${percent(scores.recall)}`)
      .join(' · ')} (precision/recall)`,
  );
  if (!withMisses) return;
  const misses = result.misses.filter(
    ({ wrong }) => wrong.includes('type') || wrong.includes('priority') || wrong.includes('risk_flags'),
  );
  console.log(`\nMisses of type, priority or flags: ${misses.length}`);
  for (const miss of misses.slice(0, MAX_MISSES)) {
    const said = (labels: { type: string; risk_flags: string[]; priority: string }) =>
      `${labels.type} ${labels.priority} [${labels.risk_flags.join(' ')}]`;
    console.log(
      `  ${miss.id} ${miss.text.replace(/\s+/gu, ' ').slice(0, 160)}\n      expected ${said(miss.expected)}\n      given    ${said(miss.given)} (${miss.confidence.toFixed(2)}) ${miss.reasons.join(', ')}`,
    );
  }
  if (misses.length > MAX_MISSES) console.log(`  … ${misses.length - MAX_MISSES} more; --json FILE writes them all`);
}

function figures(scores: TriageScores): string[] {
  return [
    scores.type.accuracy,
    scores.type.macro_f1,
    scores.priority.accuracy,
    scores.priority.p1_precision,
    scores.priority.p1_recall,
    scores.topics.micro_f1,
    scores.risk_flags.micro_f1,
    scores.acted_on.share,
  ].map((value) => value.toFixed(3));
}

const percent = (value: number) => `${(value * 100).toFixed(1)} %`;
const interval = ({ low, high }: Share) => `${low.toFixed(3)}–${high.toFixed(3)}`;
