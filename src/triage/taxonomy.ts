import { z } from 'zod';

/** What programs see of a label. No flags: the OpenAPI document would print them as a part of the pattern. */
export const keySchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,63}$/,
    'must be 1 to 64 lower-case letters, digits and underscores, beginning with a letter',
  );
export const bilingualSchema = z
  .strictObject({ zh: z.string().min(1), en: z.string().min(1) })
  .meta({ id: 'Bilingual' });
/** A text in both languages of the service. */
export type Bilingual = z.infer<typeof bilingualSchema>;

export const labelSchema = z.strictObject({
  key: keySchema,
  name: bilingualSchema,
  description: bilingualSchema.optional(),
});
export type Label = z.infer<typeof labelSchema>;

/** `data/taxonomy.json`. Types stand in the order of precedence: of two, the earlier needs work first. */
export const taxonomySchema = z
  .strictObject({
    version: z.string().min(1),
    languages: z.array(z.string()).min(1),
    types: z.array(labelSchema).min(2),
    topics: z.array(labelSchema).min(1),
    risk_flags: z.array(labelSchema).min(1),
    max_topics: z.int().min(1).max(16),
  })
  .superRefine((taxonomy, context) => {
    for (const group of ['types', 'topics', 'risk_flags'] as const) {
      const seen = new Set<string>();
      taxonomy[group].forEach((label, index) => {
        if (seen.has(label.key))
          context.addIssue({ code: 'custom', path: [group, index, 'key'], message: `${label.key} is there twice` });
        seen.add(label.key);
      });
    }
  });
export type Taxonomy = z.infer<typeof taxonomySchema>;

/** `data/seeds/*.jsonl`: a labelled example that the heads are trained on. */
export const seedSchema = z.strictObject({
  id: z.string().min(1),
  lang: z.string().min(2),
  text: z.string().min(1).max(20_000),
  type: z.string(),
  topics: z.array(z.string()).max(16),
  risk_flags: z.array(z.string()),
});
export type Seed = z.infer<typeof seedSchema>;
