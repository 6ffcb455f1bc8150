import { sql } from 'kysely';
/** Items, vectors, decisions, vault, audit, outbox, idempotency. Frozen: later changes are new migrations. */
export async function up(db) {
    await sql `create extension if not exists vector`.execute(db);
    await sql `
    create table customer (
      id uuid primary key,
      ref text not null unique,
      tier text,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`.execute(db);
    await sql `
    create table feedback (
      id uuid primary key,
      received_at timestamptz not null,
      happened_at timestamptz,
      channel text not null,
      source text,
      external_id text,
      language text not null,
      subject text,
      body text not null,
      rating smallint,
      metadata jsonb not null default '{}',
      customer_id uuid references customer (id),
      customer_facts jsonb not null default '{}',
      status text not null,
      type text not null,
      topics text[] not null default '{}',
      risk_flags text[] not null default '{}',
      urgency_score smallint not null,
      priority text not null,
      queue text not null,
      needs_review boolean not null,
      first_response_due_at timestamptz not null,
      resolve_due_at timestamptz,
      decision_id uuid not null,
      version integer not null default 1,
      updated_at timestamptz not null
    )`.execute(db);
    // Serves: intake's search for an item that the same source has sent before.
    await sql `create unique index feedback_source_external on feedback (source, external_id)
    where external_id is not null`.execute(db);
    // Serves: GET /v1/feedback with a status, a priority, a type (newest first: ids are sorted by time).
    await sql `create index feedback_status on feedback (status, id desc)`.execute(db);
    await sql `create index feedback_priority on feedback (priority, id desc)`.execute(db);
    await sql `create index feedback_type on feedback (type, id desc)`.execute(db);
    // Serves: GET /v1/feedback?topic=…
    await sql `create index feedback_topics on feedback using gin (topics)`.execute(db);
    // Serves: the items of one customer.
    await sql `create index feedback_customer on feedback (customer_id, id desc)`.execute(db);
    await sql `
    create table feedback_vector (
      feedback_id uuid primary key references feedback (id) on delete cascade,
      model_hash text not null,
      embedding vector not null,
      created_at timestamptz not null
    )`.execute(db);
    // Serves: finding what another encoder has embedded, to embed it anew.
    await sql `create index feedback_vector_model on feedback_vector (model_hash)`.execute(db);
    await sql `
    create table decision (
      id uuid primary key,
      feedback_id uuid not null references feedback (id) on delete cascade,
      created_at timestamptz not null,
      actor jsonb not null,
      model_version text not null,
      taxonomy_version text not null,
      rules_version text not null,
      head_version text not null,
      decision jsonb not null
    )`.execute(db);
    // Serves: the decision history of one item.
    await sql `create index decision_feedback on decision (feedback_id, id)`.execute(db);
    await sql `
    create table pii_vault (
      feedback_id uuid primary key references feedback (id) on delete cascade,
      key_id text not null,
      sealed bytea not null,
      created_at timestamptz not null default now()
    )`.execute(db);
    await sql `
    create table audit (
      seq bigint generated always as identity primary key,
      at timestamptz not null,
      actor jsonb not null,
      action text not null,
      subject_kind text not null,
      subject_id text not null,
      change jsonb not null,
      prev_hash text not null,
      hash text not null
    )`.execute(db);
    // Serves: the history of one item.
    await sql `create index audit_subject on audit (subject_kind, subject_id, seq)`.execute(db);
    await sql `
    create table outbox (
      seq bigint generated always as identity primary key,
      at timestamptz not null,
      event text not null,
      subject_id text not null,
      payload jsonb not null
    )`.execute(db);
    await sql `
    create table idempotency (
      scope text not null,
      key text not null,
      request_hash text not null,
      status smallint,
      response text,
      created_at timestamptz not null,
      primary key (scope, key)
    )`.execute(db);
    // Serves: the removal of keys that are too old to be replayed.
    await sql `create index idempotency_created on idempotency (created_at)`.execute(db);
    await sql `
    create table setting (
      name text primary key,
      value text not null,
      updated_at timestamptz not null
    )`.execute(db);
}
export async function down(db) {
    await sql `drop table setting, idempotency, outbox, audit, pii_vault, decision, feedback_vector, feedback, customer`.execute(db);
}
//# sourceMappingURL=0001-feedback.js.map