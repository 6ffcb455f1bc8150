import { type Kysely, sql } from 'kysely';

/** What a model makes of drafts while it writes, what that costs, and the days' spending. Frozen. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table rewording (
      set_id uuid primary key references draft_set (id) on delete cascade,
      feedback_id uuid not null references feedback (id) on delete cascade,
      draft_id uuid not null,
      base_id uuid,
      at timestamptz not null,
      state text not null,
      reason text,
      written jsonb not null default '[]',
      guards jsonb not null default '[]',
      prompt_tokens integer,
      completion_tokens integer,
      is_counted boolean,
      heard_at timestamptz not null,
      ended_at timestamptz
    )`.execute(db);
  // Serves: what is asked of a draft that is still being written.
  await sql`create unique index rewording_draft on rewording (draft_id)`.execute(db);
  // Serves: what newer drafts of an item end.
  await sql`create index rewording_open on rewording (feedback_id) where state in ('waiting', 'writing')`.execute(db);
  await sql`create table model_spending (day date primary key, tokens bigint not null)`.execute(db);
  // Serves: the report of a period, of drafts and of what customers were sent.
  await sql`create index draft_set_at on draft_set (at)`.execute(db);
  await sql`create index message_outbound_at on message (at) where direction = 'outbound'`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index draft_set_at, message_outbound_at`.execute(db);
  await sql`drop table model_spending, rewording`.execute(db);
}
