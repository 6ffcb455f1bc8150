import type { Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Tables } from '../../db/tables.ts';
import type { Actor } from '../../feedback/actor.ts';
import { applyClusterChange } from '../work/change-cluster.ts';
import type { Lineage } from './match.ts';

export interface LineageOptions {
  readonly actor: Actor;
  readonly at: Date;
  readonly run: string | null;
  /** Clusters that nobody is in any more. */
  readonly retired: ReadonlySet<string>;
}

/** Keeps what became of clusters; that one goes on is nothing to tell. */
export async function keepLineage(
  tx: Transaction<Tables>,
  lineage: readonly Lineage[],
  { actor, at, run, retired }: LineageOptions,
): Promise<void> {
  for (const one of lineage) {
    if (one.kind === 'continued') continue;
    // Items that the run did not look at may keep a cluster that it did not find.
    if ((one.kind === 'gone' || one.kind === 'merged_into') && !retired.has(one.cluster)) continue;
    const other = one.kind === 'split_from' ? one.from : one.kind === 'merged_into' ? one.into : null;
    await tx
      .insertInto('cluster_lineage')
      .values({
        id: uuidv7(),
        at,
        run_id: run,
        actor: JSON.stringify(actor),
        kind: one.kind,
        cluster_id: one.cluster,
        other_id: other,
        items: 'items' in one ? one.items : null,
      })
      .execute();
  }
}

/**
 * Retires the clusters that nobody is in any more, and closes what was opened for them.
 *
 * @param lineage tells where their items went
 * @returns the ids
 */
export async function retireEmpty(
  tx: Transaction<Tables>,
  lineage: readonly Lineage[],
  { actor, at }: Pick<LineageOptions, 'actor' | 'at'>,
): Promise<string[]> {
  const into = new Map(
    lineage.flatMap((one) => (one.kind === 'merged_into' ? [[one.cluster, one.into] as const] : [])),
  );
  const empty = await tx
    .selectFrom('cluster')
    .select(['id', 'version'])
    .where('retired_at', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('cluster_member').select('feedback_id').whereRef('cluster_member.cluster_id', '=', 'cluster.id'),
        ),
      ),
    )
    .orderBy('id')
    .forUpdate()
    .execute();
  for (const row of empty) {
    const change = { merged_into: into.get(row.id) ?? null };
    const set = { retired_at: at, items: 0, customers: 0 };
    await applyClusterChange(tx, row, { action: 'cluster.retired', change, set }, { actor, at });
    await tx.deleteFrom('burst_state').where('key', '=', `cluster:${row.id}`).execute();
    await tx
      .updateTable('alert')
      .set({ closed_at: at })
      .where('cluster_id', '=', row.id)
      .where('closed_at', 'is', null)
      .execute();
  }
  return empty.map(({ id }) => id);
}
