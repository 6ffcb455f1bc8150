import { z } from 'zod';
import type { Embedding } from '../embedding/encoder.ts';
import { decisionSchema } from '../triage/decision.ts';
import { type Document, locateOriginal } from '../triage/document.ts';
import { hasLetters, isCovered, REVIEW_NOTES } from '../triage/review.ts';
import { type Bilingual, bilingualSchema } from '../triage/taxonomy.ts';

/** Labels that are shown beside the one that is answered, and examples. */
const MAX_ALTERNATIVES = 3;
const MAX_NEAREST = 3;

const NOTES = {
  no_words: REVIEW_NOTES.no_words,
  low_confidence: { zh: '标签把握不足，请人确认', en: 'The label is not certain enough; a person should confirm it' },
  none_fits: { zh: '内容不像任何一个标签', en: 'Like none of the labels' },
  other_language: REVIEW_NOTES.other_language,
} as const satisfies Record<string, Bilingual>;

const probability = z.number().min(0).max(1);
const rankedSchema = z.object({ key: z.string(), confidence: probability });
const { language, needs_review, redactions, input } = decisionSchema.shape;

/** What a taxonomy of users' own, or labels that came with the message, say about it. */
export const labelledSchema = z
  .object({
    taxonomy: z.string().nullable().describe('Its name; null for labels that came with the message.'),
    version: z.string().describe('Of the definition that answered.'),
    language,
    label: rankedSchema
      .extend({
        name: z.union([bilingualSchema, z.string()]).describe('As it is defined.'),
        alternatives: z.array(rankedSchema).describe('The next most probable ones.'),
      })
      .nullable()
      .describe('Null: none of these.'),
    fits: z.boolean().describe('False when the message is like none of the labels.'),
    needs_review,
    nearest: z
      .array(
        z.object({
          id: z.string().describe('`KEY:n` for an example, counted from 0; `label:KEY:…` for a name or description.'),
          label: z.string(),
          similarity: z.number().describe('Centred cosine, 1 for the same.'),
          text: z.string().describe('Personal data masked.'),
        }),
      )
      .describe('The nearest texts of the definition.'),
    redactions,
    input: input.omit({ reports: true }),
    versions: z.object({ model: z.string(), taxonomy: z.string() }).describe('Hashes of what decided.'),
  })
  .meta({ id: 'Labelled' });
export type Labelled = z.infer<typeof labelledSchema>;

/** What a classifier said, whichever it was. */
export interface Verdict {
  readonly taxonomy: string | null;
  readonly version: string;
  /** Most probable first. */
  readonly ranked: readonly { readonly key: string; readonly probability: number }[];
  readonly fits: boolean;
  readonly isSure: boolean;
  readonly nearest: Labelled['nearest'];
  nameOf(key: string): Bilingual | string;
}

/** The answer about a document. */
export function labelledOf(document: Document, embedding: Embedding, encoderHash: string, verdict: Verdict): Labelled {
  const hasWords = hasLetters(document);
  const fits = verdict.fits && hasWords;
  const checks: Record<keyof typeof NOTES, boolean> = {
    no_words: !hasWords,
    low_confidence: fits && !verdict.isSure,
    none_fits: hasWords && !fits,
    other_language: !isCovered(document),
  };
  const codes = (Object.keys(NOTES) as (keyof typeof NOTES)[]).filter((code) => checks[code]);
  const [first, ...others] = verdict.ranked.map(({ key, probability }) => ({ key, confidence: round(probability) }));
  return {
    taxonomy: verdict.taxonomy,
    version: verdict.version,
    language: document.language,
    label:
      fits && first
        ? { ...first, name: verdict.nameOf(first.key), alternatives: others.slice(0, MAX_ALTERNATIVES) }
        : null,
    fits,
    needs_review: { yes: codes.length > 0, why: codes.map((code) => ({ code, note: NOTES[code] })) },
    nearest: verdict.nearest.slice(0, MAX_NEAREST).map((near) => ({ ...near, similarity: round(near.similarity) })),
    redactions: document.redactions.map(({ kind, start, end }) => ({
      kind,
      ...locateOriginal(document, { start, end }),
    })),
    input: { characters: document.original.length, tokens: embedding.tokens, truncated: embedding.truncated },
    versions: { model: encoderHash.slice(0, 12), taxonomy: verdict.version },
  };
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
