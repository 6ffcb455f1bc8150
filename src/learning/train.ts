import { fitSigmoid, fitSoftmax, selectThreshold, softmax } from './calibration.ts';
import { type VoteModel, voteHeldOut } from './example-vote.ts';
import { CUE_WEIGHT, center, type FeatureSource, fitVocabulary, meanVector, Vectorizer } from './features.ts';
import { assignFolds, evenSample } from './folds.ts';
import { type ExclusiveModel, HEAD_FORMAT, type HeadModel, type IndependentModel } from './head.ts';
import { trainLinearSvm } from './linear-svm.ts';
import { type BlockWeights, buildMatrix, type FeatureMatrix, type LinearFunction, scoreRow } from './matrix.ts';
import { HEARD } from './neighbour-vote.ts';
import { NeighbourIndex } from './neighbours.ts';
import { quantizeRows } from './quantized.ts';
import { selectThresholds } from './topic-thresholds.ts';

/** A labelled example with what the heads read of it. */
export interface TrainingExample extends FeatureSource {
  readonly id: string;
  readonly vector: Float32Array;
  readonly type: string;
  readonly topics: readonly string[];
  readonly flags: readonly string[];
  /** What it counts beside others; 1 unless given. */
  readonly weight?: number;
}

export interface TrainSettings {
  readonly encoderHash: string;
  readonly types: readonly string[];
  readonly topics: readonly string[];
  readonly flags: readonly string[];
  readonly seed: number;
  /** Share of answers that may be wrong without a person looking. */
  readonly targetError: number;
}

const WEIGHTS: BlockWeights = { dense: 1, sparse: 1 };
/** Half the usual one: topics 0.724 against 0.718, the others the same (held-out, shipped examples), and faster. */
const COST = 0.5;
/** Ten times coarser than the usual one: held-out accuracy is the same (0.82 to 0.83), the training a third shorter. */
const TOLERANCE = 0.5;
const FOLDS = 3;
const MIN_DOCUMENTS = 2;
const FAMILIAR_SHARE = 0.99;
const FAMILIARITY_SAMPLE = 1_000;
/** Rows that probabilities are fitted to; finding what others vote on them costs rows times this. */
const CALIBRATION_SAMPLE = 6_000;

/** Whatever changes a trained head beside its examples; part of the head's version. Raise `revision` with the code. */
export const RECIPE = {
  revision: 5,
  weights: WEIGHTS,
  cost: COST,
  tolerance: TOLERANCE,
  folds: FOLDS,
  minDocuments: MIN_DOCUMENTS,
  cueWeight: CUE_WEIGHT,
} as const;

/** Trains type, topics and flags from the same examples. Deterministic for a seed and an order of examples. */
export function trainHead(
  examples: readonly TrainingExample[],
  options: TrainSettings,
  onProgress?: (done: number, total: number) => void,
): HeadModel {
  const dimensions = examples[0]?.vector.length ?? 0;
  const vectors = examples.map((example) => example.vector);
  const mean = meanVector(vectors, dimensions);
  const vocabulary = fitVocabulary(examples, MIN_DOCUMENTS);
  const vectorizer = new Vectorizer(vocabulary);
  const dense = examples.map((example) => center(example.vector, mean));
  const rows = examples.map((example, index) => ({
    dense: dense[index] ?? mean,
    sparse: vectorizer.transform(example),
  }));
  const matrix = buildMatrix(rows, dimensions, vocabulary.terms.length, WEIGHTS);
  const folds = assignFolds(
    examples.map((example) => example.type),
    FOLDS,
    options.seed,
  );
  const weights = Float64Array.from(examples, ({ weight }) => weight ?? 1);
  const total = options.types.length + options.topics.length + options.flags.length;
  let done = 0;
  const vote = voteModelOf(matrix, examples, options);
  const shown = evenSample(examples.length, CALIBRATION_SAMPLE);
  const votes = voteHeldOut(vote, rows, folds, shown, HEARD);
  const fitAll = (labels: readonly string[], isLabel: IsLabel) =>
    labels.map((label) => {
      const positive = Uint8Array.from(examples, (example) => (isLabel(example, label) ? 1 : 0));
      const fitted = fitLabel({ matrix, weights, folds, seed: options.seed }, positive);
      const at = done++;
      onProgress?.(done, total);
      return {
        scorer: fitted.scorer,
        heldOut: Float64Array.from(shown, (row) => fitted.heldOut[row] ?? 0),
        positive: Uint8Array.from(shown, (row) => positive[row] ?? 0),
        said: Float64Array.from(votes, (row) => row[at] ?? 0),
      };
    });
  const type = exclusive(options.types, fitAll(options.types, IS.types), options.targetError);
  return {
    format: HEAD_FORMAT,
    encoderHash: options.encoderHash,
    mean,
    vocabulary,
    weights: WEIGHTS,
    type: type.model,
    heldOutAccuracy: type.accuracy,
    topics: independent(options.topics, fitAll(options.topics, IS.topics)),
    flags: independent(options.flags, fitAll(options.flags, IS.flags)),
    vote,
    exampleVectors: quantizeRows(dense),
    exampleIds: examples.map(({ id }) => id),
    exampleTypes: examples.map((example) => example.type),
    familiarity: familiarityOf(dense, folds),
  };
}

