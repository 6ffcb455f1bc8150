import { type Kysely, sql } from 'kysely';

/** Recurring issues with their members, what people decided about them, their past, and alerts of bursts. Frozen. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await addClusters(db);
  await sql`
    create table cluster_member (
      feedback_id uuid primary key references feedback (id) on delete cascade,
      cluster_id uuid not null references cluster (id),
      joined_at timestamptz not null,
      joined_by text not null,
      similarity real
    )`.execute(db);
  // Serves: the items of one cluster, newest first, and those that joined since a moment.
  await sql`create index cluster_member_cluster on cluster_member (cluster_id, feedback_id desc)`.execute(db);
  await sql`create index cluster_member_joined on cluster_member (joined_at)`.execute(db);
  await sql`
    create table cluster_constraint (
      id uuid primary key,
      at timestamptz not null,
      actor jsonb not null,
      person text,
      kind text not null,
      items uuid[] not null,
      apart_from uuid[] not null default '{}'
    )`.execute(db);
  await sql`
    create table cluster_lineage (
      id uuid primary key,
      at timestamptz not null,
      run_id uuid,
      actor jsonb not null,
      kind text not null,
      cluster_id uuid not null references cluster (id),
      other_id uuid references cluster (id),
      items integer
    )`.execute(db);
  // Serves: what became of one cluster, and where others came from it.
  await sql`create index cluster_lineage_cluster on cluster_lineage (cluster_id, id)`.execute(db);
  await sql`create index cluster_lineage_other on cluster_lineage (other_id, id) where other_id is not null`.execute(
    db,
  );
  await sql`
    create table cluster_told (
      id uuid primary key,
      cluster_id uuid not null references cluster (id),
      customer_id uuid not null references customer (id) on delete cascade,
      at timestamptz not null,
      actor jsonb not null,
      person text,
      fixed_in text
    )`.execute(db);
  // Serves: which customers of a cluster were told, and when.
  await sql`create index cluster_told_cluster on cluster_told (cluster_id, customer_id)`.execute(db);
  // Serves: what came since the last look for bursts, and counts of days.
  await sql`create index feedback_received on feedback (received_at)`.execute(db);
  await addAlerts(db);
}

async function addClusters(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table cluster (
      id uuid primary key,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      version integer not null default 1,
      retired_at timestamptz,
      title_zh text not null,
      title_en text not null,
      named_by_person text[] not null default '{}',
      named_items integer not null default 0,
      phrases jsonb not null default '{"zh":[],"en":[]}',
      quotes uuid[] not null default '{}',
      owner text,
      issue_status text,
      issue_note text,
      fixed_in text,
      fixed_at timestamptz,
      regressed_at timestamptz,
      ticket text,
      items integer not null default 0,
      customers integer not null default 0,
      first_seen_at timestamptz not null,
      last_seen_at timestamptz not null,
      impact double precision not null default 0,
      trend text not null default 'new',
      growth double precision not null default 1,
      figures jsonb not null default '{}',
      figures_at timestamptz
    )`.execute(db);
  // Serves: GET /v1/clusters by impact, trend and size, a page at a time.
  await sql`create index cluster_impact on cluster (impact desc, id desc) where retired_at is null`.execute(db);
  await sql`create index cluster_growth on cluster (growth desc, id desc) where retired_at is null`.execute(db);
  await sql`create index cluster_customers on cluster (customers desc, id desc) where retired_at is null`.execute(db);
  // Serves: clusters in which something came in a period.
  await sql`create index cluster_seen on cluster (last_seen_at desc) where retired_at is null`.execute(db);
}

async function addAlerts(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table alert (
      id uuid primary key,
      kind text not null,
      key text not null,
      cluster_id uuid references cluster (id),
      topic text,
      group_id uuid not null,
      started_at timestamptz not null,
      opened_at timestamptz not null,
      closed_at timestamptz,
      peak integer not null,
      expected double precision not null,
      raised_through timestamptz
    )`.execute(db);
  // Serves: that one burst is told once, whichever replica sees it.
  await sql`create unique index alert_once on alert (kind, key, opened_at)`.execute(db);
  await sql`create unique index alert_open on alert (kind, key) where closed_at is null`.execute(db);
  // Serves: the alerts of one cluster.
  await sql`create index alert_cluster on alert (cluster_id, id) where cluster_id is not null`.execute(db);
  await sql`
    create table burst_state (
      key text primary key,
      state jsonb not null,
      through timestamptz not null,
      updated_at timestamptz not null
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table burst_state, alert, cluster_told, cluster_lineage, cluster_constraint, cluster_member`.execute(
    db,
  );
  await sql`drop table cluster`.execute(db);
  await sql`drop index feedback_received`.execute(db);
}
