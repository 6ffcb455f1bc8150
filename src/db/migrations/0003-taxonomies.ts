import { type Kysely, sql } from 'kysely';

/** Label sets of users' own. Frozen. The primary key serves every read: all of them are by name. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table taxonomy (
      name text primary key,
      version text not null,
      definition jsonb not null,
      retired text[] not null default '{}',
      status text not null,
      report jsonb not null,
      trained_version text,
      model_hash text,
      model bytea,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table taxonomy`.execute(db);
}
