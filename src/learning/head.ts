import type { LabelProbability, Prediction } from '../triage/prediction.ts';
import { type SigmoidCalibration, type SoftmaxCalibration, sigmoid, softmax } from './calibration.ts';
import { dotAt } from './dot.ts';
import { weighWords } from './explain.ts';
import { center, type FeatureSource, type SparseVector, Vectorizer, type Vocabulary } from './features.ts';
import type { BlockWeights, LinearFunction } from './matrix.ts';

/** Raised when a stored head can no longer be read by this code. */
export const HEAD_FORMAT = 1;

/** One answer out of several: a linear score per label, made into probabilities together. */
export interface ExclusiveModel {
  readonly labels: readonly string[];
  readonly scorers: readonly LinearFunction[];
  readonly calibration: SoftmaxCalibration;
  /** Answers at least this probable were wrong in at most `targetError` of held-out rows. */
  readonly threshold: number;
}

/** Any number of labels: each with its own score and probability. */
export interface IndependentModel {
  readonly labels: readonly string[];
  readonly scorers: readonly LinearFunction[];
  readonly calibrations: readonly SigmoidCalibration[];
  /** A label is given from this probability on; chosen for the best F1 on held-out rows. */
  readonly threshold: number;
}

/** Everything learned from labelled examples, under one encoder. Plain data: it can be stored and sent to a worker. */
export interface HeadModel {
  readonly format: typeof HEAD_FORMAT;
  readonly encoderHash: string;
  readonly mean: Float32Array;
  readonly vocabulary: Vocabulary;
  readonly weights: BlockWeights;
  readonly type: ExclusiveModel;
  readonly topics: IndependentModel;
  readonly flags: IndependentModel;
  /** Centred vectors of a sample of the examples, one after the other: how near the nearest is tells what is unfamiliar. */
  readonly exampleVectors: Float32Array;
  readonly exampleIds: readonly string[];
  /** Similarity to the nearest example that 99 % of held-out rows reach. */
  readonly familiarity: number;
}

/** Flags below this probability raise nothing, so their words are not looked for. */
const SHOWN_FROM = 0.25;
const MAX_WORDS = 3;

/** Answers for one text at a time from a trained model. */
export class Head {
  readonly model: HeadModel;
  readonly #vectorizer: Vectorizer;

  constructor(model: HeadModel) {
    this.model = model;
    this.#vectorizer = new Vectorizer(model.vocabulary);
  }

  predict(source: FeatureSource, vector: Float32Array): Prediction {
    const { model } = this;
    const dense = center(vector, model.mean);
    const sparse = this.#vectorizer.transform(source);
    const score = (scorer: LinearFunction) => {
      let sum = scorer.bias + model.weights.dense * dotAt(dense, 0, scorer.dense);
      sparse.indices.forEach((index, at) => {
        sum += model.weights.sparse * (sparse.values[at] ?? 0) * (scorer.sparse[index] ?? 0);
      });
      return sum;
    };
    const types = softmax(model.type.scorers.map(score), model.type.calibration);
    const nearest = this.#nearest(dense);
    const flags = model.flags.labels.map((key, at) => ({ key, probability: independent(model.flags, at, score) }));
    return {
      types: rank(model.type.labels, (at) => types[at] ?? 0),
      typeThreshold: model.type.threshold,
      topics: rank(model.topics.labels, (at) => independent(model.topics, at, score)),
      topicThreshold: model.topics.threshold,
      flags: Object.fromEntries(flags.map(({ key, probability }) => [key, probability])),
      flagWords: this.#flagWords(source, sparse, flags),
      nearest,
      isFamiliar: nearest.similarity >= model.familiarity,
    };
  }

  /** The words behind each flag that is likely enough to be raised. */
  #flagWords(source: FeatureSource, sparse: SparseVector, flags: readonly LabelProbability[]): Prediction['flagWords'] {
    const { labels, scorers } = this.model.flags;
    const likely = flags.filter(({ probability }) => probability >= SHOWN_FROM);
    return Object.fromEntries(
      likely.map(({ key }) => {
        const scorer = scorers[labels.indexOf(key)];
        return [key, scorer ? weighWords(source, this.#vectorizer, sparse, scorer, MAX_WORDS) : []];
      }),
    );
  }

  #nearest(dense: Float32Array): { id: string; similarity: number } {
    const { exampleVectors, exampleIds } = this.model;
    let best = 0;
    let similarity = Number.NEGATIVE_INFINITY;
    for (let row = 0; row < exampleIds.length; row++) {
      const value = dotAt(exampleVectors, row * dense.length, dense);
      if (value > similarity) [best, similarity] = [row, value];
    }
    return { id: exampleIds[best] ?? '', similarity };
  }
}

function independent(model: IndependentModel, at: number, score: (scorer: LinearFunction) => number): number {
  const scorer = model.scorers[at];
  const calibration = model.calibrations[at];
  return scorer === undefined || calibration === undefined ? 0 : sigmoid(score(scorer), calibration);
}

function rank(labels: readonly string[], probability: (at: number) => number): LabelProbability[] {
  return labels
    .map((key, at) => ({ key, probability: probability(at) }))
    .sort((left, right) => right.probability - left.probability);
}
