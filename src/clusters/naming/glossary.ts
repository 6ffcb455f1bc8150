import { z } from 'zod';
import type { ClusterLanguage } from '../item.ts';

const HAN = /\p{Script=Han}/u;
/** Words alone: what has marks of the notation of data/rules beside `|` and `_` is no word to show. */
const PLAIN = /^[\p{L}\p{N}_-]+$/u;

/** Words of a concept that mean the same. */
const EXACT = 2;

/** Words of both languages that mean alike, the one to show first. */
export interface GlossaryEntry extends Readonly<Record<ClusterLanguage, readonly string[]>> {
  readonly concept: string;
}
export type Glossary = readonly GlossaryEntry[];

/** `data/lexicons/concepts.yaml` as a glossary: concepts that have words in both languages. */
export const glossarySchema = z
  .object({ concepts: z.record(z.string(), z.array(z.string())) })
  .transform(({ concepts }): Glossary => {
    const entries = Object.entries(concepts).map(([concept, sources]): GlossaryEntry => {
      const words = sources
        .flatMap((source) => source.split('|'))
        .map((word) => word.trim())
        .filter((word) => PLAIN.test(word))
        .map((word) => word.replaceAll('_', ' ').toLowerCase());
      return { concept, zh: words.filter((word) => HAN.test(word)), en: words.filter((word) => !HAN.test(word)) };
    });
    return entries.filter(({ zh, en }) => zh.length > 0 && en.length > 0);
  });

/**
 * What a phrase of the other language says, in a word of this one; undefined where the glossary does not know it. Only
 * the first words of a concept mean the same: further ones are near enough to search with, not to translate by.
 */
export function translate(text: string, to: ClusterLanguage, glossary: Glossary): string | undefined {
  const from = to === 'zh' ? 'en' : 'zh';
  const spellings = [text, text.replace(/s$/u, '')];
  const entry = glossary.find((one) => one[from].slice(0, EXACT).some((word) => spellings.includes(word)));
  return entry?.[to][0];
}

/** True for two words of one concept: to say both says no more. */
export function meanAlike(one: string, other: string, language: ClusterLanguage, glossary: Glossary): boolean {
  return glossary.some((entry) => entry[language].includes(one) && entry[language].includes(other));
}
