import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import { validate as isUuid } from 'uuid';
import { z } from 'zod';
import type { ClusterTable } from '../db/cluster-tables.ts';
import { decodeCursor, type Page, toPage } from '../db/paginate.ts';
import type { Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';
import { TREND_STATES } from './trend.ts';

export type ClusterRow = Selectable<ClusterTable>;

/** What a list of clusters is sorted by, the most first. */
export const CLUSTER_ORDERS = ['impact', 'growth', 'customers'] as const;
export const clusterFilterSchema = z.object({
  sort: z.enum(CLUSTER_ORDERS).default('impact'),
  trend: z.enum(TREND_STATES).optional(),
  /** Clusters in which something happened at or after this time. */
  seen_from: z.date().optional(),
  limit: z.int().min(1),
  cursor: z.string().optional(),
});
export type ClusterFilter = z.input<typeof clusterFilterSchema>;

export function noSuchCluster(): AppError {
  return new AppError('not_found', 'There is no cluster with this id.');
}

/** A cluster, also one that is retired. @throws AppError `not_found` */
export async function getClusterRow(db: Kysely<Tables>, id: string): Promise<ClusterRow> {
  if (!isUuid(id)) throw noSuchCluster();
  const row = await db.selectFrom('cluster').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw noSuchCluster();
  return row;
}

/** The cluster, which nobody else changes until the transaction ends. @throws AppError `not_found`, also when it is retired */
export async function lockCluster(tx: Transaction<Tables>, id: string): Promise<ClusterRow> {
  if (!isUuid(id)) throw noSuchCluster();
  const row = await tx.selectFrom('cluster').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  if (row === undefined || row.retired_at !== null) throw noSuchCluster();
  return row;
}

/** A page of the clusters that there are. @throws AppError `invalid_input` for a cursor of something else */
export async function listClusterRows(db: Kysely<Tables>, filter: ClusterFilter): Promise<Page<ClusterRow>> {
  const { sort, trend, seen_from, limit, cursor } = clusterFilterSchema.parse(filter);
  let query = db.selectFrom('cluster').selectAll().where('retired_at', 'is', null);
  if (trend !== undefined) query = query.where('trend', '=', trend);
  if (seen_from !== undefined) query = query.where('last_seen_at', '>=', seen_from);
  if (cursor !== undefined) {
    const id = decodeCursor('uuid', cursor);
    // Where the last one stands by now: figures move while somebody pages.
    query = query.where(
      sql<boolean>`(${sql.ref(sort)}, id) < (select ${sql.ref(`last.${sort}`)}, last.id from cluster last where last.id = ${id})`,
    );
  }
  const rows = await query
    .orderBy(sort, 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, 'uuid', ({ id }) => id);
}

/** A page of the ids of a cluster's items, newest first. */
export async function listMemberIds(
  db: Kysely<Tables>,
  cluster: string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page<string>> {
  let query = db.selectFrom('cluster_member').select('feedback_id').where('cluster_id', '=', cluster);
  if (cursor !== undefined) query = query.where('feedback_id', '<', decodeCursor('uuid', cursor));
  const rows = await query
    .orderBy('feedback_id', 'desc')
    .limit(limit + 1)
    .execute();
  const ids = rows.map(({ feedback_id }) => feedback_id);
  return toPage(ids, limit, 'uuid', (id) => id);
}
