import type { Span } from '../text/tracked.ts';

/** A label and its calibrated probability. */
export interface LabelProbability {
  readonly key: string;
  readonly probability: number;
}

/** What the learned heads say of one text: the statistical half of a decision, beside the rules. */
export interface Prediction {
  /** All types, most probable first. */
  readonly types: readonly LabelProbability[];
  readonly typeThreshold: number;
  /** All topics, most probable first. */
  readonly topics: readonly LabelProbability[];
  readonly topicThreshold: number;
  readonly flags: Readonly<Record<string, number>>;
  /** For likely flags the words that spoke most for them, as spans of the normalised text. */
  readonly flagWords: Readonly<Record<string, readonly Span[]>>;
  /** The nearest examples with their cosine, centred. */
  readonly nearest: readonly { readonly id: string; readonly similarity: number }[];
  /** False when even the nearest example is farther than nearly all texts of the kind are: unlike anything known. */
  readonly isFamiliar: boolean;
}
