import { type Kysely, sql } from 'kysely';

/** Drafted replies, what people did with them, what was sent, and what is learned from it. Frozen. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table draft_set (
      id uuid primary key,
      feedback_id uuid not null references feedback (id) on delete cascade,
      at timestamptz not null,
      actor jsonb not null,
      item_version integer not null,
      situation text,
      language text not null,
      topic text,
      none text,
      has_source boolean not null,
      facts jsonb not null,
      articles jsonb not null,
      withheld jsonb not null
    )`.execute(db);
  // Serves: the newest suggestions for one item.
  await sql`create index draft_set_feedback on draft_set (feedback_id, id)`.execute(db);
  // Serves: questions that no article answers, the newest first.
  await sql`create index draft_set_gaps on draft_set (id) where not has_source`.execute(db);
  await sql`
    create table draft (
      id uuid primary key,
      set_id uuid not null references draft_set (id) on delete cascade,
      feedback_id uuid not null references feedback (id) on delete cascade,
      at timestamptz not null,
      state text not null,
      suggestion jsonb not null,
      features text[] not null,
      decided_at timestamptz,
      decided_by jsonb,
      person text,
      reason text,
      note text,
      difference jsonb,
      distance double precision
    )`.execute(db);
  // Serves: the suggestions of one set.
  await sql`create index draft_of_set on draft (set_id)`.execute(db);
  await sql`
    create table reply (
      id uuid primary key,
      feedback_id uuid not null references feedback (id) on delete cascade,
      draft_id uuid references draft (id) on delete set null,
      kind text not null,
      at timestamptz not null,
      actor jsonb not null,
      person text,
      channel text not null,
      body text not null,
      key_id text,
      sealed bytea,
      delivery text not null,
      state text not null,
      attempts integer not null default 0,
      sent_at timestamptz,
      reopened_before integer not null,
      learned_at timestamptz
    )`.execute(db);
  // Serves: what was sent about one item; one acknowledgement of receipt per item.
  await sql`create index reply_feedback on reply (feedback_id, id)`.execute(db);
  await sql`create unique index reply_acknowledgement on reply (feedback_id) where kind = 'acknowledgement'`.execute(
    db,
  );
  // Serves: sent replies of which it is not known yet what became of them.
  await sql`create index reply_unlearned on reply (id) where state = 'sent' and learned_at is null`.execute(db);
  await sql`
    create table reply_tally (
      feature text primary key,
      taken double precision not null,
      refused double precision not null,
      updated_at timestamptz not null
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table reply_tally, reply, draft, draft_set`.execute(db);
}
