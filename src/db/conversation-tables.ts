import type { ColumnType, JSONColumnType } from 'kysely';
import type { Resolution, Status, StoredPause } from '../triage/lifecycle.ts';

/** Written once, read as a Date. */
type FixedTime = ColumnType<Date, Date | string, never>;
type Actor = JSONColumnType<Record<string, unknown>>;

/** What somebody wrote for colleagues. */
export interface NoteTable {
  id: ColumnType<string, string, never>;
  feedback_id: ColumnType<string, string, never>;
  at: FixedTime;
  actor: Actor;
  /** Who, when the caller speaks for several. */
  person: string | null;
  /** Masked. */
  body: string;
}

/** Who wants to know what happens to an item. */
export interface WatcherTable {
  feedback_id: ColumnType<string, string, never>;
  name: ColumnType<string, string, never>;
  at: FixedTime;
}

/** How one item is related to another; `kind` reads from `from_id` to `to_id`. */
export interface FeedbackLinkTable {
  id: ColumnType<string, string, never>;
  from_id: ColumnType<string, string, never>;
  to_id: ColumnType<string, string, never>;
  kind: ColumnType<string, string, never>;
  at: FixedTime;
  actor: Actor;
  person: string | null;
}

/** What the customer wrote about an item that was there already, and what the customer was sent. */
export interface MessageTable {
  id: ColumnType<string, string, never>;
  feedback_id: ColumnType<string, string, never>;
  /** `inbound` from the customer, `outbound` to the customer. */
  direction: ColumnType<string, string, never>;
  at: FixedTime;
  channel: string;
  /** Masked: the original is in `sealed`. */
  body: string;
  actor: Actor;
  person: string | null;
  key_id: string | null;
  /** The original where something was masked, sealed for the message's id. */
  sealed: ColumnType<Uint8Array | null, Uint8Array | null | undefined, Uint8Array | null>;
}

/** Every answer of a customer to whether it is solved; the item keeps the last one of the present solution. */
export interface SatisfactionTable {
  id: ColumnType<string, string, never>;
  feedback_id: ColumnType<string, string, never>;
  at: FixedTime;
  /** 1 to 5. */
  score: number;
  solved: boolean;
  /** Masked. */
  comment: string | null;
  actor: Actor;
}

/** The last entry of each chain of the audit, so that one cut off at its end shows. */
export interface AuditHeadTable {
  subject_kind: ColumnType<string, string, never>;
  subject_id: ColumnType<string, string, never>;
  hash: string;
  /** Entries of the chain. */
  count: number;
  /** Of the last entry. */
  at: ColumnType<Date, Date | string, Date | string>;
}

/** What merging changed of an item, as it was before; times in RFC 3339. */
export interface BeforeMerge {
  readonly status: Status;
  readonly pauses: readonly StoredPause[];
  readonly first_responded_at: string | null;
  readonly resolved_at: string | null;
  readonly resolution: Resolution | null;
  readonly follow_up_at: string | null;
  readonly follow_up_asked_at: string | null;
  readonly closed_at: string | null;
}
