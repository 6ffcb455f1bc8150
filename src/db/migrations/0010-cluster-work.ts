import { type Kysely, sql } from 'kysely';

/** Who has seen an alert. Frozen. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table alert
      add column acknowledged_at timestamptz,
      add column acknowledged_by jsonb,
      add column acknowledged_person text,
      add column acknowledged_note text`.execute(db);
  // Serves: clusters that somebody owns, and those of one status of the known issue.
  await sql`create index cluster_owner on cluster (owner) where owner is not null and retired_at is null`.execute(db);
  await sql`create index cluster_status on cluster (issue_status) where issue_status is not null and retired_at is null`.execute(
    db,
  );
  // Serves: which earlier decisions of people a new one concerns.
  await sql`create index cluster_constraint_items on cluster_constraint using gin (items)`.execute(db);
  await sql`create index cluster_constraint_apart on cluster_constraint using gin (apart_from)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index cluster_constraint_items, cluster_constraint_apart, cluster_owner, cluster_status`.execute(db);
  await sql`
    alter table alert
      drop column acknowledged_at,
      drop column acknowledged_by,
      drop column acknowledged_person,
      drop column acknowledged_note`.execute(db);
}
