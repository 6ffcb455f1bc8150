import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { Presence } from '../triage/assignment.ts';
import type { Resolution, Status, StoredPause } from '../triage/lifecycle.ts';
import type { StoredBreaches } from '../triage/sla-record.ts';
import type {
  AlertTable,
  BurstStateTable,
  ClusterChangeTable,
  ClusterConstraintTable,
  ClusterLineageTable,
  ClusterMemberTable,
  ClusterTable,
  ClusterToldTable,
} from './cluster-tables.ts';
import type {
  AuditHeadTable,
  BeforeMerge,
  FeedbackLinkTable,
  MessageTable,
  NoteTable,
  SatisfactionTable,
  WatcherTable,
} from './conversation-tables.ts';
import type { ArticleChunkTable, ArticleTable, ArticleVersionTable } from './knowledge-tables.ts';
import type {
  DraftSetTable,
  DraftTable,
  ModelSpendingTable,
  ReplyTable,
  ReplyTallyTable,
  RewordingTable,
} from './reply-tables.ts';
import type { ModelVersionTable, PolicyVersionTable, TaxonomyTable } from './version-tables.ts';

/** `timestamptz`: read as a Date, written as a Date or an RFC 3339 string. */
type Timestamp = ColumnType<Date, Date | string, Date | string>;
/** A column that the database fills and nobody changes afterwards. */
type Fixed<T> = ColumnType<T, T | undefined, never>;

/**
 * One piece of feedback. The decision's columns are a cache of the newest row of `decision`, but for `queue`: where a
 * person handed it over to, until it is decided again.
 */
export interface FeedbackTable {
  id: ColumnType<string, string, never>;
  received_at: ColumnType<Date, Date | string, never>;
  happened_at: Timestamp | null;
  channel: string;
  source: string | null;
  external_id: string | null;
  language: string;
  /** Masked: personal data is in `pii_vault` only. */
  subject: string | null;
  /** Masked: personal data is in `pii_vault` only. */
  body: string;
  rating: number | null;
  metadata: JSONColumnType<Record<string, string | number | boolean | null>>;
  customer_id: string | null;
  /** Facts known when the item arrived: tier, open positions, earlier contacts. */
  customer_facts: JSONColumnType<Record<string, unknown>>;
  status: Status;
  type: string;
  topics: string[];
  risk_flags: string[];
  urgency_score: number;
  priority: string;
  queue: string;
  needs_review: boolean;
  first_response_due_at: Timestamp;
  resolve_due_at: Timestamp | null;
  decision_id: string;
  version: Generated<number>;
  updated_at: Timestamp;
  /** Values that people gave: no machine changes them. */
  settled: ColumnType<SettledValues, string | undefined, string>;
  /** When a person last confirmed or corrected it. */
  reviewed_at: Timestamp | null;
  /** How much a person's look is worth, 0 to 1. */
  review_value: Generated<number>;
  /** One of the random items that show the errors of confident decisions. */
  review_sample: Generated<boolean>;
  /** The agent who has it. */
  assignee: string | null;
  assigned_at: Timestamp | null;
  /** Out of sight until then. */
  snoozed_until: Timestamp | null;
  /** When the resolution clock stood still. */
  pauses: ColumnType<readonly StoredPause[], string | undefined, string>;
  first_responded_at: Timestamp | null;
  resolved_at: Timestamp | null;
  /** How it was resolved. */
  resolution: Resolution | null;
  /** When the customer is asked whether it is truly solved. */
  follow_up_at: Timestamp | null;
  /** What the customer said of the solution, 1 to 5. */
  satisfaction: number | null;
  closed_at: Timestamp | null;
  /** How often it was reopened. */
  reopened: Generated<number>;
  /** The item that speaks for this one since they were merged. */
  merged_into: string | null;
  /** The policy of deadlines that it was created under. */
  sla_version: string | null;
  breaches: ColumnType<StoredBreaches, string | undefined, string>;
  /** When the sweep has to look at it next. */
  sweep_at: Timestamp | null;
  /** What merging changed of it, to be given back. */
  before_merge: ColumnType<BeforeMerge | null, string | null | undefined, string | null>;
  /** When the customer was asked whether it is solved. */
  follow_up_asked_at: Timestamp | null;
  /** The last day (YYYY-MM-DD) on which it was told to be forgotten. */
  forgotten_on: string | null;
}

/** The values of an item that people may set. */
export interface SettledValues {
  readonly type?: string;
  readonly topics?: readonly string[];
  readonly risk_flags?: readonly string[];
  readonly priority?: string;
  /** Where it was handed over to, or held. */
  readonly queue?: string;
}

/** The sentence vector of one item under one encoder (`model_hash`). */
export interface FeedbackVectorTable {
  feedback_id: string;
  model_hash: string;
  /** `[0.1,0.2,…]`: pgvector's text form, 384 numbers unless another model is configured. */
  embedding: string;
  created_at: ColumnType<Date, Date | string, Date | string>;
}

/** Append-only: every decision ever taken about an item, with what is needed to replay it. */
export interface DecisionTable {
  id: ColumnType<string, string, never>;
  feedback_id: ColumnType<string, string, never>;
  created_at: ColumnType<Date, Date | string, never>;
  actor: JSONColumnType<Record<string, unknown>>;
  model_version: string;
  taxonomy_version: string;
  rules_version: string;
  head_version: string;
  decision: JSONColumnType<Record<string, unknown>>;
}

