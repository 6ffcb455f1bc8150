import { z } from 'zod';
import { phraseSchema } from './phrase-schema.ts';
import { PhraseTable } from './phrase-table.ts';
import type { Phrase, UnitIndex } from './phrases.ts';

/** `data/lexicons/concepts.yaml`: words of both languages that mean alike, by concept. */
export const conceptsSchema = z.strictObject({
  version: z.string(),
  concepts: z.record(z.string(), z.array(phraseSchema).min(1)),
});

/** The phrases of each concept. */
export type ConceptPhrases = Readonly<Record<string, readonly Phrase[]>>;

/** Finds what a text is about in words of either language. */
export class Concepts {
  /** What it was made from: plain data, for other threads. */
  readonly phrases: ConceptPhrases;
  readonly #table: PhraseTable;
  readonly #names = new Map<Phrase, string>();

  constructor(phrases: ConceptPhrases) {
    this.phrases = phrases;
    for (const [name, list] of Object.entries(phrases)) for (const one of list) this.#names.set(one, name);
    this.#table = new PhraseTable(this.#names.keys());
  }

  /** How often each concept stands in a text. */
  find(index: UnitIndex): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    for (const [one, places] of this.#table.findAll(index)) {
      const name = this.#names.get(one);
      if (name !== undefined) found.set(name, (found.get(name) ?? 0) + places.length);
    }
    return found;
  }
}
