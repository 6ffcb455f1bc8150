import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { toView } from './rows.ts';
import { feedbackSchema } from './view.ts';

/** Every tenth item that is shown is one of the random ones; which of ten is drawn, so that short lists have them too. */
const SAMPLE_EVERY = 10;
const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

export const reviewQuerySchema = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_LIMIT)
    .default(DEFAULT_LIMIT)
    .describe('Items at most.')
    .meta({ example: 20 }),
  language: z.string().min(1).max(16).optional().describe('Only items in this language.').meta({ example: 'zh' }),
});

export const reviewItemSchema = feedbackSchema.extend({
  review_value: z.number().describe('Uncertainty × urgency × novelty, 0 to 1.'),
  reason: z
    .enum(['uncertain', 'random'])
    .describe('`random`: one of the items by which the errors of confident decisions are estimated.'),
});
export type ReviewItem = z.infer<typeof reviewItemSchema>;

/**
 * What people should look at next: items that the machine is not sure of, most worth a look first, and among them a
 * share of random others. An item leaves the queue when somebody confirms or corrects it.
 */
export async function listReviewQueue(
  { database }: Pick<Context, 'database'>,
  { limit, language }: z.infer<typeof reviewQuerySchema>,
): Promise<ReviewItem[]> {
  let open = database.kysely
    .selectFrom('feedback')
    .selectAll()
    .where('reviewed_at', 'is', null)
    .where('merged_into', 'is', null);
  if (language !== undefined) open = open.where('language', '=', language);
  const [uncertain, random] = await Promise.all([
    open.where('needs_review', '=', true).orderBy('review_value', 'desc').orderBy('id').limit(limit).execute(),
    open.where('review_sample', '=', true).where('needs_review', '=', false).orderBy('id').limit(limit).execute(),
  ]);
  const rows = [...uncertain];
  const first = randomInt(SAMPLE_EVERY);
  const items: ReviewItem[] = [];
  const show = (row: (typeof rows)[number] | undefined, reason: ReviewItem['reason']) => {
    if (row) items.push({ ...toView(row), review_value: row.review_value, reason });
  };
  while (items.length < limit && rows.length + random.length > 0) {
    const isRandomTurn = items.length % SAMPLE_EVERY === first || rows.length === 0;
    if (isRandomTurn && random.length > 0) show(random.shift(), 'random');
    else show(rows.shift(), 'uncertain');
  }
  return items;
}
