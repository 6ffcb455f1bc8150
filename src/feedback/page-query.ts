import { z } from 'zod';
import { storable } from '../text/storable.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** How a list that belongs to one item is paged. */
export const pageQuerySchema = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_LIMIT)
    .default(DEFAULT_LIMIT)
    .describe('Entries of a page.')
    .meta({ example: 20 }),
  cursor: storable(z.string().min(1, 'must not be empty').max(200))
    .optional()
    .describe('`next_cursor` of the page before.'),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

/** A page of what `schema` describes. */
export function pageSchemaOf<Schema extends z.ZodType>(schema: Schema) {
  return z.object({
    items: z.array(schema),
    next_cursor: z.string().nullable().describe('Null on the last page.'),
  });
}
