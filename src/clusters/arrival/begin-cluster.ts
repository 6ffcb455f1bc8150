import type { Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../../context.ts';
import type { Tables } from '../../db/tables.ts';
import type { Actor } from '../../feedback/actor.ts';
import { recordChange } from '../../feedback/record-change.ts';
import { countVoices } from '../item.ts';
import { NAMELESS, nameClusters } from '../naming/name.ts';
import { topicOf } from '../naming/topic-of.ts';
import { titleColumns } from '../recluster/keep-descriptions.ts';
import { addLineage } from '../recluster/keep-lineage.ts';
import { getStoredItems, toClusterItem } from '../stored-items.ts';
import { refreshNow } from '../trend/refresh-now.ts';

export interface BeginOptions {
  readonly actor: Actor;
  readonly at: Date;
}

const QUOTES = 3;

/**
 * Makes a cluster of items that are stored, the newest of them last. The transaction holds the lock on all clusters.
 *
 * @returns its id
 */
export async function beginCluster(
  tx: Transaction<Tables>,
  context: Pick<Context, 'policy' | 'segmenter' | 'matters' | 'encoder' | 'now'>,
  ids: readonly string[],
  { actor, at }: BeginOptions,
): Promise<string> {
  const { policy, encoder } = context;
  const stored = await getStoredItems(tx, context, encoder.info.hash, ids);
  const items = stored.map(toClusterItem);
  const topic = topicOf(policy.taxonomy, await topicsOf(tx, ids));
  const [name = NAMELESS] = nameClusters([{ items, topic }], [], policy.naming);
  const moments = stored.map((one) => one.at);
  const id = uuidv7();
  await tx
    .insertInto('cluster')
    .values({
      id,
      created_at: at,
      updated_at: at,
      ...titleColumns(name),
      named_items: items.length,
      quotes: [...ids].reverse().slice(0, QUOTES),
      items: items.length,
      customers: countVoices(items).customers,
      first_seen_at: new Date(Math.min(...moments)),
      last_seen_at: new Date(Math.max(...moments)),
    })
    .execute();
  await addMembers(tx, id, ids, at);
  await addLineage(tx, { kind: 'new', cluster: id, items: ids.length }, { actor, at });
  await refreshNow(tx, context, [id]);
  const change = { title: name.title, items: ids.length };
  await recordChange(tx, { at, actor, action: 'cluster.created', subjectKind: 'cluster', subjectId: id, change });
  return id;
}

async function topicsOf(tx: Transaction<Tables>, ids: readonly string[]): Promise<string[][]> {
  const rows = await tx.selectFrom('feedback').select('topics').where('id', 'in', ids).execute();
  return rows.map(({ topics }) => topics);
}

async function addMembers(tx: Transaction<Tables>, cluster: string, ids: readonly string[], at: Date): Promise<void> {
  const rows = ids.map((id) => ({ feedback_id: id, cluster_id: cluster, joined_at: at, joined_by: 'arrival' }));
  await tx
    .insertInto('cluster_member')
    .values(rows)
    .onConflict((conflict) => conflict.column('feedback_id').doNothing())
    .execute();
}
