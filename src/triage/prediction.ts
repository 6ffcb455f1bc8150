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
  /** Cosine to the nearest example, centred: below `familiarity` the text is unlike anything known. */
  readonly nearest: { readonly id: string; readonly similarity: number };
  readonly isFamiliar: boolean;
}
