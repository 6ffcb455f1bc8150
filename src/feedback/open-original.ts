import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Tables } from '../db/tables.ts';
import type { Vault } from '../vault.ts';

const originalSchema = z.object({
  text: z.string(),
  subject: z.string().optional(),
  customer: z.object({ email: z.string().optional() }).default({}),
});
export type Original = z.infer<typeof originalSchema>;

/**
 * What was sent as an item, personal data and all. Undefined where nothing of it had to be sealed: then the item has it.
 *
 * @throws AppError `bad_configuration` when it cannot be opened
 */
export async function openOriginal(db: Kysely<Tables>, vault: Vault, id: string): Promise<Original | undefined> {
  const kept = await db.selectFrom('pii_vault').select('sealed').where('feedback_id', '=', id).executeTakeFirst();
  return kept && originalSchema.parse(vault.open(id, kept.sealed));
}

/** Whether the customer of an item can be written to by mail. */
export async function hasEmail(db: Kysely<Tables>, id: string): Promise<boolean> {
  const kept = await db.selectFrom('pii_vault').select('has_email').where('feedback_id', '=', id).executeTakeFirst();
  return kept?.has_email ?? false;
}
