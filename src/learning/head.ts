import type { LabelProbability, Prediction } from '../triage/prediction.ts';
import { type SigmoidCalibration, type SoftmaxCalibration, sigmoid, softmax } from './calibration.ts';
import { type VoteModel, voteByExamples } from './example-vote.ts';
import { placeTerms, weighWords } from './explain.ts';
import { center, type FeatureSource, type SparseVector, Vectorizer, type Vocabulary } from './features.ts';
import { LinearBank } from './linear-bank.ts';
import type { BlockWeights, LinearFunction } from './matrix.ts';
import { HEARD } from './neighbour-vote.ts';
import { NeighbourIndex } from './neighbours.ts';
import type { QuantizedRows } from './quantized.ts';
import type { Thresholds } from './topic-thresholds.ts';

/** Raised when a stored head can no longer be read by this code. */
export const HEAD_FORMAT = 3;

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
  /** From which probabilities on labels are given; chosen for the best F1 on held-out rows. */
  readonly thresholds: Thresholds;
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
  /** Centred vectors of the examples: how near the nearest is tells what is unfamiliar. */
  readonly exampleVectors: QuantizedRows;
  readonly exampleIds: readonly string[];
  readonly exampleTypes: readonly string[];
  /** The examples' second opinion on every label; null in heads that were trained without it. */
  readonly vote: VoteModel | null;
  /** Type accuracy on the examples, each judged by a model that had not seen it. */
  readonly heldOutAccuracy: number;
  /** Similarity to the nearest example that 99 % of held-out rows reach. */
  readonly familiarity: number;
}

/** Flags below this probability raise nothing, so their words are not looked for. */
const SHOWN_FROM = 0.25;
const MAX_WORDS = 3;
/** Topics whose words are shown; a message has at most as many. */
const MAX_EXPLAINED = 4;
/** Nearest examples that are shown. */
const NEIGHBOURS = 3;

/** Answers for one text at a time from a trained model. */
export class Head {
  readonly model: HeadModel;
  readonly #vectorizer: Vectorizer;
  readonly #bank: LinearBank;
  readonly #examples: NeighbourIndex;

  constructor(model: HeadModel) {
    this.model = model;
    this.#vectorizer = new Vectorizer(model.vocabulary);
    const scorers = [model.type, model.topics, model.flags].flatMap((part) => part.scorers);
    this.#bank = new LinearBank(scorers, model.weights);
    this.#examples = new NeighbourIndex(model.exampleVectors);
  }

  predict(source: FeatureSource, vector: Float32Array): Prediction {
    const { model } = this;
    const dense = center(vector, model.mean);
    const sparse = this.#vectorizer.transform(source);
    const scores = this.#bank.score(dense, sparse);
    const topicsFrom = model.type.labels.length;
    const flagsFrom = topicsFrom + model.topics.labels.length;
    const near = this.#examples.find(dense, model.vote ? HEARD : NEIGHBOURS);
    const nearest = near.slice(0, NEIGHBOURS);
    const said = model.vote ? voteByExamples(model.vote, near, sparse) : new Float64Array(scores.length);
    const types = softmax(scores.subarray(0, topicsFrom), model.type.calibration, said.subarray(0, topicsFrom));
    const flags = probabilities(model.flags, scores.subarray(flagsFrom), said.subarray(flagsFrom));
    const ranked = byProbability(model.type.labels.map((key, at) => ({ key, probability: types[at] ?? 0 })));
    const topics = byProbability(
      probabilities(model.topics, scores.subarray(topicsFrom, flagsFrom), said.subarray(topicsFrom, flagsFrom)),
    );
    return {
      types: ranked,
      typeThreshold: model.type.threshold,
      topics,
      topicThresholds: model.topics.thresholds,
      flags: Object.fromEntries(flags.map(({ key, probability }) => [key, probability])),
      words: this.#words(source, sparse, {
        type: ranked.slice(0, 1).map(({ key }) => key),
        topics: likely(topics, model.topics.thresholds.first).slice(0, MAX_EXPLAINED),
        flags: likely(flags, SHOWN_FROM),
      }),
      nearest: nearest.map(({ row, similarity }) => ({
        id: model.exampleIds[row] ?? '',
        type: model.exampleTypes[row] ?? '',
        similarity,
      })),
      isFamiliar: (nearest[0]?.similarity ?? -1) >= model.familiarity,
    };
  }

  #words(source: FeatureSource, sparse: SparseVector, labels: Record<keyof Prediction['words'], readonly string[]>) {
    const places = placeTerms(source, this.#vectorizer);
    const wordsOf = (part: ExclusiveModel | IndependentModel, key: string) => {
      const scorer = part.scorers[part.labels.indexOf(key)];
      return scorer ? weighWords(source, places, sparse, scorer, MAX_WORDS) : [];
    };
    const each = (part: IndependentModel, keys: readonly string[]) =>
      Object.fromEntries(keys.map((key) => [key, wordsOf(part, key)]));
    const { type, topics, flags } = this.model;
    return {
      type: labels.type.flatMap((key) => wordsOf(type, key)),
      topics: each(topics, labels.topics),
      flags: each(flags, labels.flags),
    };
  }
}

/** The labels that are at least this probable. */
function likely(labels: readonly LabelProbability[], from: number): string[] {
  return labels.filter(({ probability }) => probability >= from).map(({ key }) => key);
}

function probabilities(
  { labels, calibrations }: IndependentModel,
  scores: Float64Array,
  said: Float64Array,
): LabelProbability[] {
  return labels.map((key, at) => {
    const calibration = calibrations[at];
    return { key, probability: calibration === undefined ? 0 : sigmoid(scores[at] ?? 0, calibration, said[at]) };
  });
}

function byProbability(labels: LabelProbability[]): LabelProbability[] {
  return labels.sort((left, right) => right.probability - left.probability);
}
