import { sql, type Transaction } from 'kysely';
import type { Tables } from '../../db/tables.ts';
import type { Actor } from '../../feedback/actor.ts';
import { applyClusterChange, type ClusterRow, lockCluster } from './change-cluster.ts';

interface Regression {
  readonly cluster: string;
  readonly item: string;
  readonly at: Date;
}

/**
 * Takes up those of the clusters that are thought to be fixed and now hold an item that happened after the fix, because
 * a person or a reclustering put it there.
 *
 * @param ids all clusters unless given
 */
export async function reopenRegressed(
  tx: Transaction<Tables>,
  occasion: { readonly actor: Actor; readonly at: Date },
  ids?: readonly string[],
): Promise<ClusterRow[]> {
  const only = ids === undefined ? sql`` : sql`and c.id = any(${[...ids]}::uuid[])`;
  const { rows } = await sql<Regression>`
    select c.id as cluster, later.id as item, later.at
    from cluster c, lateral (
      select f.id, least(coalesce(f.happened_at, f.received_at), f.received_at) as at
      from cluster_member m join feedback f on f.id = m.feedback_id
      where m.cluster_id = c.id and least(coalesce(f.happened_at, f.received_at), f.received_at) > c.fixed_at
      order by f.id limit 1) later
    where c.issue_status = 'fixed' and c.retired_at is null ${only}
    order by c.id`.execute(tx);
  const reopened: ClusterRow[] = [];
  for (const { cluster, item, at } of rows) {
    const row = await reopenFixed(tx, cluster, { id: item, at: at.getTime() }, occasion);
    if (row !== undefined) reopened.push(row);
  }
  return reopened;
}

/** Takes a known issue that was fixed up again, because an item reports what happened after the fix. */
export async function reopenFixed(
  tx: Transaction<Tables>,
  id: string,
  item: { readonly id: string; readonly at: number },
  { actor, at }: { readonly actor: Actor; readonly at: Date },
): Promise<ClusterRow | undefined> {
  const row = await lockCluster(tx, id);
  if (row.issue_status !== 'fixed' || item.at < (row.fixed_at?.getTime() ?? 0)) return undefined;
  return await applyClusterChange(
    tx,
    row,
    {
      action: 'cluster.regressed',
      change: { from: row.issue_status, to: 'investigating', fixed_in: row.fixed_in, feedback_id: item.id },
      set: { issue_status: 'investigating', regressed_at: at },
    },
    { actor, at },
  );
}
