import { type Kysely, sql } from 'kysely';

/** Where an item stands, who has it, and when what happened to it. Frozen. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table feedback
      add column assignee uuid,
      add column assigned_at timestamptz,
      add column snoozed_until timestamptz,
      add column pauses jsonb not null default '[]',
      add column first_responded_at timestamptz,
      add column resolved_at timestamptz,
      add column resolution text,
      add column follow_up_at timestamptz,
      add column satisfaction smallint,
      add column closed_at timestamptz,
      add column reopened smallint not null default 0,
      add column merged_into uuid references feedback (id)`.execute(db);
  // Serves: what an agent has open, and how much that is.
  await sql`create index feedback_assignee on feedback (assignee, status)
    where assignee is not null and closed_at is null`.execute(db);
  // Serves: the open items of a queue, most urgent first.
  await sql`create index feedback_queue_open on feedback (queue, urgency_score desc, id)
    where resolved_at is null`.execute(db);
  // Serves: the check some days after a solution.
  await sql`create index feedback_follow_up on feedback (follow_up_at) where follow_up_at is not null`.execute(db);
  await sql`
    create table transition (
      id uuid primary key,
      feedback_id uuid not null references feedback (id) on delete cascade,
      at timestamptz not null,
      from_status text not null,
      to_status text not null,
      actor jsonb not null,
      person text,
      reason text
    )`.execute(db);
  // Serves: the way that one item went.
  await sql`create index transition_feedback on transition (feedback_id, id)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table transition`.execute(db);
  await sql`alter table feedback
    drop column assignee, drop column assigned_at, drop column snoozed_until, drop column pauses,
    drop column first_responded_at, drop column resolved_at, drop column resolution, drop column follow_up_at,
    drop column satisfaction, drop column closed_at, drop column reopened, drop column merged_into`.execute(db);
}
