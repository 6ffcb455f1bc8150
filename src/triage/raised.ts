import { z } from 'zod';
import { PRIORITIES } from './rules.ts';
import { type Bilingual, bilingualSchema } from './taxonomy.ts';

/** How urgent something is that came later; by when is counted for the item. */
export type Urgent = Omit<Raise, 'first_response_at' | 'resolve_at'>;

/**
 * What makes an item more urgent after its receipt: a later message of the customer, what they say of the solution, an
 * item merged into it, or many others who report the same at one time.
 */
export const raiseSchema = z
  .object({
    by: z.enum(['message', 'merge', 'comment', 'burst']),
    id: z
      .uuid()
      .describe(
        'Of the message, of the item that was merged into this one, of the answer about the solution, or of the alert of the burst.',
      ),
    priority: z.enum(PRIORITIES),
    risk_flags: z.array(z.string()),
    score: z.int().min(0).max(100),
    first_response_at: z.iso.datetime().describe('Of the item under this priority, from its receipt.'),
    resolve_at: z.iso.datetime().nullable(),
    quote: z.string().nullable().describe('The customer’s words, personal data masked.'),
    note: bilingualSchema,
  })
  .meta({ id: 'Raise' });
export type Raise = z.infer<typeof raiseSchema>;

export const RAISE_NOTES: Readonly<Record<Raise['by'], Bilingual>> = {
  message: { zh: '客户后来的来信更紧急', en: 'A later message of the customer is more urgent' },
  comment: { zh: '客户对解决结果的评价更紧急', en: 'What the customer says of the solution is more urgent' },
  merge: { zh: '并入的反馈更紧急', en: 'An item that was merged into it is more urgent' },
  burst: { zh: '短时间内多位客户反映同一问题', en: 'Many customers report the same within a short time' },
};

/** What stands above a decision about the first message alone. */
export const raisedSchema = z.object({
  before: z
    .object({ priority: z.enum(PRIORITIES), risk_flags: z.array(z.string()) })
    .describe('What was decided without it.'),
  reasons: z.array(raiseSchema).describe('Oldest first.'),
});
