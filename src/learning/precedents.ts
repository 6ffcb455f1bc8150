import { type FlagBand, isWithin } from '../triage/flag-band.ts';
import type { Settled, SettledValues } from '../triage/settled.ts';
import { center } from './features.ts';
import { NeighbourIndex } from './neighbours.ts';
import { quantizeRows } from './quantized.ts';

/** A message about which a person decided. */
export interface Precedent {
  readonly feedbackId: string;
  /** Its sentence vector, as the encoder gave it. */
  readonly vector: Float32Array;
  readonly values: SettledValues;
  /** The risk flags that the machine alone saw in it. */
  readonly machineFlags: readonly string[];
}

/**
 * Centred cosine from which two messages say the same. All 13 pairs of seed examples above it agree in type, topics and
 * flags; "my deposit of 500 USDT" and "my withdrawal of 500 USDT" have 0.87.
 */
const SAME_FROM = 0.93;
/** Precedents that are remembered: the newest. The others have been learned from. */
export const MOST_PRECEDENTS = 5_000;
/** Of so many of the nearest the first with fitting flags counts. */
const LOOKED_AT = 16;

/** The messages that people settled: the near-duplicates of one get its type, topics and flags at once. */
export class Precedents {
  /** How many corrections of the database were read, and the newest of them. */
  seen: { readonly count: number; readonly newest: string } = { count: 0, newest: '0' };
  readonly #known = new Map<string, Precedent>();
  #index:
    | { readonly mean: Float32Array; readonly rows: readonly Precedent[]; readonly near: NeighbourIndex }
    | undefined;

  get size(): number {
    return this.#known.size;
  }

  /** Remembers what was decided last, in place of an earlier word about the same item. */
  put(precedent: Precedent): void {
    this.#remember(precedent);
    this.#index = undefined;
  }

  /** Forgets all and takes these, oldest first. */
  replace(precedents: readonly Precedent[]): void {
    this.#known.clear();
    for (const precedent of precedents) this.#remember(precedent);
    this.#index = undefined;
  }

  /**
   * What is settled for a message by the nearest precedent that is near enough; of equally near ones, by the newest.
   *
   * `flags` gives what the machine alone sees in the message, asked for only where something is near: it may be what it
   * saw in the precedent, because "hacked" and "not hacked" have nearly the same vector, or what the person gave, because
   * the machine may have learned from it since.
   */
  find(vector: Float32Array, mean: Float32Array, flags: () => FlagBand): Settled | undefined {
    if (this.#known.size === 0) return undefined;
    const { rows, near } = this.#indexFor(mean);
    let seen: FlagBand | undefined;
    for (const { row, similarity } of near.find(center(vector, mean), LOOKED_AT)) {
      const precedent = rows[row];
      if (precedent === undefined || similarity < SAME_FROM) return undefined;
      if (!hasToGive(precedent)) continue;
      seen ??= flags();
      if (isAbout(precedent, seen)) return settledBy(precedent, similarity);
    }
    return undefined;
  }

  #remember(precedent: Precedent): void {
    this.#known.delete(precedent.feedbackId);
    this.#known.set(precedent.feedbackId, precedent);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_PRECEDENTS && oldest !== undefined) this.#known.delete(oldest);
  }

  #indexFor(mean: Float32Array) {
    if (this.#index?.mean === mean) return this.#index;
    // Newest first: of equals the index gives the one that stands first.
    const rows = [...this.#known.values()].filter(({ vector }) => vector.length === mean.length).reverse();
    const near = new NeighbourIndex(quantizeRows(rows.map(({ vector }) => center(vector, mean))));
    this.#index = { mean, rows, near };
    return this.#index;
  }
}

/** Of one about which only the priority or the queue was said, others get nothing; an older word may say more. */
function hasToGive({ values: { type, topics, risk_flags } }: Precedent): boolean {
  return [type, topics, risk_flags].some((value) => value !== undefined);
}

function isAbout({ machineFlags, values }: Precedent, seen: FlagBand): boolean {
  return isWithin(seen, machineFlags) || (values.risk_flags !== undefined && isWithin(seen, values.risk_flags));
}

function settledBy(precedent: Precedent, similarity: number): Settled {
  // The priority hangs on sums and on who writes, which may differ: the rules give it, under the settled flags.
  // A hand-over was about that one item.
  const { priority: _, queue: __, ...values } = precedent.values;
  return {
    by: 'precedent',
    values,
    feedback_id: precedent.feedbackId,
    similarity: Math.round(similarity * 10_000) / 10_000,
  };
}
