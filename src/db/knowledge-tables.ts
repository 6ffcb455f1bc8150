import type { ColumnType, JSONColumnType } from 'kysely';

type FixedTime = ColumnType<Date, Date | string, never>;
/** `date`: read and written as `2026-11-22`. */
type Day = ColumnType<string | null, string | null, never>;

/** An article; what it says is in `article_version`. Articles of one slug are translations of one another. */
export interface ArticleTable {
  id: ColumnType<string, string, never>;
  slug: ColumnType<string, string, never>;
  language: ColumnType<string, string, never>;
  /** Grows with every change, retiring included. */
  version: number;
  /** The version that says what it says now. */
  content_version: number;
  /** Who gave what it says now: `shipped`, `import`, or `person`, which no import overwrites. */
  source: string;
  created_at: FixedTime;
  updated_at: ColumnType<Date, Date | string, Date | string>;
  /** Since when it is not found any more. */
  retired_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
}

/** What an article said from one change to the next. */
export interface ArticleVersionTable {
  article_id: ColumnType<string, string, never>;
  version: ColumnType<number, number, never>;
  at: FixedTime;
  actor: JSONColumnType<Record<string, unknown>>;
  note: ColumnType<string | null, string | null, never>;
  title: ColumnType<string, string, never>;
  body: ColumnType<string, string, never>;
  topics: ColumnType<string[], string[], never>;
  owner: ColumnType<string, string, never>;
  audience: ColumnType<string, string, never>;
  applies_to: ColumnType<string[], string[], never>;
  valid_from: Day;
  valid_until: Day;
  review_by: Day;
  /** Of all that it says. */
  hash: ColumnType<string, string, never>;
}

/** A part of the newest version of an article as the encoder read it. */
export interface ArticleChunkTable {
  article_id: ColumnType<string, string, never>;
  version: ColumnType<number, number, never>;
  /** Which view of the article: its title, a section, a sentence. */
  kind: ColumnType<string, string, never>;
  position: ColumnType<number, number, never>;
  text: ColumnType<string, string, never>;
  model_hash: string;
  embedding: string;
}
