import { z } from 'zod';
import { phraseSchema } from '../text/phrase-schema.ts';
import { PhraseTable } from '../text/phrase-table.ts';
import type { Phrase, UnitIndex } from '../text/phrases.ts';
import type { Bag } from './bag.ts';

/** `data/lexicons/concepts.yaml`: words of both languages that mean alike, by concept. */
export const conceptsSchema = z.strictObject({
  version: z.string(),
  concepts: z.record(z.string(), z.array(phraseSchema).min(1)),
});

/** Finds what a text is about in words of either language. */
export class Concepts {
  readonly #table: PhraseTable;
  readonly #names = new Map<Phrase, string>();

  constructor({ concepts }: Pick<z.infer<typeof conceptsSchema>, 'concepts'>) {
    for (const [name, phrases] of Object.entries(concepts)) for (const one of phrases) this.#names.set(one, name);
    this.#table = new PhraseTable(this.#names.keys());
  }

  /** How often each concept stands in a text. */
  find(index: UnitIndex): Bag {
    const bag = new Map<string, number>();
    for (const [one, places] of this.#table.findAll(index)) {
      const name = this.#names.get(one);
      if (name !== undefined) bag.set(name, (bag.get(name) ?? 0) + places.length);
    }
    return bag;
  }
}
