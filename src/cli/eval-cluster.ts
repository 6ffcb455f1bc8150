import { writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { openEngine } from '../context.ts';
import { type ClusterEvaluation, type ClusterScores, evaluateClusters } from '../eval/cluster.ts';
import { readLabelledCsv } from '../eval/labelled-csv.ts';
import { createRuntime, wholeNumber } from './command.ts';
import { showProgress } from './progress.ts';
import { renderTable } from './table.ts';

interface Flags {
  readonly text: string;
  readonly label: string;
  readonly encoding?: string;
  readonly seed: number;
  readonly stability?: number;
  readonly json?: string;
}

const WIDTH = 120;

/** `eval cluster`: how well clusters found without labels agree with labels. */
export function addClusterEvaluation(command: Command, signal: AbortSignal): void {
  command
    .command('cluster')
    .description('clusters found without labels, compared with the labels of a CSV')
    .argument('<file>', 'CSV with a header')
    .option('--text <column>', 'the column that holds the text', 'text')
    .option('--label <column>', 'the column that holds the label', 'label')
    .option('--encoding <name>', 'encoding of the file; UTF-8 or GB18030 is found out when it is missing')
    .option('--seed <n>', 'seed of draws', wholeNumber(0), 1)
    .option('--stability <share>', 'measure how many items keep their cluster when so much more data comes', moreData)
    .option('--json <file>', 'write all figures to a file')
    .action(async (file: string, flags: Flags) => {
      const result = await run(file, flags, signal);
      if (flags.json) await writeFile(flags.json, `${JSON.stringify(result, undefined, 2)}\n`);
      print(result);
    });
}

async function run(file: string, { text, label, encoding, seed, stability }: Flags, signal: AbortSignal) {
  const { rows, problems } = await readLabelledCsv(file, { text, label, encoding });
  for (const { line, problem } of problems.slice(0, 5)) console.error(`${file}, line ${line}: ${problem}`);
  if (problems.length > 5) console.error(`${file}: ${problems.length - 5} more lines are left out`);
  const progress = showProgress('eval');
  try {
    const run = { signal, onProgress: progress.update };
    await using engine = await openEngine({ ...createRuntime(signal, 'interactive'), ...run });
    return await evaluateClusters(engine, rows, { seed, stability, ...run });
  } finally {
    progress.end();
  }
}

function print(result: ClusterEvaluation): void {
  const titles = ['', 'V-measure', 'ARI', 'NMI', 'purity', 'clusters', 'left out'];
  const cells = (name: string, scores: ClusterScores) => [
    name,
    ...[scores.v_measure, scores.ari, scores.nmi, scores.purity].map((value) => value.toFixed(3)),
    String(scores.clusters),
    `${(scores.outlier_share * 100).toFixed(1)} %`,
  ];
  const rows = [cells('communities', result), cells(`k-means, k = ${result.labels}`, result.k_means)];
  console.log(
    renderTable(
      titles.map((title, at) => ({ title, ...(at > 0 && { align: 'right' as const }) })),
      rows,
      WIDTH,
    ),
  );
  console.log(
    `\n${result.rows} rows, ${result.labels} labels; resolution ${result.resolution}; ${Math.round(result.ms)} ms`,
  );
  if (result.stability !== null)
    console.log(`In the same cluster after more data: ${(result.stability * 100).toFixed(1)} %`);
}

function moreData(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number <= 1)) throw new InvalidArgumentError('must be a share above 0 and up to 1, such as 0.1');
  return number;
}
