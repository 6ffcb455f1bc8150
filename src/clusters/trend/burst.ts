import { countTail } from './distributions.ts';
import { type BaselineState, RateBaseline } from './rate-baseline.ts';

export const HOUR_MS = 3_600_000;
/** Fewer people in an hour are never a burst. */
export const LEAST_PEOPLE = 5;
/** A burst is an hour that chance gives this seldom, with at least so many times the people expected. */
const OPEN_CHANCE = 1e-3;
const OPEN_TIMES = 2;
/** It is over when an hour is no rarer than this. */
const CLOSE_CHANCE = 0.05;

export interface Burst {
  /** When the first of the people wrote who made it a burst, and when it was seen to be one. Milliseconds since 1970. */
  readonly startedAt: number;
  readonly openedAt: number;
  /** Most people in one hour, and those who were expected then. */
  readonly peak: number;
  readonly expected: number;
}

export type BurstEvent = { readonly kind: 'opened' | 'closed'; readonly at: number; readonly burst: Burst };

/** All that a detector knows; plain data, to be stored between messages. */
export interface BurstState {
  readonly baseline: BaselineState;
  /** The hour that is being counted, and the customers of it. */
  readonly hour: number | undefined;
  readonly inHour: readonly string[];
  /** Customers of the full hour before, which is learned when it has left the last 60 minutes. */
  readonly before?: number | undefined;
  /** Customers of the last 60 minutes, by when they wrote last. */
  readonly recent: readonly (readonly [customer: string, at: number])[];
  readonly burst: Burst | undefined;
}

export interface BurstOptions {
  readonly state?: BurstState | undefined;
  /** Without a state: since when nobody has written is known, milliseconds since 1970; the first message unless told. */
  readonly since?: number | undefined;
  /** Hours to learn from before anything is called a burst; 0 where nothing is what is usual. */
  readonly warmUpHours?: number | undefined;
}

/**
 * Watches the arrivals of one key (a cluster, a topic, everything) for bursts: at least five people within an hour, far
 * more than this hour of this weekday usually has. Opens at once, and closes by itself when the hour is usual again.
 * Times must not run backwards; a late message counts as if it came now.
 */
export class BurstDetector {
  readonly #baseline: RateBaseline;
  #hour: number | undefined;
  #inHour: Set<string>;
  #before: number | undefined;
  readonly #recent: Map<string, number>;
  #burst: Burst | undefined;
  readonly #warmUpHours: number;

  constructor({ state, since, warmUpHours = 0 }: BurstOptions = {}) {
    this.#baseline = new RateBaseline(state?.baseline);
    this.#hour = state?.hour ?? (since === undefined ? undefined : hourOf(since));
    this.#inHour = new Set(state?.inHour);
    this.#before = state?.before;
    this.#recent = new Map(state?.recent);
    this.#burst = state?.burst;
    this.#warmUpHours = warmUpHours;
  }

  get burst(): Burst | undefined {
    return this.#burst;
  }

  /** Since when it counts; undefined before the first message. */
  get since(): number | undefined {
    if (this.#hour === undefined) return undefined;
    const full = this.#baseline.hours + (this.#before === undefined ? 0 : 1);
    return this.#hour - full * HOUR_MS;
  }

  /** Counts a message. */
  observe(at: number, customer: string): BurstEvent[] {
    const events = this.advance(at);
    // Set anew, so that the map stays in the order of the last message.
    this.#recent.delete(customer);
    this.#recent.set(customer, at);
    this.#inHour.add(customer);
    return [...events, ...this.#check(at)];
  }

  /** Lets time pass without a message. */
  advance(at: number): BurstEvent[] {
    const events: BurstEvent[] = [];
    const hour = hourOf(at);
    this.#hour ??= hour;
    while (this.#hour < hour) {
      // The beginning of a burst must not count as what is usual while it is looked at.
      if (this.#before !== undefined) this.#baseline.learn(this.#hour - HOUR_MS, this.#before);
      this.#before = this.#inHour.size;
      this.#inHour = new Set();
      this.#hour += HOUR_MS;
      events.push(...this.#forget(this.#hour));
    }
    events.push(...this.#forget(at));
    return events;
  }

  toJSON(): BurstState {
    return {
      baseline: this.#baseline.toJSON(),
      hour: this.#hour,
      inHour: [...this.#inHour],
      before: this.#before,
      recent: [...this.#recent],
      burst: this.#burst,
    };
  }

  /** Drops who wrote more than an hour ago, and closes the burst when what is left is usual. */
  #forget(at: number): BurstEvent[] {
    for (const [customer, wrote] of this.#recent) {
      if (wrote > at - HOUR_MS) break;
      this.#recent.delete(customer);
    }
    const burst = this.#burst;
    if (burst === undefined) return [];
    const expected = this.#expected(at);
    const isUsual = countTail(this.#recent.size, expected, this.#baseline.dispersion) > CLOSE_CHANCE;
    if (!isUsual && this.#recent.size > 1) return [];
    this.#burst = undefined;
    return [{ kind: 'closed', at, burst }];
  }

  #check(at: number): BurstEvent[] {
    const people = this.#recent.size;
    const expected = this.#expected(at);
    if (this.#burst !== undefined) {
      if (people > this.#burst.peak) this.#burst = { ...this.#burst, peak: people, expected };
      return [];
    }
    if (people < LEAST_PEOPLE || people < OPEN_TIMES * expected || this.#baseline.hours < this.#warmUpHours) return [];
    if (countTail(people, expected, this.#baseline.dispersion) > OPEN_CHANCE) return [];
    const [first = at] = this.#recent.values();
    this.#burst = { startedAt: first, openedAt: at, peak: people, expected };
    return [{ kind: 'opened', at, burst: this.#burst }];
  }

  /** The last 60 minutes lie in two hours of the clock. */
  #expected(at: number): number {
    const into = (at % HOUR_MS) / HOUR_MS;
    return into * this.#baseline.expected(at) + (1 - into) * this.#baseline.expected(at - HOUR_MS);
  }
}

const hourOf = (at: number) => Math.floor(at / HOUR_MS) * HOUR_MS;
