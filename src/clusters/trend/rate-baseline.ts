import { countTail } from './distributions.ts';

/** What a baseline has learned; plain data. All sums fade with time. */
export interface BaselineState {
  hours: number;
  /** Customers seen and expected by shape alone, for the level. */
  level: [seen: number, shape: number];
  /** Per hour of the day and per weekday (UTC): customers seen, and expected without it. */
  byHour: [number, number][];
  byWeekday: [number, number][];
  /** Variance beyond Poisson's, and the square of the mean that it is measured in. */
  spread: [number, number];
}

/** Hours after which what was learned counts half: the level follows within days, the shape within weeks. */
const LEVEL_HALF_LIFE = 72;
const SHAPE_HALF_LIFE = 21 * 24;
/** Customers that the prior counts for: of a level of 0.2 an hour, an even day and an even week. */
const PRIOR_LEVEL = 0.2;
const PRIOR_HOURS = 6;
const PRIOR_SHAPE = 12;
const PRIOR_SPREAD = 0.15;
const MIN_SPREAD = 0.03;
const MAX_SPREAD = 4;
/** Chance below which an hour is learned as if fewer had come, so that a burst does not become what is usual. */
const CAP_CHANCE = 0.02;

/** How many distinct customers an hour usually has: a level, times a shape of the day, times a shape of the week. */
export class RateBaseline {
  readonly #state: BaselineState;

  constructor(state: BaselineState = emptyState()) {
    this.#state = structuredClone(state);
  }

  get hours(): number {
    return this.#state.hours;
  }

  /** Expected customers in the hour that holds `at` (milliseconds since 1970). */
  expected(at: number): number {
    return this.#level() * this.#shape(at);
  }

  get dispersion(): number {
    const [beyond, square] = this.#state.spread;
    return Math.min(MAX_SPREAD, Math.max(MIN_SPREAD, (beyond + PRIOR_SPREAD) / (square + 1)));
  }

  /** Learns a full hour that began at `at`. */
  learn(at: number, customers: number): void {
    const mean = this.expected(at);
    const seen = Math.min(customers, this.#cap(mean));
    const state = this.#state;
    const [hour, weekday] = [hourOf(at), weekdayOf(at)];
    const level = this.#level();
    const [ofHour, ofWeekday] = [factor(state.byHour[hour]), factor(state.byWeekday[weekday])];
    state.hours++;
    state.level = fade(state.level, LEVEL_HALF_LIFE, seen, ofHour * ofWeekday);
    // Each cell comes round once a day or once a week.
    state.byHour[hour] = fade(state.byHour[hour], SHAPE_HALF_LIFE / 24, seen, level * ofWeekday);
    state.byWeekday[weekday] = fade(state.byWeekday[weekday], SHAPE_HALF_LIFE / 7, seen, level * ofHour);
    state.spread = fade(state.spread, SHAPE_HALF_LIFE, (seen - mean) ** 2 - mean, mean * mean);
  }

  toJSON(): BaselineState {
    return structuredClone(this.#state);
  }

  #level(): number {
    const [seen, shape] = this.#state.level;
    return (seen + PRIOR_LEVEL * PRIOR_HOURS) / (shape + PRIOR_HOURS);
  }

  #shape(at: number): number {
    return factor(this.#state.byHour[hourOf(at)]) * factor(this.#state.byWeekday[weekdayOf(at)]);
  }

  /** The number of customers that is reached by chance this seldom. */
  #cap(mean: number): number {
    let cap = Math.ceil(mean) + 1;
    let step = Math.max(1, Math.floor(mean / 4));
    while (countTail(cap, mean, this.dispersion) > CAP_CHANCE) cap += step;
    for (; step > 1; step >>= 1) if (countTail(cap - step, mean, this.dispersion) <= CAP_CHANCE) cap -= step;
    return cap;
  }
}

function emptyState(): BaselineState {
  const cells = (count: number) => Array.from({ length: count }, (): [number, number] => [0, 0]);
  return { hours: 0, level: [0, 0], byHour: cells(24), byWeekday: cells(7), spread: [0, 0] };
}

function factor([seen, expected]: readonly [number, number] = [0, 0]): number {
  return (seen + PRIOR_SHAPE) / (expected + PRIOR_SHAPE);
}

function fade(
  [seen, expected]: readonly [number, number] = [0, 0],
  halfLife: number,
  more: number,
  of: number,
): [number, number] {
  const kept = 0.5 ** (1 / halfLife);
  return [seen * kept + more, expected * kept + of];
}

const hourOf = (at: number) => new Date(at).getUTCHours();
const weekdayOf = (at: number) => new Date(at).getUTCDay();