/** One step in the life of an item. */
export interface TransitionTable {
  id: ColumnType<string, string, never>;
  feedback_id: ColumnType<string, string, never>;
  at: ColumnType<Date, Date | string, never>;
  from_status: string;
  to_status: string;
  actor: JSONColumnType<Record<string, unknown>>;
  /** Who, when the caller speaks for several. */
  person: string | null;
  reason: string | null;
}

/** Who works on items. Never deleted, because items of the past name them: `removed_at` says that one has gone. */
export interface AgentTable {
  id: ColumnType<string, string, never>;
  name: string;
  /** By which names are told apart: without capitals and forms of width. */
  name_key: string;
  languages: string[];
  /** Keys of queues. */
  skills: string[];
  /** Load that they can carry, in weights of items. */
  capacity: number;
  presence: Presence;
  created_at: ColumnType<Date, Date | string, never>;
  updated_at: Timestamp;
  /** Of two whose turn it is, the one with the earlier has it. Never runs backwards, whatever the clock does. */
  last_assigned_at: Timestamp | null;
  version: Generated<number>;
  removed_at: Timestamp | null;
}

/** When it was last told that nobody is there for an item of a restricted queue. */
export interface RoutingNoticeTable {
  feedback_id: string;
  told_at: Timestamp;
}

/** What a person said about an item. `machine`: what was decided without people; `before`, `after`: what stood then. */
export interface CorrectionTable {
  seq: Generated<string>;
  id: ColumnType<string, string, never>;
  feedback_id: ColumnType<string, string, never>;
  created_at: ColumnType<Date, Date | string, never>;
  actor: JSONColumnType<Record<string, unknown>>;
  /** Who, when the caller speaks for several. */
  person: string | null;
  machine: JSONColumnType<Record<string, unknown>>;
  before: JSONColumnType<Record<string, unknown>>;
  after: JSONColumnType<Record<string, unknown>>;
  note: string | null;
}

/** Originals and personal data, AES-256-GCM encrypted. */
export interface PiiVaultTable {
  feedback_id: string;
  key_id: string;
  sealed: ColumnType<Uint8Array, Uint8Array, Uint8Array>;
  /** Whether the customer's address is in it. */
  has_email: Generated<boolean>;
  created_at: Fixed<Date>;
}

export interface CustomerTable {
  id: ColumnType<string, string, never>;
  ref: string;
  tier: string | null;
  created_at: ColumnType<Date, Date | string, never>;
  updated_at: Timestamp;
}

/** Who did what to which row; `hash` covers the entry and `prev_hash`. */
export interface AuditTable {
  seq: Generated<string>;
  at: ColumnType<Date, Date | string, never>;
  actor: JSONColumnType<Record<string, unknown>>;
  action: string;
  subject_kind: string;
  subject_id: string;
  change: JSONColumnType<Record<string, unknown>>;
  prev_hash: string;
  hash: string;
}

/** Events to deliver, written in the transaction of what they report. */
export interface OutboxTable {
  seq: Generated<string>;
  at: ColumnType<Date, Date | string, never>;
  event: string;
  subject_id: string;
  payload: JSONColumnType<Record<string, unknown>>;
}

/** The answer kept for an `Idempotency-Key`; `status` is null while the first request runs. */
export interface IdempotencyTable {
  scope: string;
  key: string;
  request_hash: string;
  status: number | null;
  response: string | null;
  created_at: ColumnType<Date, Date | string, Date | string>;
}

/** Small facts about the installation: the fingerprint of its vault key. */
export interface SettingTable {
  name: string;
  value: string;
  updated_at: Timestamp;
}

export interface Tables {
  feedback: FeedbackTable;
  feedback_vector: FeedbackVectorTable;
  decision: DecisionTable;
  correction: CorrectionTable;
  transition: TransitionTable;
  agent: AgentTable;
  routing_notice: RoutingNoticeTable;
  model_version: ModelVersionTable;
  taxonomy: TaxonomyTable;
  policy_version: PolicyVersionTable;
  article: ArticleTable;
  article_version: ArticleVersionTable;
  article_chunk: ArticleChunkTable;
  pii_vault: PiiVaultTable;
  customer: CustomerTable;
  note: NoteTable;
  watcher: WatcherTable;
  feedback_link: FeedbackLinkTable;
  message: MessageTable;
  satisfaction: SatisfactionTable;
  cluster: ClusterTable;
  cluster_member: ClusterMemberTable;
  cluster_change: ClusterChangeTable;
  cluster_constraint: ClusterConstraintTable;
  cluster_lineage: ClusterLineageTable;
  cluster_told: ClusterToldTable;
  alert: AlertTable;
  burst_state: BurstStateTable;
  draft_set: DraftSetTable;
  draft: DraftTable;
  reply: ReplyTable;
  reply_tally: ReplyTallyTable;
  rewording: RewordingTable;
  model_spending: ModelSpendingTable;
  audit: AuditTable;
  audit_head: AuditHeadTable;
  outbox: OutboxTable;
  idempotency: IdempotencyTable;
  setting: SettingTable;
}
