import { type Kysely, sql } from 'kysely';

/** What happens to an item between people, what became of it, and the heads of the audit's chains. Frozen. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table feedback
      add column before_merge jsonb,
      add column follow_up_asked_at timestamptz,
      add column forgotten_on date,
      drop constraint feedback_merged_into_fkey`.execute(db);
  // Deferrable for a restore only: it loads items in the order of their ids, not of their merging.
  await sql`
    alter table feedback add constraint feedback_merged_into_fkey
      foreign key (merged_into) references feedback (id) deferrable initially immediate`.execute(db);
  // Serves: the items that one speaks for.
  await sql`create index feedback_merged_into on feedback (merged_into) where merged_into is not null`.execute(db);
  await sql`
    create table note (
      id uuid primary key,
      feedback_id uuid not null references feedback (id) on delete cascade,
      at timestamptz not null,
      actor jsonb not null,
      person text,
      body text not null
    )`.execute(db);
  // Serves: the notes on one item, oldest first.
  await sql`create index note_feedback on note (feedback_id, id)`.execute(db);
  await sql`
    create table watcher (
      feedback_id uuid not null references feedback (id) on delete cascade,
      name text not null,
      at timestamptz not null,
      primary key (feedback_id, name)
    )`.execute(db);
  await sql`
    create table feedback_link (
      id uuid primary key,
      from_id uuid not null references feedback (id) on delete cascade,
      to_id uuid not null references feedback (id) on delete cascade,
      kind text not null,
      at timestamptz not null,
      actor jsonb not null,
      person text,
      unique (from_id, to_id, kind)
    )`.execute(db);
  // Serves: the links that lead to one item.
  await sql`create index feedback_link_to on feedback_link (to_id)`.execute(db);
  await sql`
    create table message (
      id uuid primary key,
      feedback_id uuid not null references feedback (id) on delete cascade,
      direction text not null,
      at timestamptz not null,
      channel text not null,
      body text not null,
      actor jsonb not null,
      person text,
      key_id text,
      sealed bytea
    )`.execute(db);
  // Serves: the messages of one item, oldest first.
  await sql`create index message_feedback on message (feedback_id, id)`.execute(db);
  await sql`
    create table satisfaction (
      id uuid primary key,
      feedback_id uuid not null references feedback (id) on delete cascade,
      at timestamptz not null,
      score smallint not null,
      solved boolean not null,
      comment text,
      actor jsonb not null
    )`.execute(db);
  // Serves: what the customer said of each solution of one item.
  await sql`create index satisfaction_feedback on satisfaction (feedback_id, id)`.execute(db);
  await addHeads(db);
}

async function addHeads(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table audit_head (
      subject_kind text not null,
      subject_id text not null,
      hash text not null,
      count integer not null,
      at timestamptz not null,
      primary key (subject_kind, subject_id)
    )`.execute(db);
  await sql`
    insert into audit_head (subject_kind, subject_id, hash, count, at)
    select distinct on (subject_kind, subject_id)
      subject_kind, subject_id, hash, count(*) over (partition by subject_kind, subject_id), at
    from audit order by subject_kind, subject_id, seq desc`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table audit_head, satisfaction, message, feedback_link, watcher, note`.execute(db);
  await sql`drop index feedback_merged_into`.execute(db);
  await sql`
    alter table feedback
      drop column before_merge, drop column follow_up_asked_at, drop column forgotten_on,
      drop constraint feedback_merged_into_fkey`.execute(db);
  await sql`
    alter table feedback add constraint feedback_merged_into_fkey
      foreign key (merged_into) references feedback (id)`.execute(db);
}
