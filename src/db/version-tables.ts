import type { ColumnType, JSONColumnType } from 'kysely';

/** `timestamptz`: read as a Date, written as a Date or an RFC 3339 string. */
type Timestamp = ColumnType<Date, Date | string, Date | string>;

/** A trained head with the report of how it compares with the one before. */
export interface ModelVersionTable {
  version: ColumnType<string, string, never>;
  /** When it was trained, or trained again from the same. */
  created_at: Timestamp;
  actor: JSONColumnType<Record<string, unknown>>;
  parent: string | null;
  encoder_hash: string;
  taxonomy_version: string;
  seeds_version: string;
  seeds: number;
  corrections: number;
  /** `correction.seq` of the newest correction that was there. */
  trained_through: string;
  /** `seeds` (trained from the seed examples alone), `promoted` or `held_back`. */
  outcome: string;
  report: JSONColumnType<Record<string, unknown>>;
  head: ColumnType<Uint8Array, Uint8Array, never>;
}

/** A label set of a user's own, and the classifier that answers for it. */
export interface TaxonomyTable {
  name: ColumnType<string, string, never>;
  /** Content hash of `definition`. */
  version: string;
  definition: JSONColumnType<Record<string, unknown>>;
  /** Keys of labels that are never answered any more. */
  retired: string[];
  /** Of `version`: `training`, `ready` or `failed`. */
  status: string;
  report: JSONColumnType<Record<string, unknown>>;
  /** The version that `model` was trained from: an earlier one while `version` is in training. */
  trained_version: string | null;
  /** Encoder and form of `model`. */
  model_hash: string | null;
  model: Uint8Array | null;
  created_at: ColumnType<Date, Date | string, never>;
  updated_at: Timestamp;
}

/** A document by which decisions are taken: rules, deadlines or routing. Which is in force is a setting. */
export interface PolicyVersionTable {
  kind: ColumnType<string, string, never>;
  /** Content hash of `document`. */
  version: ColumnType<string, string, never>;
  created_at: ColumnType<Date, Date | string, never>;
  actor: JSONColumnType<Record<string, unknown>>;
  /** The version that it was made from; null for one that was shipped. */
  parent: ColumnType<string | null, string | null, never>;
  note: ColumnType<string | null, string | null, never>;
  document: JSONColumnType<Record<string, unknown>>;
}
