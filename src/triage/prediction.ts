import type { Span } from '../text/tracked.ts';

/** A word of the text and how much it adds to a label's score. Offsets are into the normalised text. */
export interface WeighedWord extends Span {
  readonly weight: number;
}

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
  /** From which probability on the most probable topic is given, and from which on further ones are. */
  readonly topicThresholds: { readonly first: number; readonly further: number };
  readonly flags: Readonly<Record<string, number>>;
  /** The words that spoke most for the first type, for each topic that is given, and for each likely flag. */
  readonly words: {
    readonly type: readonly WeighedWord[];
    readonly topics: Readonly<Record<string, readonly WeighedWord[]>>;
    readonly flags: Readonly<Record<string, readonly WeighedWord[]>>;
  };
  /** The nearest examples with their cosine, centred. */
  readonly nearest: readonly { readonly id: string; readonly type: string; readonly similarity: number }[];
  /** False when even the nearest example is farther than nearly all texts of the kind are: unlike anything known. */
  readonly isFamiliar: boolean;
}

/**
 * The topics that are given, most probable first: one is missed more often than a second is wanted.
 *
 * @param onlySure whether the first too must be as probable as a further one: for messages of no kind, such as greetings
 */
export function chosenTopics(
  { topics, topicThresholds: { first, further } }: Pick<Prediction, 'topics' | 'topicThresholds'>,
  onlySure = false,
): string[] {
  const least = (at: number) => (at === 0 && !onlySure ? first : further);
  return topics.filter(({ probability }, at) => probability >= least(at)).map(({ key }) => key);
}
