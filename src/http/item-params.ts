import { z } from 'zod';

/** The path of an operation on one thing. */
export const idOf = (what: string) =>
  z.object({ id: z.uuid().describe(what).meta({ example: '01a20162-58db-746b-8ed4-46b9e0bc5972' }) });

export const itemParams = idOf('The item’s id.');

/** The header by which a change applies only to what its sender has seen. */
export const IF_MATCH = z.object({
  'If-Match': z
    .string()
    .optional()
    .describe('`ETag` of the item as you have seen it; when it has changed since, nothing is done.')
    .meta({ example: '"1"' }),
});
