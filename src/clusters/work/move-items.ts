import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { Tables } from '../../db/tables.ts';
import { AppError } from '../../errors.ts';
import { person, remark } from '../../feedback/request-fields.ts';
import { holdClusters } from '../find-cluster.ts';
import { listMemberIds } from '../member-ids.ts';
import { refreshNow } from '../trend/refresh-now.ts';
import { masked, occasionOf } from './by-person.ts';
import { applyClusterChange, type ClusterChangeOptions, type ClusterRow, lockClusters } from './change-cluster.ts';
import { recordDecision, type Superseded } from './decisions.ts';
import { reopenRegressed } from './reopen-fixed.ts';

const MOST_ITEMS = 5_000;
/** Members of a cluster that are bound together where a decision needs some that stand for it. */
export const ANCHORS = 10;

/** Ids of which each stands there once. */
export const distinctIds = (most: number) =>
  z
    .array(z.uuid().toLowerCase())
    .min(1, 'must name at least one')
    .max(most)
    .refine((ids) => new Set(ids).size === ids.length, 'must not name the same twice');

/** Items of a cluster. */
export const selectedItems = distinctIds(MOST_ITEMS);

export const moveRequestSchema = z
  .strictObject({
    items: selectedItems.describe('Items of this cluster that leave it.'),
    to: z.uuid().nullable().describe('The cluster that they belong to; null: to none that is known.'),
    reason: remark.optional().describe('Why. Personal data is masked.'),
    by: person.optional(),
  })
  .meta({ id: 'MoveRequest' });

export interface Moved {
  readonly cluster: ClusterRow;
  readonly superseded: Superseded[];
}

/**
 * Takes items out of a cluster, and puts them into another one where that is named; no reclustering takes them back.
 *
 * @throws AppError `not_found`, `invalid_input` for items that are not in it or all that are in it, and for the cluster
 *   itself; `conflict`, `precondition_failed`
 */
export async function moveItems(
  context: Pick<Context, 'database' | 'policy' | 'vault' | 'now'>,
  id: string,
  { items, to, reason, by }: z.infer<typeof moveRequestSchema>,
  { actor, ifVersion }: ClusterChangeOptions,
): Promise<Moved> {
  if (to?.toLowerCase() === id.toLowerCase())
    throw refusal('/to', 'is the cluster in which the items are; name another one');
  const occasion = occasionOf(context, actor, by);
  const why = { reason: reason === undefined ? null : masked(reason), by: occasion.person };
  return await context.database.kysely.transaction().execute(async (tx) => {
    await lockClusters(tx);
    const [source, target] = await holdClusters(tx, to === null ? [id] : [id, to], { ifVersion, pointer: '/to' });
    const rest = await takeSelection(tx, source.id, items);
    const superseded = await recordDecision(tx, { kind: 'apart', items, from: rest }, { ...occasion, moved: items });
    if (target === undefined) await tx.deleteFrom('cluster_member').where('feedback_id', 'in', items).execute();
    else {
      const joined = await listMemberIds(tx, target.id);
      const kept = target.quotes.filter((one) => joined.includes(one));
      const anchors = [...new Set([...kept, ...joined])].slice(0, ANCHORS);
      superseded.push(
        ...(await recordDecision(
          tx,
          { kind: 'together', items: [...items, ...anchors] },
          { ...occasion, moved: items, joined },
        )),
      );
      await assignTo(tx, items, target.id, occasion.at);
    }
    await refreshNow(tx, context, target === undefined ? [source.id] : [source.id, target.id]);
    const change = { items: items.length, ...why, superseded: superseded.map((one) => one.id) };
    if (target !== undefined)
      await applyClusterChange(
        tx,
        target,
        { action: 'cluster.items_added', change: { from: source.id, ...change }, set: {} },
        occasion,
      );
    if (target !== undefined) await reopenRegressed(tx, occasion, [target.id]);
    const moved = { action: 'cluster.items_moved', change: { to: target?.id ?? null, ...change }, set: {} };
    return { cluster: await applyClusterChange(tx, source, moved, occasion), superseded };
  });
}

/**
 * Checks a selection of the members of a cluster.
 *
 * @returns the members that are not selected
 * @throws AppError `invalid_input` naming the items that are not in it, or when nothing would be left
 */
export async function takeSelection(
  tx: Transaction<Tables>,
  cluster: string,
  selected: readonly string[],
): Promise<string[]> {
  const members = new Set(await listMemberIds(tx, cluster));
  const errors = selected.flatMap((id, at) =>
    members.has(id)
      ? []
      : [{ pointer: `/items/${at}`, message: 'is not in this cluster; GET …/items lists its items' }],
  );
  if (errors.length > 0) throw new AppError('invalid_input', 'Some items are not in this cluster.', { errors });
  for (const id of selected) members.delete(id);
  if (members.size === 0)
    throw refusal('/items', 'must leave at least one item; to make all of it part of another cluster, merge it');
  return [...members];
}

/** Puts members of one cluster into another. */
export async function assignTo(
  tx: Transaction<Tables>,
  items: readonly string[],
  cluster: string,
  at: Date,
): Promise<void> {
  await tx
    .updateTable('cluster_member')
    .set({ cluster_id: cluster, joined_at: at, joined_by: 'person', similarity: null })
    .where('feedback_id', 'in', items)
    .execute();
}

function refusal(pointer: string, message: string): AppError {
  return new AppError('invalid_input', `The request ${message}.`, { errors: [{ pointer, message }] });
}
