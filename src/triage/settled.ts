import { z } from 'zod';
import { PRIORITIES } from './rules.ts';
import type { Bilingual } from './taxonomy.ts';

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
