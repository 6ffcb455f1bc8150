import { type Kysely, sql } from 'kysely';

/** Articles in versions, and their parts with vectors. Frozen. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table article (
      id uuid primary key,
      slug text not null,
      language text not null,
      version integer not null,
      content_version integer not null,
      source text not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      retired_at timestamptz,
      unique (slug, language)
    )`.execute(db);
  await sql`
    create table article_version (
      article_id uuid not null references article (id) on delete cascade,
      version integer not null,
      at timestamptz not null,
      actor jsonb not null,
      note text,
      title text not null,
      body text not null,
      topics text[] not null,
      owner text not null,
      audience text not null,
      applies_to text[] not null,
      valid_from date,
      valid_until date,
      review_by date,
      hash text not null,
      primary key (article_id, version)
    )`.execute(db);
  await sql`
    create table article_chunk (
      article_id uuid not null references article (id) on delete cascade,
      version integer not null,
      kind text not null,
      position integer not null,
      text text not null,
      model_hash text not null,
      embedding vector(384) not null,
      primary key (article_id, version, kind, position)
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table article_chunk, article_version, article`.execute(db);
}
