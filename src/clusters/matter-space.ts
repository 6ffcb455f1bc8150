import { createRandom } from '../learning/random.ts';
import type { Concepts } from '../text/concepts.ts';
import type { UnitIndex } from '../text/phrases.ts';

/** Coordinates behind those of the encoder. */
export const MATTER_COORDINATES = 64;
/**
 * Lengths of what is said of concepts and of topics, beside some 0.4 of an encoder's vector without its mean. Messages of
 * one matter find each other better by them, above all across languages, on the stories of data/eval/dev, on others that
 * were written apart, on draws of Banking77 and on utterances of a bank's customers (DSTC11). With 0.18 for topics, what
 * has nothing but its topic in common begins clusters.
 */
const LENGTHS = { concepts: 0.2, topics: 0.15 };
/** Each further topic says half as much, so that its square root is taken of the length. */
const NEXT_TOPIC = Math.SQRT1_2;

/**
 * Where messages lie for clusters: the encoder's vector, and behind it which concepts they name and which topics they
 * were given, in words of either language. Every name has a direction by lot, so that what two messages share adds to
 * their product and what they do not share adds nearly nothing (Achlioptas, "Database-friendly random projections", 2003).
 */
export class MatterSpace {
  readonly #concepts: Concepts;
  readonly #directions = new Map<string, Float32Array>();

  constructor(concepts: Concepts) {
    this.#concepts = concepts;
  }

  /** A vector of the encoder with room behind it that is filled. */
  place(vector: Float32Array, index: UnitIndex, topics: readonly string[]): Float32Array {
    const placed = new Float32Array(vector.length + MATTER_COORDINATES);
    placed.set(vector);
    this.fill(placed, index, topics);
    return placed;
  }

  /** Fills the last coordinates of `placed`: what a text names, and the topics that it has, the main one first. */
  fill(placed: Float32Array, index: UnitIndex, topics: readonly string[]): void {
    const room = placed.subarray(placed.length - MATTER_COORDINATES).fill(0);
    const named = [...this.#concepts.find(index).keys()].map(
      (name) => [this.#direction(`concept ${name}`), 1] as const,
    );
    const given = topics.map((key, at) => [this.#direction(`topic ${key}`), NEXT_TOPIC ** at] as const);
    addAll(room, named, LENGTHS.concepts);
    addAll(room, given, LENGTHS.topics);
  }

  #direction(name: string): Float32Array {
    const known = this.#directions.get(name);
    if (known !== undefined) return known;
    const random = createRandom(hash(name));
    const direction = Float32Array.from({ length: MATTER_COORDINATES }, () => (random() < 0.5 ? -1 : 1));
    this.#directions.set(name, direction);
    return direction;
  }
}

type Weighted = readonly [direction: Float32Array, weight: number];

/** Adds the weighted sum at this length; nothing where there is nothing. */
function addAll(room: Float32Array, parts: readonly Weighted[], length: number): void {
  const sum = new Float64Array(room.length);
  for (const [direction, weight] of parts)
    for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] as number) + weight * (direction[at] as number);
  const scale = length / (Math.hypot(...sum) || 1);
  for (let at = 0; at < sum.length; at++) room[at] = (room[at] as number) + scale * (sum[at] as number);
}

/** FNV-1a over code points: the same on every machine. */
function hash(name: string): number {
  let value = 0x811c9dc5;
  for (const letter of name) value = Math.imul(value ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}
