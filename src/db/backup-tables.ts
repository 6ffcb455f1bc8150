import { type Kysely, sql } from 'kysely';
import type { Tables } from './tables.ts';

/** Written anew by the triggers of others while these are restored. */
type Derived = 'cluster_change';

/** Primary keys of all other tables, in an order in which no row comes before one that it refers to. */
const PRIMARY_KEYS: { readonly [Table in Exclude<keyof Tables, Derived>]: readonly [string, ...string[]] } = {
  setting: ['name'],
  customer: ['id'],
  feedback: ['id'],
  feedback_vector: ['feedback_id'],
  decision: ['id'],
  correction: ['seq'],
  transition: ['id'],
  agent: ['id'],
  routing_notice: ['feedback_id'],
  model_version: ['version'],
  taxonomy: ['name'],
  policy_version: ['kind', 'version'],
  article: ['id'],
  article_version: ['article_id', 'version'],
  article_chunk: ['article_id', 'version', 'kind', 'position'],
  pii_vault: ['feedback_id'],
  note: ['id'],
  watcher: ['feedback_id', 'name'],
  feedback_link: ['id'],
  message: ['id'],
  satisfaction: ['id'],
  cluster: ['id'],
  cluster_member: ['feedback_id'],
  cluster_constraint: ['id'],
  cluster_lineage: ['id'],
  cluster_told: ['id'],
  alert: ['id'],
  burst_state: ['key'],
  draft_set: ['id'],
  draft: ['id'],
  reply: ['id'],
  reply_tally: ['feature'],
  rewording: ['set_id'],
  model_spending: ['day'],
  audit: ['seq'],
  audit_head: ['subject_kind', 'subject_id'],
  outbox: ['seq'],
  idempotency: ['scope', 'key'],
};

export interface BackupTable {
  readonly name: string;
  readonly key: readonly string[];
}

/** Columns that can be written, and the one that a sequence numbers. */
export interface TableColumns {
  readonly writable: readonly string[];
  readonly identity: string | undefined;
}

/** The tables that this program knows and the database has. */
export async function listTables(kysely: Kysely<Tables>): Promise<BackupTable[]> {
  const tables: BackupTable[] = [];
  for (const [name, key] of Object.entries(PRIMARY_KEYS)) {
    if ((await describeColumns(kysely, name)).writable.length > 0) tables.push({ name, key });
  }
  return tables;
}

export async function describeColumns(kysely: Kysely<Tables>, table: string): Promise<TableColumns> {
  const { rows } = await sql<{ name: string; identity: boolean }>`
    select column_name as name, is_identity = 'YES' as identity
    from information_schema.columns
    where table_schema = current_schema() and table_name = ${table} and is_generated = 'NEVER'
    order by ordinal_position`.execute(kysely);
  return {
    writable: rows.map((row) => row.name),
    identity: rows.find((row) => row.identity)?.name,
  };
}

export async function countRows(kysely: Kysely<Tables>, table: string): Promise<number> {
  const { rows } = await sql<{ n: string }>`select count(*) as n from ${sql.table(table)}`.execute(kysely);
  return Number(rows[0]?.n);
}
