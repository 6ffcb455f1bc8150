import { z } from 'zod';

/** Who acts; it is kept with every decision and every entry of the audit. */
export const actorSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('api_key'), name: z.string() }),
  z.object({ kind: z.literal('operator'), command: z.string() }),
  z.object({ kind: z.literal('job'), name: z.string() }),
  z.object({ kind: z.literal('local') }),
]);
export type Actor = Readonly<z.infer<typeof actorSchema>>;
