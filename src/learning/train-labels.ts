import { selectThreshold } from './calibration.ts';
import { calibrate, fitConfidence } from './confidence.ts';
import { fitDiscriminant, scoreByDiscriminant } from './discriminant.ts';
import { center, type FeatureSource, fitVocabulary, meanVector, Vectorizer } from './features.ts';
import { assignFolds, evenSample } from './folds.ts';
import { fitKernelRidge } from './kernel-ridge.ts';
import { closenessOf, LABEL_CLASSIFIER_FORMAT, type LabelModel } from './label-classifier.ts';
import { buildMatrix, type FeatureMatrix } from './matrix.ts';
import { countVotes, HEARD, rankByTerms, type SparseRows } from './neighbour-vote.ts';
import { type Neighbour, NeighbourIndex } from './neighbours.ts';
import { fitNovelty, type Standing, standingOf } from './novelty.ts';
import { allRows, type QuantizedRows, quantizeRows } from './quantized.ts';
import { type SoftmaxOptions, trainSoftmaxRegression } from './softmax-regression.ts';
import { type SoftmaxWeights, scoreMatrixRow } from './softmax-scores.ts';
import { combine, fitStack, type MemberScores } from './stack.ts';

/** A text with its label and what the classifier reads of it. */
export interface LabelExample extends FeatureSource {
  readonly id: string;
  readonly vector: Float32Array;
  readonly label: string;
}

export interface LabelSettings {
  readonly encoderHash: string;
  readonly seed: number;
  /** Share of sure answers that may be wrong. */
  readonly targetError: number;
}

/** What cross-validation chose (docs/adr/0004). Beyond `FEW` rows the kernel's cube of work is not worth its gain. */
const FEW = 1_200;
const SPARSE_WEIGHT = 0.5;
const FOLDS = { few: 5, many: 3 } as const;
const SOLVER = {
  few: { epochs: 40, rate: 2, penalty: 1e-5 },
  many: { epochs: 18, rate: 1.2, penalty: 1e-7 },
} as const;
const MIN_DOCUMENTS = { few: 1, many: 2 } as const;
/** With this many examples a label's own name has nothing to add. */
const NAME_UNTIL = 25;
const NOVELTY_SAMPLE = 1_500;
/** Probabilities that the stack's two or three weights are fitted to: 10 000 rows of 77 labels, 1 000 of 1 000. */
const STACK_NUMBERS = 1_000_000;

/**
 * Trains a classifier of one label out of many: multinomial regression on vector and terms, and what the examples
 * themselves say (all of them when they are few, else the nearest), put together on held-out rows.
 *
 * `names` are the labels' names or descriptions as examples; each stands beside those of a label that has few.
 * Deterministic for a seed and an order of examples.
 */
export function trainLabels(
  examples: readonly LabelExample[],
  names: readonly LabelExample[],
  settings: LabelSettings,
  onProgress?: (done: number, total: number) => void,
): LabelModel {
  const problem = prepare(examples, names, settings);
  const { labels, rows, truth, real, size } = problem;
  const total = (FOLDS[size] + 1) * SOLVER[size].epochs;
  let done = 0;
  const options = { ...SOLVER[size], seed: settings.seed, onEpoch: () => onProgress?.(++done, total) };
  const heldOut = heldOutScores(problem, options);
  const regression = fitRegression(problem, Int32Array.from(truth.keys()), options);
  // Fitted to what is kept, so that a kernel's large coefficients do not magnify what rounding took away.
  const exampleVectors = quantizeRows(rows.map(({ dense }) => dense));
  const vectors = allRows(exampleVectors);
  const neighbours = findOthers(vectors, exampleVectors, real);
  const few = size === 'few' ? fitFew(problem, vectors) : undefined;
  const terms = size === 'few' ? null : termsOfRows(problem);
  const members = Array.from(
    { length: real },
    (_, row): MemberScores => [
      heldOut[row] ?? [],
      ...(few?.heldOut[row] ?? [voteOf(problem, neighbours[row] ?? [], row, terms)]),
    ],
  );
  const shown = evenSample(real, STACK_NUMBERS / labels.length);
  const stack = fitStack(
    shown.map((row) => members[row] ?? []),
    shown.map((row) => truth[row] ?? 0),
  );
  const probabilities = members.map((scores) => combine(scores, stack));
  const tops = probabilities.map((row) => Math.max(...row));
  const correct = probabilities.map((row, at) => row.indexOf(tops[at] ?? 0) === truth[at]);
  const confidence = fitConfidence(tops, correct);
  const confidences = tops.map((top) => calibrate(top, confidence));
  return {
    format: LABEL_CLASSIFIER_FORMAT,
    encoderHash: settings.encoderHash,
    labels,
    mean: problem.mean,
    vocabulary: problem.vocabulary,
    sparseWeight: SPARSE_WEIGHT,
    regression,
    exampleVectors,
    exampleLabels: truth,
    exampleIds: problem.ids,
    few: few?.model ?? null,
    exampleTerms: terms,
    stack,
    confidence,
    novelty: noveltyOf(members, stack, neighbours, truth),
    threshold: selectThreshold(confidences, correct, settings.targetError),
    heldOutAccuracy: correct.filter(Boolean).length / Math.max(1, real),
  };
}

type Problem = ReturnType<typeof prepare>;

