import { z } from 'zod';
import { CHANNELS } from '../triage/facts.ts';
import { PRIORITIES } from '../triage/rules.ts';
import { readLabelledFile } from './labelled-file.ts';

const customerSchema = z.object({
  tier: z.string().optional(),
  prior_contacts_same_matter: z.int().min(0).optional(),
  open_positions: z.boolean().optional(),
});

/** One line of a labelled set. Keys beyond these are left alone, so that a set may carry notes. */
export const labelledItemSchema = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  lang: z.string(),
  channel: z.enum(CHANNELS).catch('other').default('other'),
  customer: customerSchema.nullish(),
  subject: z.string().optional(),
  text: z.string(),
  expect: z.object({
    type: z.string(),
    topics: z.array(z.string()).default([]),
    risk_flags: z.array(z.string()).default([]),
    priority: z.enum(PRIORITIES),
  }),
});
export type LabelledItem = z.infer<typeof labelledItemSchema>;

/** @throws AppError `file_error` naming the first line that does not fit */
export async function readTriageSet(file: string): Promise<LabelledItem[]> {
  return readLabelledFile(file, labelledItemSchema);
}
