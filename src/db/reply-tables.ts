import type { ColumnType, Generated, JSONColumnType } from 'kysely';

type FixedTime = ColumnType<Date, Date | string, never>;
type Timestamp = ColumnType<Date, Date | string, Date | string>;
type Actor = JSONColumnType<Record<string, unknown>>;

/** Suggestions that were made together, with what they were made from. */
export interface DraftSetTable {
  id: ColumnType<string, string, never>;
  feedback_id: ColumnType<string, string, never>;
  at: FixedTime;
  actor: Actor;
  /** Of the item, when they were made. */
  item_version: number;
  situation: string | null;
  language: string;
  /** The first of the item, where it has one. */
  topic: string | null;
  /** Why there are no suggestions. */
  none: string | null;
  /** Whether an article answers. */
  has_source: boolean;
  facts: JSONColumnType<unknown[]>;
  articles: JSONColumnType<unknown[]>;
  withheld: JSONColumnType<unknown[]>;
}

/** One suggestion, and what a person did with it. */
export interface DraftTable {
  id: ColumnType<string, string, never>;
  set_id: ColumnType<string, string, never>;
  feedback_id: ColumnType<string, string, never>;
  at: FixedTime;
  state: string;
  suggestion: JSONColumnType<Record<string, unknown>>;
  /** Under which it is learned from. */
  features: string[];
  decided_at: Timestamp | null;
  decided_by: ColumnType<Record<string, unknown> | null, string | null | undefined, string | null>;
  person: string | null;
  reason: string | null;
  /** Masked. */
  note: string | null;
  /** What was changed, masked: pieces that stayed, went and came. */
  difference: ColumnType<unknown[] | null, string | null | undefined, string | null>;
  /** Share of the text that was changed, 0 to 1. */
  distance: number | null;
}

/** What a customer is sent on a person’s word, or as an acknowledgement of receipt. */
export interface ReplyTable {
  id: ColumnType<string, string, never>;
  feedback_id: ColumnType<string, string, never>;
  draft_id: string | null;
  /** `reply` or `acknowledgement`. */
  kind: ColumnType<string, string, never>;
  at: FixedTime;
  actor: Actor;
  person: string | null;
  channel: string;
  /** Masked: the original is in `sealed`. */
  body: string;
  key_id: string | null;
  sealed: ColumnType<Uint8Array | null, Uint8Array | null | undefined, Uint8Array | null>;
  /** `elsewhere`, `webhook` or `smtp`. */
  delivery: string;
  /** `queued`, `sent` or `failed`. */
  state: string;
  /** Begun to hand it over. */
  attempts: Generated<number>;
  sent_at: Timestamp | null;
  /** How often the item had been reopened when it was sent. */
  reopened_before: number;
  /** When what became of it was learned from. */
  learned_at: Timestamp | null;
}

/** What people did with suggestions of each feature. */
export interface ReplyTallyTable {
  feature: string;
  taken: number;
  refused: number;
  updated_at: Timestamp;
}

/** What a model makes of the best suggestion of a set; one row per set for which it was to be asked. */
export interface RewordingTable {
  set_id: ColumnType<string, string, never>;
  feedback_id: ColumnType<string, string, never>;
  /** The id of the draft that it becomes. */
  draft_id: ColumnType<string, string, never>;
  /** The draft that is reworded, once that is known. */
  base_id: string | null;
  at: FixedTime;
  /** `waiting`, `writing`, `done` or `failed`. */
  state: string;
  /** Why it failed. */
  reason: string | null;
  /** Sentences that passed, in the order of their coming. */
  written: JSONColumnType<unknown[], string | undefined, string>;
  /** The guards that held back one of the model’s sentences, one entry each. */
  guards: JSONColumnType<string[], string | undefined, string>;
  prompt_tokens: number | null;
  completion_tokens: number | null;
  /** Whether the endpoint counted the tokens; otherwise they are estimated. */
  is_counted: boolean | null;
  /** When who writes it was last heard of, by the clock of the database. */
  heard_at: Timestamp;
  ended_at: Timestamp | null;
}

/** Tokens of all replicas by day (UTC), those of requests that run included. */
export interface ModelSpendingTable {
  day: ColumnType<string, string, never>;
  tokens: ColumnType<string, number, number>;
}