function prepare(examples: readonly LabelExample[], names: readonly LabelExample[], { seed }: LabelSettings) {
  const labels = [...new Set(examples.map(({ label }) => label))].sort();
  const count = new Map<string, number>();
  for (const { label } of examples) count.set(label, (count.get(label) ?? 0) + 1);
  const helpful = names.filter(({ label }) => count.has(label) && (count.get(label) ?? 0) < NAME_UNTIL);
  const size = examples.length + helpful.length <= FEW ? 'few' : 'many';
  const all = [...examples, ...helpful];
  const dimensions = examples[0]?.vector.length ?? 0;
  const mean = meanVector(
    examples.map(({ vector }) => vector),
    dimensions,
  );
  // A name is shorter than what people write: half of what sets all names apart from all examples is taken off.
  const nameMean = meanVector(
    [
      mean,
      meanVector(
        helpful.map(({ vector }) => vector),
        dimensions,
      ),
    ],
    dimensions,
  );
  const vocabulary = fitVocabulary(examples, MIN_DOCUMENTS[size]);
  const vectorizer = new Vectorizer(vocabulary);
  const rows = all.map((example, at) => ({
    dense: center(example.vector, at < examples.length ? mean : nameMean),
    sparse: vectorizer.transform(example),
  }));
  const matrix = buildMatrix(rows, dimensions, vocabulary.terms.length, { dense: 1, sparse: SPARSE_WEIGHT });
  const place = new Map(labels.map((label, at) => [label, at]));
  return {
    labels,
    mean,
    vocabulary,
    rows,
    matrix,
    dimensions,
    ids: all.map(({ id }) => id),
    truth: Int32Array.from(all, ({ label }) => place.get(label) ?? 0),
    /** Rows that are examples; names follow them and are never held out. */
    real: examples.length,
    folds: assignFolds(
      examples.map(({ label }) => label),
      FOLDS[size],
      seed,
    ),
    size,
  } as const;
}

/** Per example, the scores of a regression that had not seen it. */
function heldOutScores(problem: Problem, options: SoftmaxOptions): Float32Array[] {
  const { matrix, truth, folds, real, size } = problem;
  const scores: Float32Array[] = [];
  for (let fold = 0; fold < FOLDS[size]; fold++) {
    const weights = fitRegression(
      problem,
      Int32Array.from(truth.keys()).filter((row) => row >= real || folds[row] !== fold),
      options,
    );
    for (let row = 0; row < real; row++) if (folds[row] === fold) scores[row] = scoreMatrixRow(matrix, row, weights);
  }
  return scores;
}

function fitRegression(
  { matrix, truth, labels }: { matrix: FeatureMatrix; truth: Int32Array; labels: readonly string[] },
  rows: Int32Array,
  options: SoftmaxOptions,
): SoftmaxWeights {
  return trainSoftmaxRegression(matrix, rows, truth, labels.length, options);
}

/** What is worth its time only while examples are few: a kernel over all of them, and a discriminant. */
function fitFew({ dimensions, truth, labels, folds, real }: Problem, vectors: Float32Array) {
  const all = Int32Array.from(truth.keys());
  const classes = labels.length;
  const kernel = fitKernelRidge(vectors, dimensions, truth, classes);
  const heldOut: MemberScores[] = [];
  for (let fold = 0; fold < FOLDS.few; fold++) {
    const rest = all.filter((row) => row >= real || folds[row] !== fold);
    const fitted = fitDiscriminant(vectors, dimensions, rest, truth, classes);
    for (let row = 0; row < real; row++) {
      if (folds[row] !== fold) continue;
      heldOut[row] = [kernel.heldOut[row] ?? [], scoreByDiscriminant(vectors, row * dimensions, fitted)];
    }
  }
  const discriminant = fitDiscriminant(vectors, dimensions, all, truth, classes);
  return { model: { kernel: kernel.coefficients, discriminant }, heldOut };
}

function voteOf(problem: Problem, near: readonly Neighbour[], row: number, terms: SparseRows | null): Float64Array {
  const sparse = problem.rows[row]?.sparse;
  const ranked = terms && sparse ? rankByTerms(near, terms, sparse) : near;
  return countVotes(ranked, problem.truth, problem.labels.length);
}

/** The examples' terms without the weight that the regression gives them. */
function termsOfRows({ matrix }: Problem): SparseRows {
  const { offsets, indices, values } = matrix;
  return { offsets, indices, values: values.map((value) => value / SPARSE_WEIGHT) };
}

/** Per example, the nearest among all others. */
function findOthers(vectors: Float32Array, rows: QuantizedRows, real: number): Neighbour[][] {
  const index = new NeighbourIndex(rows);
  const { dimensions } = rows;
  return Array.from({ length: real }, (_, row) =>
    index
      .find(vectors.subarray(row * dimensions, (row + 1) * dimensions), HEARD + 1)
      .filter((neighbour) => neighbour.row !== row),
  );
}

/** Held-out rows as they are, and with their own label taken away. */
function noveltyOf(
  members: readonly MemberScores[],
  stack: Float64Array,
  neighbours: readonly Neighbour[][],
  truth: Int32Array,
) {
  const step = Math.ceil(members.length / NOVELTY_SAMPLE);
  const known: Standing[] = [];
  const unknown: Standing[] = [];
  for (let row = 0; row < members.length; row += step) {
    const scores = members[row] ?? [];
    const near = neighbours[row] ?? [];
    const own = truth[row] as number;
    known.push(standingOf(closenessOf(near), combine(scores, stack)));
    const others = near.filter((neighbour) => truth[neighbour.row] !== own);
    const left = scores.map((member) => Float64Array.from(member).filter((_, label) => label !== own));
    unknown.push(standingOf(closenessOf(others.length > 0 ? others : near.slice(-1)), combine(left, stack)));
  }
  return fitNovelty(known, unknown);
}
