import type { Kysely } from 'kysely';
import type { Context } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import { claimKey, type IdempotencyKey, type KeptAnswer, keepAnswer, releaseKey } from './idempotency.ts';

/** Keeps the answer under the key, in the transaction of what it tells. */
export type Keep = (tx: Kysely<Tables>, answer: KeptAnswer) => Promise<void>;

/**
 * Does work once per key: a repeat is given the answer that was kept. Work that fails gives its key back.
 *
 * @throws AppError `idempotency_in_progress`, `idempotency_mismatch`, and what `work` throws
 */
export async function withKey(
  { database, logger }: Pick<Context, 'database' | 'logger'>,
  key: IdempotencyKey | undefined,
  work: (keep: Keep) => Promise<KeptAnswer>,
): Promise<KeptAnswer> {
  if (key === undefined) return await work(async () => undefined);
  const db = database.kysely;
  const kept = await claimKey(db, key);
  if (kept !== undefined) return kept;
  try {
    return await work((tx, answer) => keepAnswer(tx, key, answer));
  } catch (error) {
    await releaseKey(db, key).catch((reason) =>
      logger.warn({ err: reason }, 'an idempotency key could not be given back'),
    );
    throw error;
  }
}
