import { z } from 'zod';
import { PRIORITIES } from './rules.ts';
import { type Bilingual, isRetired, type LabelGroup, type Taxonomy } from './taxonomy.ts';

/** What people have decided about a message, as far as they have; the rest is the machine's. */
export const settledValuesSchema = z.object({
  type: z.string().optional(),
  topics: z.array(z.string()).optional(),
  risk_flags: z.array(z.string()).optional(),
  priority: z.enum(PRIORITIES).optional(),
  queue: z.string().optional().describe('Where a person handed it over to.'),
});
export type SettledValues = z.infer<typeof settledValuesSchema>;

/** Values that stand above rules and heads, and whose they are. */
export const settledSchema = z.discriminatedUnion('by', [
  z.object({ by: z.literal('person'), values: settledValuesSchema }),
  z.object({
    by: z.literal('precedent'),
    values: settledValuesSchema,
    feedback_id: z.uuid().describe('The item about which a person decided.'),
    similarity: z.number().describe('Cosine of the two messages, centred.'),
  }),
]);
export type Settled = z.infer<typeof settledSchema>;

/** The values without labels that the taxonomy no longer has: they would be given to new messages by precedent. */
export function withoutRetired(
  { type, topics, risk_flags, ...rest }: SettledValues,
  taxonomy: Taxonomy,
): SettledValues {
  const known = (group: LabelGroup) => (key: string) => !isRetired(taxonomy, group, key);
  return {
    ...rest,
    ...(type !== undefined && known('types')(type) && { type }),
    ...(topics && { topics: topics.filter(known('topics')) }),
    ...(risk_flags && { risk_flags: risk_flags.filter(known('risk_flags')) }),
  };
}

/** Whether a person said what the message is; where it was handed over to does not tell that. */
export function isJudged(settled: Settled | undefined): boolean {
  if (settled?.by !== 'person') return false;
  const { queue: _, ...judged } = settled.values;
  return Object.values(judged).some((value) => value !== undefined);
}

/** How a priority that was settled is accounted for. */
export const SETTLED_NOTES: Readonly<Record<Settled['by'], Bilingual>> = {
  person: { zh: '由人确定', en: 'Decided by a person' },
  precedent: { zh: '与一条已由人确定的反馈几乎相同', en: 'Nearly the same as a message about which a person decided' },
};
