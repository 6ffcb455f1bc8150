import { LabelClassifier } from '../learning/label-classifier.ts';
import { countLabels, f1, macroF1, precision, recall, type Share, share } from '../learning/metrics.ts';
import { trainLabelsInWorker } from '../learning/train-in-worker.ts';
import type { LabelExample } from '../learning/train-labels.ts';
import { type BaselineScores, scoreBaselines } from './baselines.ts';
import { type ExampleSources, nameRows, readExamples } from './label-examples.ts';
import type { LabelSet } from './label-set.ts';
import type { LabelledRow } from './labelled-csv.ts';
import { type Answers, auroc, coverageAtError, expectedCalibrationError } from './selective.ts';

export interface LabelScores {
  readonly label: string;
  readonly train: number;
  readonly test: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

export interface ClassifyEvaluation {
  readonly encoder: { readonly id: string; readonly hash: string };
  readonly train_rows: number;
  readonly test_rows: number;
  readonly oos_rows: number;
  readonly labels: number;
  readonly accuracy: number;
  readonly accuracy_interval: Share;
  readonly macro_f1: number;
  readonly ece: number;
  /** Null without a file of texts that belong to no label. */
  readonly oos_auroc: number | null;
  readonly coverage_at_error: Readonly<Record<'0.01' | '0.03' | '0.05', number>>;
  /** What the classifier itself would act on at its target error, and how often that was wrong. */
  readonly acted_on: { readonly share: number; readonly error: number };
  /** Share of test rows and of out-of-scope rows that were told to be none of the labels. */
  readonly none_of_these: { readonly test: number; readonly oos: number | null };
  readonly held_out_accuracy: number;
  readonly train_ms: number;
  /** Beside reading and embedding. */
  readonly predict_ms_per_item: number;
  readonly per_label: readonly LabelScores[];
  readonly baselines: readonly BaselineScores[];
  readonly warnings: readonly string[];
}

export interface ClassifyOptions {
  readonly oos?: readonly LabelledRow[] | undefined;
  readonly labelNames: boolean;
  readonly baselines: boolean;
  readonly targetError: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  onProgress?(done: number, total: number): void;
}

/** Trains on one part of a labelled set and measures on the other. Deterministic for a seed, timings apart. */
export async function evaluateClassify(
  sources: ExampleSources,
  set: LabelSet,
  options: ClassifyOptions,
): Promise<ClassifyEvaluation> {
  const { signal, onProgress, seed, targetError } = options;
  const names = options.labelNames ? nameRows(new Set(set.train.map(({ label }) => label))) : [];
  const oosRows = options.oos ?? [];
  const all = await readExamples(sources, [...set.train, ...set.test, ...oosRows, ...names], {
    signal,
    ...(onProgress && { onProgress }),
  });
  const take = (count: number) => all.splice(0, count);
  const [train, test, oos] = [take(set.train.length), take(set.test.length), take(oosRows.length)];
  const named = all.map((example) => ({ ...example, id: `label:${example.label}` }));
  const started = performance.now();
  const settings = { encoderHash: sources.encoder.info.hash, seed, targetError };
  const model = await trainLabelsInWorker(train, named, settings, { signal, ...(onProgress && { onProgress }) });
  const trainMs = performance.now() - started;
  const { answers, msPerItem } = answerAll(new LabelClassifier(model), test);
  const strange = answerAll(new LabelClassifier(model), oos).answers;
  return {
    encoder: { id: sources.encoder.info.id, hash: sources.encoder.info.hash },
    train_rows: train.length,
    test_rows: test.length,
    oos_rows: oos.length,
    labels: model.labels.length,
    ...scoreAnswers(train, test, answers),
    oos_auroc: oos.length === 0 ? null : auroc(pluck(strange), pluck(answers)),
    none_of_these: { test: shareOfNone(answers), oos: oos.length === 0 ? null : shareOfNone(strange) },
    held_out_accuracy: model.heldOutAccuracy,
    train_ms: trainMs,
    predict_ms_per_item: msPerItem,
    baselines: options.baselines ? scoreBaselines(set, train, test) : [],
    warnings: set.warnings,
  };
}

type Answer = ReturnType<LabelClassifier['predict']>;

function answerAll(classifier: LabelClassifier, examples: readonly LabelExample[]) {
  const started = performance.now();
  const answers = examples.map((example) => classifier.predict(example, example.vector));
  return { answers, msPerItem: (performance.now() - started) / Math.max(1, examples.length) };
}

const pluck = (answers: readonly Answer[]) => answers.map(({ novelty }) => novelty);
const shareOfNone = (answers: readonly Answer[]) =>
  answers.filter(({ fits }) => !fits).length / Math.max(1, answers.length);

function scoreAnswers(train: readonly LabelExample[], test: readonly LabelExample[], answers: readonly Answer[]) {
  const truth = test.map(({ label }) => label);
  const given = answers.map(({ ranked }) => ranked[0]?.key ?? '');
  const judged: Answers = {
    confidences: answers.map(({ ranked }) => ranked[0]?.probability ?? 0),
    correct: given.map((label, at) => label === truth[at]),
  };
  const interval = share(judged.correct.filter(Boolean).length, test.length);
  const acted = answers.flatMap(({ isSure }, at) => (isSure ? [judged.correct[at]] : []));
  const labels = [...new Set([...train.map(({ label }) => label), ...truth])].sort();
  const [wanted, said] = [single(truth), single(given)];
  return {
    accuracy: interval.value,
    accuracy_interval: interval,
    macro_f1: macroF1(wanted, said, labels),
    ece: expectedCalibrationError(judged),
    coverage_at_error: {
      '0.01': coverageAtError(judged, 0.01),
      '0.03': coverageAtError(judged, 0.03),
      '0.05': coverageAtError(judged, 0.05),
    },
    acted_on: {
      share: acted.length / Math.max(1, test.length),
      error: acted.filter((correct) => !correct).length / Math.max(1, acted.length),
    },
    per_label: labels.map((label): LabelScores => {
      const counts = countLabels(wanted, said, label);
      return {
        label,
        train: train.filter((example) => example.label === label).length,
        test: truth.filter((one) => one === label).length,
        precision: precision(counts),
        recall: recall(counts),
        f1: f1(counts),
      };
    }),
  };
}

const single = (values: readonly string[]) => values.map((value) => [value]);
