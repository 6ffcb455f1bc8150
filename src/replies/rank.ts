import type { Suggestion } from './draft.ts';
import { limitOf } from './medium.ts';

/** What people did with suggestions that share a feature: taken and refused in parts, an edit counts for both. */
export interface Tally {
  readonly taken: number;
  readonly refused: number;
}

/** Tallies by feature; what is not there was never seen. */
export type Learned = ReadonlyMap<string, Tally>;

export type Ranked = Pick<Suggestion, 'approach' | 'situation' | 'language' | 'medium' | 'text' | 'sentences'>;

/** Before anything is known: half of the full replies are taken, the others a little less (Beta prior). */
const PRIOR_MEAN: Readonly<Record<Suggestion['approach'], number>> = {
  full: 0.55,
  brief: 0.45,
  steps: 0.5,
  earlier: 0.6,
  polished: 0.5,
};
/** Decisions that the more general level weighs as much as. */
const STRENGTH = 4;
const SHORT = 0.4;
const LONG = 0.75;

/**
 * The features of a suggestion, from the general to the particular: each level is drawn towards the one before it, so
 * that a few decisions about one kind of reply move that kind and hardly its neighbours.
 */
export function featuresOf({ approach, situation, language, medium, text, sentences }: Ranked): string[] {
  const limit = limitOf(medium, language);
  const size = text.length < limit * SHORT ? 'short' : text.length < limit * LONG ? 'middle' : 'long';
  const hasArticle = sentences.some(({ sources }) => sources.some(({ kind }) => kind === 'article'));
  const form = `${approach}/${size}${hasArticle ? '/article' : ''}`;
  return [approach, form, `${situation}/${approach}`, `${situation}/${form}/${language}/${medium}`];
}

/** Expected acceptance: a hierarchy of Beta-Bernoulli means, each level with the one before as its prior. */
export function expectAcceptance(
  learned: Learned,
  approach: Suggestion['approach'],
  features: readonly string[],
): number {
  return features.reduce((prior, feature) => {
    const { taken, refused } = learned.get(feature) ?? { taken: 0, refused: 0 };
    return (taken + STRENGTH * prior) / (taken + refused + STRENGTH);
  }, PRIOR_MEAN[approach]);
}

/** What people did with a suggestion, or what became of the item afterwards. */
export type Outcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'edited' /** Share of the text that changed, 0 to 1. */; readonly distance: number }
  | { readonly kind: 'rejected' }
  | { readonly kind: 'rated' /** 1 to 5. */; readonly score: number }
  | { readonly kind: 'reopened' };

/** What comes later says less about the wording than what the agent did with it. */
const LATER_WEIGHT = 0.5;
/** An edit beyond this share left nothing of the suggestion worth having. */
const REWRITTEN = 0.6;

/** What an outcome adds to the tally of each feature. */
export function tallyOf(outcome: Outcome): Tally {
  switch (outcome.kind) {
    case 'accepted':
      return { taken: 1, refused: 0 };
    case 'rejected':
      return { taken: 0, refused: 1 };
    case 'edited': {
      const kept = 1 - Math.min(1, outcome.distance / REWRITTEN);
      return { taken: kept, refused: 1 - kept };
    }
    case 'rated': {
      const good = (outcome.score - 1) / 4;
      return { taken: LATER_WEIGHT * good, refused: LATER_WEIGHT * (1 - good) };
    }
    case 'reopened':
      return { taken: 0, refused: LATER_WEIGHT };
    default:
      return outcome satisfies never;
  }
}
