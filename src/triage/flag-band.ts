import type { Judgement } from './judge.ts';

/**
 * How far a learned probability is moved, in units of its logit. One more exclamation mark moved those of the seed
 * examples by at most 1.26, and a greeting nine in ten of them by less than 1.4 (vectors near enough for a precedent).
 */
const BAND = 1.4;

/** The risk flags of a message as far as they hang on learned probabilities that stand near a threshold. */
export interface FlagBand {
  /** Seen also where every learned probability is lower by the band. */
  readonly certain: readonly string[];
  /** Seen where every one is higher: these and no others may be there. */
  readonly possible: readonly string[];
}

/** The flags that a slightly different wording could not lose, and those that it could bring. Pure. */
export function deriveFlagBand({ facts, judgeBy }: Pick<Judgement, 'facts' | 'judgeBy'>): FlagBand {
  const under = (step: number) => {
    const learned = Object.entries(facts.learned).map(
      ([flag, probability]) => [flag, shift(probability, step)] as const,
    );
    return [...judgeBy({ learned: Object.fromEntries(learned) }).outcome.flags];
  };
  return { certain: under(-BAND), possible: under(BAND) };
}

/** Whether the message may have just these flags. */
export function isWithin({ certain, possible }: FlagBand, flags: readonly string[]): boolean {
  return certain.every((flag) => flags.includes(flag)) && flags.every((flag) => possible.includes(flag));
}

/** The probability whose logit is greater by `step`. */
function shift(probability: number, step: number): number {
  const odds = probability * Math.exp(step);
  return odds / (1 - probability + odds);
}
