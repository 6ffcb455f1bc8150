import type { ColumnType, Generated, JSONColumnType } from 'kysely';

/** `timestamptz`: read as a Date, written as a Date or an RFC 3339 string. */
type Timestamp = ColumnType<Date, Date | string, Date | string>;
type FixedTime = ColumnType<Date, Date | string, never>;
type Actor = JSONColumnType<Record<string, unknown>>;
/** A column with a default that is written as JSON. */
type Json<T> = ColumnType<T, string | undefined, string>;

export const ISSUE_STATUSES = ['investigating', 'fix_planned', 'fixed', 'will_not_fix'] as const;
export type IssueStatus = (typeof ISSUE_STATUSES)[number];

/**
 * A recurring issue. Its id stays from one reclustering to the next; one that has nobody left is retired and never
 * deleted, because lineage names it.
 */
export interface ClusterTable {
  id: ColumnType<string, string, never>;
  created_at: FixedTime;
  updated_at: Timestamp;
  /** Grows with every change that a person or a reclustering makes of it. */
  version: Generated<number>;
  retired_at: Timestamp | null;
  title_zh: string;
  title_en: string;
  /** The languages whose titles people gave: no machine changes these. */
  named_by_person: ColumnType<string[], string[] | undefined, string[]>;
  /** Its items when it was named by itself: it is named anew when it has grown to twice as many. */
  named_items: Generated<number>;
  /** What tells it from others, best first. */
  phrases: Json<{ readonly zh: readonly string[]; readonly en: readonly string[] }>;
  /** Items that show it best. */
  quotes: ColumnType<string[], string[] | undefined, string[]>;
  owner: string | null;
  /** `investigating`, `fix_planned`, `fixed`, `will_not_fix`; null while it is no known issue. */
  issue_status: IssueStatus | null;
  /** Masked. */
  issue_note: string | null;
  /** The version of the product, or what else tells where it is fixed. */
  fixed_in: string | null;
  fixed_at: Timestamp | null;
  /** When somebody reported it after it had been fixed. */
  regressed_at: Timestamp | null;
  /** Key or address of a ticket elsewhere. */
  ticket: string | null;
  /** Figures for lists; a cache of what the members say, see `figures`. */
  items: Generated<number>;
  customers: Generated<number>;
  first_seen_at: Timestamp;
  last_seen_at: Timestamp;
  /** 0 to 100. */
  impact: Generated<number>;
  /** `new`, `rising`, `steady`, `falling`, `dormant`. */
  trend: Generated<string>;
  /** Customers of the last week against what is usual. */
  growth: Generated<number>;
  /** Parts of the impact, interval of the growth, counts by language, channel and so on. */
  figures: Json<Record<string, unknown>>;
  figures_at: Timestamp | null;
}

/** Which cluster an item is in; an item is in one at most. */
export interface ClusterMemberTable {
  feedback_id: ColumnType<string, string, never>;
  cluster_id: string;
  joined_at: Timestamp;
  /** `arrival`, `recluster` or `person`. */
  joined_by: string;
  /** Mean similarity to the members when it joined by itself. */
  similarity: number | null;
}

/** A cluster that somebody has joined or left since its figures were derived; written by triggers of `cluster_member`. */
export interface ClusterChangeTable {
  seq: ColumnType<string, never, never>;
  cluster_id: ColumnType<string, never, never>;
}

/** What a person has decided about items, in force for ever: see `clusters/constraints.ts`. Ids are sorted by time. */
export interface ClusterConstraintTable {
  id: ColumnType<string, string, never>;
  at: FixedTime;
  actor: Actor;
  person: string | null;
  /** `together`: `items` stay in one cluster; `apart`: none of `items` ever shares one with any of `apart_from`. */
  kind: 'together' | 'apart';
  items: string[];
  apart_from: ColumnType<string[], string[] | undefined, string[]>;
}

/** What became of clusters. */
export interface ClusterLineageTable {
  id: ColumnType<string, string, never>;
  at: FixedTime;
  /** The reclustering that did it; null for a person and for arrivals. */
  run_id: string | null;
  actor: Actor;
  /** `new`, `gone`, `split_from` (`other_id`), `merged_into` (`other_id`). */
  kind: string;
  cluster_id: string;
  other_id: string | null;
  /** Items that both share. */
  items: number | null;
}

/** Customers who were told that what they reported is fixed. */
export interface ClusterToldTable {
  id: ColumnType<string, string, never>;
  cluster_id: string;
  customer_id: string;
  at: FixedTime;
  actor: Actor;
  person: string | null;
  fixed_in: string | null;
}

/** Far more people than usual at one time. */
export interface AlertTable {
  id: ColumnType<string, string, never>;
  /** `burst`. */
  kind: string;
  /** `all`, `topic:<key>` or `cluster:<id>`. */
  key: string;
  cluster_id: string | null;
  topic: string | null;
  /** The same for alerts of one event; the id of the first of them. */
  group_id: string;
  /** When the first of the people wrote, and when it was seen to be a burst. */
  started_at: Timestamp;
  opened_at: Timestamp;
  closed_at: Timestamp | null;
  /** Most people in an hour, and those who were expected then. */
  peak: number;
  expected: number;
  /** When somebody said that they look after it, who, and what they said (masked). */
  acknowledged_at: Timestamp | null;
  acknowledged_by: ColumnType<Record<string, unknown> | null, string | null | undefined, string | null>;
  acknowledged_person: string | null;
  acknowledged_note: string | null;
  /** Members of the cluster that joined until then were made more urgent. */
  raised_through: Timestamp | null;
}

/** What the burst detector of one key has learned (`clusters/burst.ts`), up to `through`. */
export interface BurstStateTable {
  key: ColumnType<string, string, never>;
  state: JSONColumnType<Record<string, unknown>>;
  through: Timestamp;
  updated_at: Timestamp;
}
