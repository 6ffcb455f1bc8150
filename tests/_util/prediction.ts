import type { LabelProbability, Prediction } from '../../src/triage/prediction.ts';

const TYPES = ['technical_issue', 'service_complaint', 'feature_suggestion', 'question', 'praise', 'other'];

export interface PredictionFacts {
  readonly type?: string;
  /** Probability of that type; the rest is shared evenly. */
  readonly confidence?: number;
  readonly typeThreshold?: number;
  readonly topics?: Readonly<Record<string, number>>;
  readonly topicThresholds?: Prediction['topicThresholds'];
  readonly flags?: Readonly<Record<string, number>>;
  readonly isFamiliar?: boolean;
}

/** What the heads might say: a type with a probability, topics by probability, flags. A sure question by default. */
export function predict(facts: PredictionFacts = {}): Prediction {
  const { type = 'question', confidence = 0.95, typeThreshold = 0.6, topics = {} } = facts;
  const rest = (1 - confidence) / (TYPES.length - 1);
  return {
    types: byProbability(TYPES.map((key) => ({ key, probability: key === type ? confidence : rest }))),
    typeThreshold,
    topics: byProbability(Object.entries(topics).map(([key, probability]) => ({ key, probability }))),
    topicThresholds: facts.topicThresholds ?? { first: 0.5, further: 0.5 },
    flags: facts.flags ?? {},
    words: { type: [], topics: {}, flags: {} },
    nearest: [{ id: 'seed-1', type: 'question', similarity: 0.8 }],
    isFamiliar: facts.isFamiliar ?? true,
  };
}

function byProbability(labels: LabelProbability[]): LabelProbability[] {
  return labels.sort((left, right) => right.probability - left.probability);
}
