import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

type Db = Kysely<Tables> | Transaction<Tables>;

/** A small fact about the installation, such as which version is in force. */
export async function findSetting(db: Db, name: string): Promise<string | undefined> {
  const row = await db.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst();
  return row?.value;
}

/** The settings of these names, as far as they are there. */
export async function findSettings(db: Db, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom('setting').select(['name', 'value']).where('name', 'in', names).execute();
  return new Map(rows.map(({ name, value }) => [name, value]));
}

export async function keepSetting(db: Db, name: string, value: string, at: Date): Promise<void> {
  await db
    .insertInto('setting')
    .values({ name, value, updated_at: at })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value, updated_at: at }))
    .execute();
}
