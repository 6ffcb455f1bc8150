import { type Kysely, sql } from 'kysely';

/** What people correct, what is learned from it, and the queue of what they should look at. Frozen. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table feedback
      add column settled jsonb not null default '{}',
      add column reviewed_at timestamptz,
      add column review_value real not null default 0,
      add column review_sample boolean not null default false`.execute(db);
  // Serves: GET /v1/review, what is most worth a look first.
  await sql`create index feedback_review on feedback (review_value desc, id)
    where reviewed_at is null and needs_review`.execute(db);
  // Serves: GET /v1/review, the share of random confident items.
  await sql`create index feedback_review_sample on feedback (id)
    where reviewed_at is null and review_sample`.execute(db);
  await sql`
    create table correction (
      seq bigint generated always as identity primary key,
      id uuid not null unique,
      feedback_id uuid not null references feedback (id) on delete cascade,
      created_at timestamptz not null,
      actor jsonb not null,
      person text,
      machine jsonb not null,
      before jsonb not null,
      after jsonb not null,
      note text
    )`.execute(db);
  // Serves: the corrections of one item, and the newest of each for the memory of precedents.
  await sql`create index correction_feedback on correction (feedback_id, seq desc)`.execute(db);
  await sql`
    create table model_version (
      version text primary key,
      created_at timestamptz not null,
      actor jsonb not null,
      parent text,
      encoder_hash text not null,
      taxonomy_version text not null,
      seeds_version text not null,
      seeds integer not null,
      corrections integer not null,
      trained_through bigint not null,
      outcome text not null,
      report jsonb not null,
      head bytea not null
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table model_version, correction`.execute(db);
  await sql`alter table feedback
    drop column settled, drop column reviewed_at, drop column review_value, drop column review_sample`.execute(db);
}
