import { z } from 'zod';
import { visibleText } from '../text/storable.ts';
import { CHANNELS, customerSchema } from './facts.ts';

const MAX_TEXT = 2_000;

/** A message by which a rule is tested: its text, or an object with the text and what else is known of it. */
export const exampleSchema = z.preprocess(
  (value) => (typeof value === 'string' ? { text: value } : value),
  z.strictObject({
    text: visibleText(MAX_TEXT),
    subject: z.string().max(500).optional(),
    channel: z.enum(CHANNELS).optional(),
    customer: customerSchema.optional(),
    /** Distinct customers with the same matter. */
    reports: z.int().min(0).optional(),
    /** In place of what the learned heads would give. */
    type: z.string().optional(),
    topics: z.array(z.string()).max(16).optional(),
    /** Probabilities by flag, type or topic, in place of those of the heads; labels left out have none. */
    learned: z.record(z.string(), z.number().min(0).max(1)).optional(),
    /** Sums beside those in the text. */
    amounts: z.array(z.strictObject({ amount: z.number().positive(), currency: z.string() })).optional(),
  }),
);
export type Example = z.infer<typeof exampleSchema>;

/** Texts that fire a rule, and near misses that do not. */
export const examplesSchema = z.strictObject({
  fires: z.array(exampleSchema).min(2),
  silent: z.array(exampleSchema).min(2),
});
