import { z } from 'zod';
import { CHANNELS } from '../triage/facts.ts';
import { PRIORITIES } from '../triage/rules.ts';
import { type LabelGroup, refuseLabel, type Taxonomy } from '../triage/taxonomy.ts';
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

/**
 * Reads a labelled set. A label that the taxonomy does not have would count as a miss, or not at all, so it is refused.
 *
 * @throws AppError `file_error` naming the first line that does not fit
 */
export async function readTriageSet(file: string, taxonomy: Taxonomy): Promise<LabelledItem[]> {
  const check = (group: LabelGroup) => (key: string, context: z.RefinementCtx<string>) => {
    const message = refuseLabel(taxonomy, group, key);
    if (message !== undefined) context.addIssue({ code: 'custom', message: `"${key}" ${message}` });
  };
  const label = (group: LabelGroup) => z.string().superRefine(check(group));
  const expect = labelledItemSchema.shape.expect.extend({
    type: label('types'),
    topics: z.array(label('topics')).default([]),
    risk_flags: z.array(label('risk_flags')).default([]),
  });
  return await readLabelledFile(file, labelledItemSchema.extend({ expect }));
}
