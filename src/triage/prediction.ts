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
  /** Cosine to the nearest example, centred: below `familiarity` the text is unlike anything known. */
  readonly nearest: { readonly id: string; readonly similarity: number };
  readonly isFamiliar: boolean;
}
