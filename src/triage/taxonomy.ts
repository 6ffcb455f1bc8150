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

/** The parts of the taxonomy that have labels. */
export const LABEL_GROUPS = ['types', 'topics', 'risk_flags'] as const;
export type LabelGroup = (typeof LABEL_GROUPS)[number];

/** A label that was given once and is not given any more. */
export const retiredLabelSchema = z.strictObject({
  group: z.enum(LABEL_GROUPS).describe('What it was one of.'),
  key: keySchema,
  name: bilingualSchema,
});

/** `data/taxonomy.json`. Types stand in the order of precedence: of two, the earlier needs work first. */
export const taxonomySchema = z
  .strictObject({
    version: z.string().min(1),
    languages: z.array(z.string()).min(1),
    types: z.array(labelSchema).min(2),
    topics: z.array(labelSchema).min(1),
    risk_flags: z.array(labelSchema).min(1),
    max_topics: z.int().min(1).max(16),
    retired: z.array(retiredLabelSchema).default([]),
  })
  .superRefine((taxonomy, context) => {
    for (const group of LABEL_GROUPS) {
      const seen = new Set<string>();
      taxonomy[group].forEach((label, index) => {
        if (seen.has(label.key))
          context.addIssue({ code: 'custom', path: [group, index, 'key'], message: `${label.key} is there twice` });
        seen.add(label.key);
      });
      taxonomy.retired.forEach((label, index) => {
        if (label.group !== group) return;
        if (seen.has(label.key))
          context.addIssue({ code: 'custom', path: ['retired', index, 'key'], message: `${label.key} is there twice` });
        seen.add(label.key);
      });
    }
  });
export type Taxonomy = z.infer<typeof taxonomySchema>;

/** Why a key is no label of the group, and which there are; undefined when it is one. */
export function refuseLabel(taxonomy: Taxonomy, group: LabelGroup, key: string): string | undefined {
  if (taxonomy[group].some((label) => label.key === key)) return undefined;
  const known = `must be one of: ${taxonomy[group].map((label) => label.key).join(', ')}`;
  return isRetired(taxonomy, group, key) ? `is a retired label, which is not used any more; ${known}` : known;
}

/** Whether the key is that of a label which is not given any more. */
export function isRetired({ retired }: Taxonomy, group: LabelGroup, key: string): boolean {
  return retired.some((label) => label.group === group && label.key === key);
}

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
