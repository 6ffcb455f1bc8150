import type { Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Tables } from '../../db/tables.ts';
import type { Actor } from '../../feedback/actor.ts';
import { closeLost, keyOf } from '../trend/alerts.ts';
import { applyClusterChange } from '../work/change-cluster.ts';
import type { Lineage } from './match.ts';

export interface LineageOptions {
  readonly actor: Actor;
  readonly at: Date;
  readonly run: string | null;
  /** Clusters that nobody is in any more. */
  readonly retired: ReadonlySet<string>;
}

export interface LineageEntry {
  readonly kind: Exclude<Lineage['kind'], 'continued'>;
  readonly cluster: string;
  /** Where its items came from or went to. */
  readonly other?: string | null;
  readonly items: number | null;
  readonly run?: string | null;
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
    const items = 'items' in one ? one.items : null;
    await addLineage(tx, { kind: one.kind, cluster: one.cluster, other, items, run }, { actor, at });
  }
}

/** Says that a cluster began, ended, or took its items from another one. */
export async function addLineage(
  tx: Transaction<Tables>,
  { kind, cluster, other = null, items, run = null }: LineageEntry,
  { actor, at }: Pick<LineageOptions, 'actor' | 'at'>,
): Promise<void> {
  await tx
    .insertInto('cluster_lineage')
    .values({
      id: uuidv7(),
      at,
      run_id: run,
      actor: JSON.stringify(actor),
      kind,
      cluster_id: cluster,
      other_id: other,
      items,
    })
    .execute();
}

/**
 * Retires the clusters that nobody is in any more, and closes what was opened for them.
 *
 * @param lineage tells where their items went
 * @param among the only ones to look at; all unless given
 * @returns the ids
 */
export async function retireEmpty(
  tx: Transaction<Tables>,
  lineage: readonly Lineage[],
  { actor, at }: Pick<LineageOptions, 'actor' | 'at'>,
  among?: readonly string[],
): Promise<string[]> {
  const into = new Map(
    lineage.flatMap((one) => (one.kind === 'merged_into' ? [[one.cluster, one.into] as const] : [])),
  );
  const live = tx.selectFrom('cluster').select(['id', 'version']).where('retired_at', 'is', null);
  const empty = await (among === undefined ? live : live.where('id', 'in', among))
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
    await closeLost(tx, keyOf({ kind: 'cluster', cluster: row.id }), at);
  }
  return empty.map(({ id }) => id);
}
