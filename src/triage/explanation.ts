import { z } from 'zod';
import { type Document, locate, quoteOf } from './document.ts';
import type { Prediction, WeighedWord } from './prediction.ts';
import { spanShape } from './span.ts';

const wordSchema = z.object({
  quote: z.string().describe('The word as the customer spelled it, personal data masked.'),
  ...spanShape,
  weight: z.number().describe('What it adds to the label’s score.'),
});

/** What the learned half of a decision rests on. */
export const explanationSchema = z.object({
  type: z.array(wordSchema).describe('The words that spoke most for the type that the heads gave.'),
  topics: z.record(z.string(), z.array(wordSchema)),
  nearest: z
    .array(
      z.object({
        id: z.string().describe('A shipped example, or an item that a person labelled.'),
        type: z.string(),
        similarity: z.number().describe('Centred cosine, 1 for the same.'),
        text: z.string().nullable().describe('The shipped example; null for items of customers.'),
      }),
    )
    .describe('The three nearest labelled examples.'),
});
export type Explanation = z.infer<typeof explanationSchema>;

/** @param exampleText the text of a shipped example */
export function explain(
  document: Document,
  { words, nearest }: Prediction,
  topics: readonly string[],
  exampleText: (id: string) => string | undefined,
): Explanation {
  const show = (word: WeighedWord) => ({
    quote: quoteOf(document, word),
    ...locate(document, word),
    weight: round(word.weight),
  });
  return {
    type: words.type.map(show),
    topics: Object.fromEntries(topics.map((key) => [key, (words.topics[key] ?? []).map(show)])),
    nearest: nearest.map(({ id, type, similarity }) => ({
      id,
      type,
      similarity: round(similarity),
      text: exampleText(id) ?? null,
    })),
  };
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
