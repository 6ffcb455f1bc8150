import { type Kysely, sql } from 'kysely';

/** Whether an item can be answered by mail, told without opening what is sealed. Frozen. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table pii_vault add column has_email boolean not null default false`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table pii_vault drop column has_email`.execute(db);
}
