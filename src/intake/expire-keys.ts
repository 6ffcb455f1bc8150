import { sql } from 'kysely';
import type { Context } from '../context.ts';

/** How long a repeat of a request is answered with the first answer. */
const KEY_LIFETIME_H = 48;

/** Removes idempotency keys that are too old to be repeated, by the clock that dated them. */
export async function expireKeys({ database, logger }: Pick<Context, 'database' | 'logger'>): Promise<void> {
  const { numDeletedRows } = await database.kysely
    .deleteFrom('idempotency')
    .where('created_at', '<', sql<Date>`now() - make_interval(hours => ${KEY_LIFETIME_H})`)
    .executeTakeFirst();
  if (numDeletedRows > 0n) logger.info({ keys: Number(numDeletedRows) }, 'old idempotency keys removed');
}
