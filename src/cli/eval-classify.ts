import { writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { DATA_FOLDER } from '../context.ts';
import { createEncoder } from '../embedding/create.ts';
import { type ClassifyEvaluation, evaluateClassify } from '../eval/classify.ts';
import { makeLabelSet } from '../eval/label-set.ts';
import { type LabelledFile, readLabelledCsv } from '../eval/labelled-csv.ts';
import { loadPolicy } from '../policy.ts';
import { Segmenter } from '../text/segment.ts';
import { createRuntime, wholeNumber } from './command.ts';
import { showProgress } from './progress.ts';
import { renderTable } from './table.ts';

interface Flags {
  readonly train: string;
  readonly test: string;
  readonly text: string;
  readonly label: string;
  readonly oos?: string;
  readonly perClass?: number;
  readonly seed: number;
  readonly targetError: number;
  readonly encoding?: string;
  readonly json?: string;
  readonly labelNames: boolean;
  readonly baselines?: true;
}

const WIDTH = 120;
const MAX_PROBLEMS = 5;

/** `eval classify`: how well labels of anybody's are told apart. */
export function addClassifyEvaluation(command: Command, signal: AbortSignal): void {
  command
    .command('classify')
    .description('one label per text: train on one CSV, measure on another')
    .requiredOption('--train <file>', 'CSV with a header: texts and their labels to learn from')
    .requiredOption('--test <file>', 'CSV with the same columns to measure on')
    .option('--text <column>', 'the column that holds the text', 'text')
    .option('--label <column>', 'the column that holds the label', 'label')
    .option('--oos <file>', 'CSV of texts that belong to none of the labels (same text column, else "text")')
    .option('--per-class <n>', 'learn from this many examples per label, drawn by the seed', wholeNumber(1))
    .option('--seed <n>', 'seed of draws, folds and solver', wholeNumber(0), 1)
    .option('--target-error <share>', 'share of answers that may be wrong without a person looking', shareOf, 0.03)
    .option('--encoding <name>', 'encoding of the files; UTF-8 or GB18030 is found out when it is missing')
    .option('--no-label-names', 'do not use the names of the labels as evidence')
    .option('--baselines', 'measure naive Bayes (natural) and nearest neighbour too')
    .option('--json <file>', 'write all figures to a file')
    .action(async (flags: Flags) => {
      const result = await run(flags, signal);
      if (flags.json) await writeFile(flags.json, `${JSON.stringify(result, undefined, 2)}\n`);
      print(result);
    });
}

async function run(flags: Flags, signal: AbortSignal): Promise<ClassifyEvaluation> {
  const columns = { text: flags.text, label: flags.label, encoding: flags.encoding };
  const train = await readLabelledCsv(flags.train, columns);
  const test = await readLabelledCsv(flags.test, columns);
  const oos = flags.oos === undefined ? undefined : await readOos(flags.oos, flags);
  for (const [name, file] of Object.entries({ [flags.train]: train, [flags.test]: test })) report(name, file);
  const set = makeLabelSet(train.rows, test.rows, { perClass: flags.perClass, seed: flags.seed });
  const { config, logger } = createRuntime(signal, 'interactive');
  const policy = await loadPolicy(DATA_FOLDER);
  await using encoder = await createEncoder({ config, logger });
  const progress = showProgress('eval');
  try {
    const sources = { encoder, segmenter: new Segmenter(policy.words), dataDir: config.DATA_DIR };
    return await evaluateClassify(sources, set, {
      oos: oos?.rows,
      labelNames: flags.labelNames,
      baselines: flags.baselines ?? false,
      targetError: flags.targetError,
      seed: flags.seed,
      signal,
      onProgress: progress.update,
    });
  } finally {
    progress.end();
  }
}

/** Strange texts come from elsewhere, so their column may have another name. */
async function readOos(file: string, { text, encoding }: Flags): Promise<LabelledFile> {
  try {
    return await readLabelledCsv(file, { text, encoding });
  } catch (error) {
    if (text === 'text') throw error;
    return await readLabelledCsv(file, { text: 'text', encoding });
  }
}

function report(name: string, { problems }: LabelledFile): void {
  for (const { line, problem } of problems.slice(0, MAX_PROBLEMS)) console.error(`${name}, line ${line}: ${problem}`);
  if (problems.length > MAX_PROBLEMS)
    console.error(`${name}: ${problems.length - MAX_PROBLEMS} more lines are left out`);
}

function print(result: ClassifyEvaluation): void {
  const right = { align: 'right' as const };
  const columns = [
    { title: 'label', flexible: true },
    ...['train', 'test', 'precision', 'recall', 'F1'].map((title) => ({ title, ...right })),
  ];
  const rows = result.per_label.map(({ label, train, test, precision, recall, f1 }) => [
    label,
    String(train),
    String(test),
    ...[precision, recall, f1].map((value) => value.toFixed(3)),
  ]);
  console.log(renderTable(columns, rows, WIDTH));
  console.log(`\n${result.train_rows} training rows, ${result.test_rows} test rows, ${result.labels} labels`);
  for (const [name, value] of figures(result)) console.log(`${name.padEnd(38)}${value}`);
  for (const warning of result.warnings) console.log(`Note: ${warning}.`);
}

function figures(result: ClassifyEvaluation): [string, string][] {
  const { low, high } = result.accuracy_interval;
  const coverage = Object.entries(result.coverage_at_error);
  return [
    ['accuracy', `${result.accuracy.toFixed(4)} (95 % interval ${low.toFixed(3)}–${high.toFixed(3)})`],
    ...result.baselines.map(({ name, accuracy }): [string, string] => [`  ${name}`, accuracy.toFixed(4)]),
    ['macro-F1', result.macro_f1.toFixed(4)],
    ['calibration error (ECE, 15 bins)', result.ece.toFixed(4)],
    ...coverage.map(([error, value]): [string, string] => [
      `answered at ≤ ${Number(error) * 100} % error`,
      percent(value),
    ]),
    ['acted on by itself', `${percent(result.acted_on.share)}, wrong in ${percent(result.acted_on.error)}`],
    ...(result.oos_auroc === null
      ? []
      : [['out of scope, AUROC', result.oos_auroc.toFixed(4)] satisfies [string, string]]),
    ['training', `${(result.train_ms / 1000).toFixed(1)} s`],
    ['prediction beside the encoder', `${result.predict_ms_per_item.toFixed(2)} ms`],
  ];
}

const percent = (value: number) => `${(value * 100).toFixed(1)} %`;

function shareOf(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number < 1)) throw new InvalidArgumentError('must be a share between 0 and 1, such as 0.03');
  return number;
}
