import { type Kysely, sql } from 'kysely';

/** Which clusters somebody has joined or left, noted by whatever did it and seen with it. Frozen. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Appended to and never updated: two who change one cluster do not wait for each other.
  await sql`
    create table cluster_change (
      seq bigint generated always as identity primary key,
      cluster_id uuid not null
    )`.execute(db);
  await sql`
    create function note_cluster_change() returns trigger language plpgsql as $$
    begin
      insert into cluster_change (cluster_id) select distinct cluster_id from changed;
      return null;
    end $$`.execute(db);
  for (const [name, event, side] of TRIGGERS) {
    await sql`
      create trigger ${sql.ref(name)} after ${sql.raw(event)} on cluster_member
      referencing ${sql.raw(side)} table as changed for each statement execute function note_cluster_change()`.execute(
      db,
    );
  }
  // What changed before is not known.
  await sql`insert into cluster_change (cluster_id) select id from cluster where retired_at is null`.execute(db);
}

const TRIGGERS = [
  ['cluster_member_joined', 'insert', 'new'],
  ['cluster_member_left', 'delete', 'old'],
  ['cluster_member_moved_in', 'update', 'new'],
  ['cluster_member_moved_out', 'update', 'old'],
] as const;

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const [name] of TRIGGERS) await sql`drop trigger ${sql.ref(name)} on cluster_member`.execute(db);
  await sql`drop function note_cluster_change`.execute(db);
  await sql`drop table cluster_change`.execute(db);
}
