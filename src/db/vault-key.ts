import { type Kysely, sql } from 'kysely';
import { AppError } from '../errors.ts';
import type { Tables } from './tables.ts';

const SETTING = 'vault_key_fingerprint';

/** What identifies a vault key without telling it. */
export interface KeyMarks {
  readonly keyId: string;
  readonly fingerprint: string;
}

/**
 * Remembers the vault key that a database is first used with, and refuses every other one: a replica with a key of its
 * own would name the same customer by another pseudonym and seal what nobody else can open.
 *
 * Several processes may call it at once: one of them sets the mark, and all compare with it.
 *
 * @throws AppError `bad_configuration`
 */
export async function confirmVaultKey(kysely: Kysely<Tables>, { keyId, fingerprint }: KeyMarks): Promise<void> {
  const kept = await findMark(kysely);
  if (kept === undefined) {
    // A database from before the mark was kept: what it has sealed tells its key.
    const foreign = await kysely
      .selectFrom('pii_vault')
      .select('key_id')
      .where('key_id', '<>', keyId)
      .limit(1)
      .executeTakeFirst();
    if (foreign !== undefined) throw otherKey();
    await kysely
      .insertInto('setting')
      .values({ name: SETTING, value: fingerprint, updated_at: sql<Date>`now()` })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute();
  }
  if ((kept ?? (await findMark(kysely))) !== fingerprint) throw otherKey();
}

async function findMark(kysely: Kysely<Tables>): Promise<string | undefined> {
  const row = await kysely.selectFrom('setting').select('value').where('name', '=', SETTING).executeTakeFirst();
  return row?.value;
}

function otherKey(): AppError {
  const message =
    'is not the key that this database was first used with: give every replica that key (the VAULT_KEY, or vault.key in the DATA_DIR, of the first)';
  return new AppError('bad_configuration', `VAULT_KEY ${message}.`, { errors: [{ pointer: 'VAULT_KEY', message }] });
}
