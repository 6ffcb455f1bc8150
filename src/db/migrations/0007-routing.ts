import { type Kysely, sql } from 'kysely';

/** Who works on items, and the order in which items wait for somebody. Frozen. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table agent (
      id uuid primary key,
      name text not null,
      name_key text not null,
      languages text[] not null,
      skills text[] not null,
      capacity smallint not null,
      presence text not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      last_assigned_at timestamptz,
      version integer not null default 1,
      removed_at timestamptz
    )`.execute(db);
  // Serves: one name for one agent, whatever its capitals; the name of one who was removed is free again.
  await sql`create unique index agent_name on agent (name_key) where removed_at is null`.execute(db);
  await sql`
    create table routing_notice (
      feedback_id uuid primary key references feedback (id) on delete cascade,
      told_at timestamptz not null
    )`.execute(db);
  // Serves: the next item of a queue, and what waits in it.
  await sql`create index feedback_waiting_queue on feedback (queue, priority, first_response_due_at, id)
    where assignee is null and resolved_at is null and merged_into is null`.execute(db);
  // Serves: the next items of all queues.
  await sql`create index feedback_waiting on feedback (priority, first_response_due_at, id)
    where assignee is null and resolved_at is null and merged_into is null`.execute(db);
  // Serves: GET /v1/feedback?queue=… and ?assignee=…, newest first.
  await sql`create index feedback_queue on feedback (queue, id desc)`.execute(db);
  await sql`create index feedback_assignee_newest on feedback (assignee, id desc)
    where assignee is not null`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index feedback_assignee_newest, feedback_queue, feedback_waiting, feedback_waiting_queue`.execute(db);
  await sql`drop table routing_notice, agent`.execute(db);
}
