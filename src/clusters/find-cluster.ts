import { type Kysely, sql, type Transaction } from 'kysely';
import { validate as isUuid } from 'uuid';
import type { Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';
import { checkVersion } from '../feedback/change-item.ts';
import { type ClusterRow, noSuchCluster } from './work/change-cluster.ts';

type Db = Kysely<Tables> | Transaction<Tables>;

/** The row, whether it has ended or not. @throws AppError `not_found`, also for what is no id at all */
export async function getClusterRow(db: Db, id: string): Promise<ClusterRow> {
  const row = isUuid(id)
    ? await db.selectFrom('cluster').selectAll().where('id', '=', id).executeTakeFirst()
    : undefined;
  if (row === undefined) throw noSuchCluster();
  return row;
}

/** The cluster that a retired one went into, at the end of its way; undefined when nobody was left in it. */
export async function findSuccessor(db: Db, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    with recursive way (id, step) as (
      select ${id}::uuid, 0
      union all
      select next.other_id, step + 1
      from way, lateral (
        select other_id from cluster_lineage
        where cluster_id = way.id and kind = 'merged_into' order by id desc limit 1) next
      where step < 100)
    select way.id from way join cluster on cluster.id = way.id
    where way.id <> ${id}::uuid and retired_at is null order by step desc limit 1`.execute(db);
  return rows[0]?.id;
}

/**
 * Clusters that a person changes, held in the order of their ids until the transaction ends.
 *
 * @param ids the first is the one of the path, under `ifVersion`; the others are named by `pointer` when they are wrong
 * @throws AppError `not_found` or, for the others, `invalid_input`; `conflict` naming where it went for one that has
 *   ended; `precondition_failed`
 */
export async function holdClusters(
  tx: Transaction<Tables>,
  [id, ...others]: readonly [string, ...string[]],
  { ifVersion, pointer = '/id' }: { readonly ifVersion?: readonly number[] | undefined; readonly pointer?: string },
): Promise<[ClusterRow, ...ClusterRow[]]> {
  if (!isUuid(id)) throw noSuchCluster();
  const rows = await tx
    .selectFrom('cluster')
    .selectAll()
    .where('id', 'in', [id, ...others])
    .orderBy('id')
    .forUpdate()
    .execute();
  const find = (wanted: string) => rows.find((row) => row.id === wanted.toLowerCase());
  const own = find(id);
  if (own === undefined) throw noSuchCluster();
  await refuseEnded(tx, own, '/id');
  const held: ClusterRow[] = [];
  for (const other of others) {
    const row = find(other);
    if (row === undefined) {
      const message = 'is no cluster; GET /v1/clusters lists those there are';
      throw new AppError('invalid_input', `The other ${message}.`, { errors: [{ pointer, message }] });
    }
    await refuseEnded(tx, row, pointer);
    held.push(row);
  }
  checkVersion(own.version, ifVersion, 'cluster');
  return [own, ...held];
}

async function refuseEnded(tx: Transaction<Tables>, row: ClusterRow, pointer: string): Promise<void> {
  if (row.retired_at === null) return;
  const successor = await findSuccessor(tx, row.id);
  const message =
    successor === undefined ? 'has ended: nobody is left in it' : `has ended: it is part of cluster ${successor} now`;
  throw new AppError('conflict', `The cluster ${message}.`, { errors: [{ pointer, message }] });
}
