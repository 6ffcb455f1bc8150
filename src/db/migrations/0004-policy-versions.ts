import { type Kysely, sql } from 'kysely';

/** Rules, deadlines and routing by version. Frozen. The primary key serves the reads by version and those by kind. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table policy_version (
      kind text not null,
      version text not null,
      created_at timestamptz not null,
      actor jsonb not null,
      parent text,
      note text,
      document jsonb not null,
      primary key (kind, version)
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table policy_version`.execute(db);
}
