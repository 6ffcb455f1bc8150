import { z } from 'zod';
import { type Phrase, parsePhrase } from './phrases.ts';

/** A phrase of a data file in the notation of `parsePhrase`; one that cannot be read is told with its place. */
export const phraseSchema = z.string().transform((source, context): Phrase => {
  try {
    return parsePhrase(source);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    context.issues.push({ code: 'custom', message, input: source });
    return z.NEVER;
  }
});
