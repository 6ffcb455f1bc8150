import { type Selectable, sql, type Transaction, type Updateable } from 'kysely';
import { validate as isUuid } from 'uuid';
import type { ClusterTable } from '../../db/cluster-tables.ts';
import type { Tables } from '../../db/tables.ts';
import { AppError } from '../../errors.ts';
import type { Actor } from '../../feedback/actor.ts';
import { recordChange } from '../../feedback/record-change.ts';

export type ClusterRow = Selectable<ClusterTable>;

/** One change of a cluster. */
export interface ClusterChange {
  /** What is written in the audit and told to listeners, such as `cluster.renamed`. */
  readonly action: string;
  readonly change: Readonly<Record<string, unknown>>;
  readonly set: Updateable<ClusterTable>;
  /** Rows of other tables that belong to it. */
  also?(tx: Transaction<Tables>): Promise<unknown>;
}

export interface ClusterChangeOptions {
  readonly actor: Actor;
  /** The versions under which the caller has seen the cluster (`If-Match`). */
  readonly ifVersion?: readonly number[] | undefined;
}

export function noSuchCluster(): AppError {
  return new AppError('not_found', 'There is no cluster with this id.');
}

/**
 * Held until the transaction ends by whoever makes clusters, ends them or moves items between them, so that two never
 * make two clusters of one fault. Taken before any row.
 */
export async function lockClusters(tx: Transaction<Tables>): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('feedback-triage clusters'))`.execute(tx);
}

/** The cluster, which nobody else changes until the transaction ends. @throws AppError `not_found`, also when it is retired */
export async function lockCluster(tx: Transaction<Tables>, id: string): Promise<ClusterRow> {
  if (!isUuid(id)) throw noSuchCluster();
  const row = await tx.selectFrom('cluster').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  if (row === undefined || row.retired_at !== null) throw noSuchCluster();
  return row;
}

/** Writes a change of a cluster that the transaction holds. */
export async function applyClusterChange(
  tx: Transaction<Tables>,
  row: Pick<ClusterRow, 'id' | 'version'>,
  { action, change, set, also }: ClusterChange,
  { actor, at }: { readonly actor: Actor; readonly at: Date },
): Promise<ClusterRow> {
  const changed = await tx
    .updateTable('cluster')
    .set({ ...set, updated_at: at, version: row.version + 1 })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await also?.(tx);
  await recordChange(tx, { at, actor, action, subjectKind: 'cluster', subjectId: row.id, change });
  return changed;
}
