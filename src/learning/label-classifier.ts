import { type ConfidenceCalibration, calibrate } from './confidence.ts';
import { type Discriminant, scoreByDiscriminant } from './discriminant.ts';
import { center, type FeatureSource, Vectorizer, type Vocabulary } from './features.ts';
import { scoreByKernel } from './kernel-ridge.ts';
import { countVotes, HEARD, rankByTerms, type SparseRows } from './neighbour-vote.ts';
import { type Neighbour, NeighbourIndex } from './neighbours.ts';
import { type NoveltyModel, novelty, standingOf } from './novelty.ts';
import type { QuantizedRows } from './quantized.ts';
import { type SoftmaxWeights, scoreText } from './softmax-regression.ts';
import { combine } from './stack.ts';

/** Raised when a stored classifier can no longer be read by this code. */
export const LABEL_CLASSIFIER_FORMAT = 2;

/** One label out of many, learned from examples under one encoder. Plain data: it can be stored and sent to a worker. */
export interface LabelModel {
  readonly format: typeof LABEL_CLASSIFIER_FORMAT;
  readonly encoderHash: string;
  readonly labels: readonly string[];
  readonly mean: Float32Array;
  readonly vocabulary: Vocabulary;
  readonly sparseWeight: number;
  readonly regression: SoftmaxWeights;
  /** Centred vectors of the examples, and the label of each. */
  readonly exampleVectors: QuantizedRows;
  readonly exampleLabels: Int32Array;
  /** Ids of the examples; a label's own name has the id `label:KEY`. */
  readonly exampleIds: readonly string[];
  /** With few examples all of them are weighed; without it the nearest vote. */
  readonly few: { readonly kernel: Float32Array; readonly discriminant: Discriminant } | null;
  /** The examples' terms, for the vote. */
  readonly exampleTerms: SparseRows | null;
  readonly stack: Float64Array;
  readonly confidence: ConfidenceCalibration;
  readonly novelty: NoveltyModel;
  /** Answers at least this sure were wrong in at most the target share of held-out rows. */
  readonly threshold: number;
  readonly heldOutAccuracy: number;
}

/** An answer for one text. */
export interface LabelAnswer {
  /** All labels, most probable first. The first one's probability is calibrated. */
  readonly ranked: readonly { readonly key: string; readonly probability: number }[];
  /** From 0 (like the examples) to 1 (like nothing that was seen). */
  readonly novelty: number;
  /** False: none of these labels. */
  readonly fits: boolean;
  /** Sure enough to be acted on without a person. */
  readonly isSure: boolean;
  readonly nearest: readonly { readonly id: string; readonly similarity: number }[];
}

/** Neighbours whose mean closeness tells what is unfamiliar. */
const CLOSE = 3;

export function closenessOf(neighbours: readonly Neighbour[]): number {
  const close = neighbours.slice(0, CLOSE);
  return close.reduce((sum, { similarity }) => sum + similarity, 0) / Math.max(1, close.length);
}

/** Answers for one text at a time from a trained model. */
export class LabelClassifier {
  readonly model: LabelModel;
  readonly #vectorizer: Vectorizer;
  readonly #index: NeighbourIndex;

  constructor(model: LabelModel) {
    this.model = model;
    this.#vectorizer = new Vectorizer(model.vocabulary);
    this.#index = new NeighbourIndex(model.exampleVectors);
  }

  /** `vector` must come from the encoder of the model. */
  predict(source: FeatureSource, vector: Float32Array): LabelAnswer {
    const { model } = this;
    const classes = model.labels.length;
    const dense = center(vector, model.mean);
    const sparse = this.#vectorizer.transform(source);
    const neighbours = this.#index.find(dense, model.exampleTerms ? HEARD : CLOSE);
    const probabilities = combine(
      [
        scoreText(dense, sparse, model.sparseWeight, model.regression),
        ...(model.few
          ? [
              scoreByKernel(dense, model.exampleVectors, model.few.kernel, classes),
              scoreByDiscriminant(dense, 0, model.few.discriminant),
            ]
          : [
              countVotes(
                model.exampleTerms ? rankByTerms(neighbours, model.exampleTerms, sparse) : neighbours,
                model.exampleLabels,
                classes,
              ),
            ]),
      ],
      model.stack,
    );
    const unknown = novelty(standingOf(closenessOf(neighbours), probabilities), model.novelty);
    const [first, ...others] = model.labels
      .map((key, at) => ({ key, probability: probabilities[at] ?? 0 }))
      .sort((left, right) => right.probability - left.probability);
    const confidence = calibrate(first?.probability ?? 0, model.confidence);
    const fits = unknown <= model.novelty.threshold;
    return {
      ranked: first ? [{ key: first.key, probability: confidence }, ...others] : [],
      novelty: unknown,
      fits,
      isSure: fits && confidence >= model.threshold,
      nearest: neighbours
        .slice(0, CLOSE)
        .map(({ row, similarity }) => ({ id: model.exampleIds[row] ?? '', similarity })),
    };
  }
}
