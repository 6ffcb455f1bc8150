import { markdownTable } from '../text/markdown-table.ts';
import type { ClassifyEvaluation } from './classify.ts';
import { renderClusters } from './render-clusters.ts';
import { renderRetrieval } from './render-retrieval.ts';
import { interval, percent, renderTriage } from './render-triage.ts';
import type { ShippedEvaluation } from './shipped.ts';

/** The page of all figures, Markdown. `date` is a calendar day. */
export function renderReport(
  { encoder, classify, triage, clusters, retrieval }: ShippedEvaluation,
  date: string,
): string {
  return `# Evaluation

Made by \`npm run eval\` on ${date}; do not edit. Encoder ${encoder.id}, hash \`${encoder.hash.slice(0, 16)}\`. Intervals are 95 % (Wilson).
The sets, their licences and credits are in \`data/eval/README.md\`.

## One label out of many

${markdownTable(
  [
    'set',
    'rows',
    'accuracy',
    'interval',
    'macro-F1',
    'ECE',
    'answered at ≤ 1 / 3 / 5 % error',
    'out of scope, AUROC',
    'training',
    'prediction',
  ],
  classify.map(({ name, result }) => [name, ...classifyCells(result)]),
)}

Answered: the share of test rows, surest first, of which at most that share is wrong. Out of scope: Banking77 beside app
reviews. Training runs in one thread; prediction is beside reading and embedding; both depend on the machine and what
else it does. The method and what it was compared with are in \`docs/adr/0004-heads-for-any-labels.md\`.

${markdownTable(
  ['set', 'this', 'nearest neighbour, same vectors', 'naive Bayes (natural)', 'published'],
  classify.map(({ name, references, result }) => [
    name,
    result.accuracy.toFixed(3),
    ...result.baselines.map(({ accuracy }) => accuracy.toFixed(3)),
    references,
  ]),
)}

What the classifier would act on without a person, at its own threshold for 3 % error:

${markdownTable(
  ['set', 'acted on', 'of these wrong', 'told to be none of the labels', 'of out-of-scope texts'],
  classify.map(({ name, result }) => [
    name,
    percent(result.acted_on.share),
    percent(result.acted_on.error),
    percent(result.none_of_these.test),
    result.none_of_these.oos === null ? '—' : percent(result.none_of_these.oos),
  ]),
)}

${renderTriage(triage)}
${renderClusters(clusters)}
${renderRetrieval(retrieval)}`;
}

function classifyCells(result: ClassifyEvaluation): string[] {
  return [
    `${result.train_rows} / ${result.test_rows}`,
    result.accuracy.toFixed(3),
    interval(result.accuracy_interval),
    result.macro_f1.toFixed(3),
    result.ece.toFixed(3),
    Object.values(result.coverage_at_error)
      .map((value) => value.toFixed(2))
      .join(' / '),
    result.oos_auroc === null ? '—' : result.oos_auroc.toFixed(3),
    `${(result.train_ms / 1000).toFixed(0)} s`,
    `${result.predict_ms_per_item.toFixed(2)} ms`,
  ];
}
