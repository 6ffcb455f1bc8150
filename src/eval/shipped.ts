import path from 'node:path';
import { PROJECT_ROOT } from '../config.ts';
import type { Engine } from '../context.ts';
import { type ClassifyEvaluation, evaluateClassify } from './classify.ts';
import { makeLabelSet } from './label-set.ts';
import { readLabelledCsv } from './labelled-csv.ts';
import { evaluateShippedClusters, type ShippedClusters } from './shipped-clusters.ts';
import { evaluateShippedRetrieval, type ShippedRetrieval } from './shipped-retrieval.ts';
import { evaluateTriage, type TriageEvaluation } from './triage.ts';
import { readTriageSet } from './triage-set.ts';

interface ShippedSet {
  readonly name: string;
  readonly train: string;
  readonly test: string;
  readonly label: string;
  readonly oos?: string;
  /** What others reached on these rows. */
  readonly references: string;
}

const STRANGERS = 'app_reviews/reviews.csv';
const CLASSIFY_SETS: readonly ShippedSet[] = [
  {
    name: 'Banking77, all rows',
    train: 'banking77/train.csv',
    test: 'banking77/test.csv',
    label: 'category',
    oos: STRANGERS,
    references: 'bge-small-en-v1.5 + LinearSVC 0.931',
  },
  {
    name: 'Banking77, 10 per label',
    train: 'banking77/train_10.csv',
    test: 'banking77/test.csv',
    label: 'category',
    oos: STRANGERS,
    references: 'USE 0.842, USE+ConveRT 0.852; a large encoder fine-tuned: CPFT 0.872, ICDA 0.898',
  },
  {
    name: 'Banking77, 5 per label',
    train: 'banking77/train_5.csv',
    test: 'banking77/test.csv',
    label: 'category',
    oos: STRANGERS,
    references: '8 per label, frozen encoder: multilingual-e5-small 0.706, bge-small-en-v1.5 0.857',
  },
  { name: 'CFPB complaints', train: 'cfpb/train.csv', test: 'cfpb/test.csv', label: 'label', references: '—' },
];
const TRIAGE_SETS = {
  open: 'dev/open.jsonl',
  held: 'dev/held.jsonl',
  'apart, plain': 'apart/plain/triage.jsonl',
  'apart, hard': 'apart/hard/triage.jsonl',
} as const;

export interface ShippedEvaluation {
  readonly encoder: { readonly id: string; readonly hash: string };
  readonly classify: readonly {
    readonly name: string;
    readonly references: string;
    readonly result: ClassifyEvaluation;
  }[];
  readonly triage: readonly { readonly name: string; readonly result: TriageEvaluation }[];
  readonly clusters: ShippedClusters;
  readonly retrieval: readonly ShippedRetrieval[];
}

export interface ShippedOptions {
  readonly signal: AbortSignal;
  onSet?(name: string): void;
  onProgress?(done: number, total: number): void;
}

/** Every set that is shipped in `data/eval`, by the recipe that the commands use. */
export async function evaluateShipped(engine: Engine, options: ShippedOptions): Promise<ShippedEvaluation> {
  const run = { signal: options.signal, ...(options.onProgress && { onProgress: options.onProgress }) };
  const classify: ShippedEvaluation['classify'][number][] = [];
  for (const set of CLASSIFY_SETS) {
    options.onSet?.(set.name);
    classify.push({ name: set.name, references: set.references, result: await evaluateSet(engine, set, run) });
  }
  const triage: ShippedEvaluation['triage'][number][] = [];
  for (const [name, file] of Object.entries(TRIAGE_SETS)) {
    options.onSet?.(`triage, ${name}`);
    const items = await readTriageSet(place(file), engine.policy.taxonomy);
    triage.push({ name, result: await evaluateTriage(engine, items, run) });
  }
  options.onSet?.('clusters, stories, bursts');
  const clusters = await evaluateShippedClusters(engine, run);
  options.onSet?.('articles');
  const retrieval = await evaluateShippedRetrieval(engine, run);
  const { id, hash } = engine.encoder.info;
  return { encoder: { id, hash }, classify, triage, clusters, retrieval };
}

async function evaluateSet(
  { encoder, segmenter, config }: Engine,
  { train, test, label, oos }: ShippedSet,
  run: Pick<ShippedOptions, 'signal' | 'onProgress'>,
): Promise<ClassifyEvaluation> {
  const columns = { text: 'text', label };
  const [learned, asked] = [await readLabelledCsv(place(train), columns), await readLabelledCsv(place(test), columns)];
  const strange = oos === undefined ? undefined : (await readLabelledCsv(place(oos), { text: 'text' })).rows;
  return evaluateClassify(
    { encoder, segmenter, dataDir: config.DATA_DIR },
    makeLabelSet(learned.rows, asked.rows, { seed: 1 }),
    { oos: strange, labelNames: true, baselines: true, targetError: 0.03, seed: 1, ...run },
  );
}

const place = (file: string) => path.join(PROJECT_ROOT, 'data', 'eval', file);