type IsLabel = (example: TrainingExample, label: string) => boolean;

/** Which examples have a label, in the order of the head's functions. */
const IS: Readonly<Record<'types' | 'topics' | 'flags', IsLabel>> = {
  types: ({ type }, label) => type === label,
  topics: ({ topics }, label) => topics.includes(label),
  flags: ({ flags }, label) => flags.includes(label),
};

function voteModelOf(matrix: FeatureMatrix, examples: readonly TrainingExample[], options: TrainSettings): VoteModel {
  const { offsets, indices, values } = matrix;
  const has = examples.flatMap((example) =>
    (['types', 'topics', 'flags'] as const).flatMap((part) =>
      options[part].map((label) => (IS[part](example, label) ? 1 : 0)),
    ),
  );
  // The matrix holds the terms as they are, since their block weighs 1.
  return { terms: { offsets, indices, values }, has: Int8Array.from(has) };
}

/** A label's function, and of the rows shown: their score by a function that had not seen them, and what others vote. */
interface FittedLabel {
  readonly scorer: LinearFunction;
  readonly heldOut: Float64Array;
  readonly positive: Uint8Array;
  readonly said: Float64Array;
}

interface Problem {
  readonly matrix: FeatureMatrix;
  readonly weights: Float64Array;
  readonly folds: Uint8Array;
  readonly seed: number;
}

function fitLabel({ matrix, weights, folds, seed }: Problem, positive: Uint8Array) {
  const train = (rows: Int32Array) =>
    trainLinearSvm(
      matrix,
      rows,
      Uint8Array.from(rows, (row) => positive[row] ?? 0),
      { cost: COST, seed, tolerance: TOLERANCE, weights: Float64Array.from(rows, (row) => weights[row] ?? 1) },
    );
  const heldOut = new Float64Array(matrix.rows);
  const all = Int32Array.from({ length: matrix.rows }, (_, row) => row);
  for (let fold = 0; fold < FOLDS; fold++) {
    const scorer = train(all.filter((row) => folds[row] !== fold));
    for (const row of all) if (folds[row] === fold) heldOut[row] = scoreRow(matrix, row, scorer);
  }
  return { scorer: train(all), heldOut };
}

function exclusive(
  labels: readonly string[],
  fitted: readonly FittedLabel[],
  targetError: number,
): { model: ExclusiveModel; accuracy: number } {
  const rows = [...(fitted[0]?.heldOut.keys() ?? [])];
  const scores = rows.map((row) => Float64Array.from(fitted, ({ heldOut }) => heldOut[row] ?? 0));
  const said = rows.map((row) => Float64Array.from(fitted, (label) => label.said[row] ?? 0));
  const truth = rows.map((row) => fitted.findIndex(({ positive }) => positive[row] === 1));
  const calibration = fitSoftmax(scores, truth, labels.length, said);
  const probabilities = scores.map((row, at) => softmax(row, calibration, said[at]));
  const confidences = probabilities.map((row) => Math.max(...row));
  const correct = probabilities.map((row, index) => row.indexOf(Math.max(...row)) === truth[index]);
  return {
    model: {
      labels,
      scorers: fitted.map((label) => label.scorer),
      calibration,
      threshold: selectThreshold(confidences, correct, targetError),
    },
    accuracy: correct.filter(Boolean).length / Math.max(1, correct.length),
  };
}

function independent(labels: readonly string[], fitted: readonly FittedLabel[]): IndependentModel {
  const calibrations = fitted.map(({ heldOut, positive, said }) => fitSigmoid(heldOut, positive, said));
  return {
    labels,
    scorers: fitted.map((label) => label.scorer),
    calibrations,
    thresholds: selectThresholds(
      fitted.map(({ heldOut, positive, said }, at) => ({ heldOut, positive, said, calibration: calibrations[at] })),
    ),
  };
}

/** The similarity to their nearest example of another fold that most rows reach; an even sample of them tells it. */
function familiarityOf(dense: readonly Float32Array[], folds: Uint8Array): number {
  const step = Math.ceil(dense.length / FAMILIARITY_SAMPLE);
  const nearest: number[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const others = dense.filter((_, row) => folds[row] !== fold);
    const index = new NeighbourIndex(quantizeRows(others));
    dense.forEach((vector, row) => {
      if (row % step === 0 && folds[row] === fold) nearest.push(index.find(vector, 1)[0]?.similarity ?? -1);
    });
  }
  const sorted = nearest.sort((left, right) => right - left);
  return sorted[Math.floor(sorted.length * FAMILIAR_SHARE)] ?? -1;
}
