import { findPhraseAt, type Phrase, type PhraseMatch, type UnitIndex } from './phrases.ts';

/** The phrases of a text that were looked for, with their places; one that does not stand there is missing. */
export type FoundPhrases = ReadonlyMap<Phrase, readonly PhraseMatch[]>;

/**
 * Many phrases, by the stems that they may begin with: a text is asked only about those that begin with one of its
 * own words, which is a hundredth of them. Built once per policy.
 */
export class PhraseTable {
  readonly #byStem = new Map<string, Phrase[]>();

  constructor(phrases: Iterable<Phrase>) {
    for (const phrase of phrases) {
      for (const stem of phrase.elements[0]?.alternatives.keys() ?? []) {
        const known = this.#byStem.get(stem);
        if (known) known.push(phrase);
        else this.#byStem.set(stem, [phrase]);
      }
    }
  }

  findAll(index: UnitIndex): FoundPhrases {
    const starts = new Map<Phrase, readonly number[]>();
    for (const [stem, positions] of index.byStem) {
      for (const phrase of this.#byStem.get(stem) ?? []) {
        const known = starts.get(phrase);
        starts.set(phrase, known ? [...known, ...positions] : positions);
      }
    }
    const found = new Map<Phrase, readonly PhraseMatch[]>();
    for (const [phrase, places] of starts) {
      const matches = findPhraseAt(phrase, [...places].sort(ascending), index);
      if (matches.length > 0) found.set(phrase, matches);
    }
    return found;
  }
}

function ascending(left: number, right: number): number {
  return left - right;
}

/** The places of several phrases, phrase by phrase. */
export function placesOf(found: FoundPhrases, phrases: readonly Phrase[]): PhraseMatch[] {
  const places: PhraseMatch[] = [];
  for (const phrase of phrases) {
    const matches = found.get(phrase);
    if (matches) places.push(...matches);
  }
  return places;
}
