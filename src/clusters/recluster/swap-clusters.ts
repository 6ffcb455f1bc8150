import { sql, type Transaction } from 'kysely';
import type { Tables } from '../../db/tables.ts';
import type { Occasion } from '../work/by-person.ts';
import { lockClusters } from '../work/change-cluster.ts';
import { reopenRegressed } from '../work/reopen-fixed.ts';
import { keepDescriptions } from './keep-descriptions.ts';
import { keepLineage, retireEmpty } from './keep-lineage.ts';
import { planMoves } from './plan-moves.ts';
import { readMembers } from './read-recluster.ts';
import type { ReclusterOutput } from './recluster-input.ts';

export interface SwapInput {
  readonly output: ReclusterOutput;
  /** The cluster of every item when the run began. */
  readonly before: ReadonlyMap<string, string>;
  /** The newest decision of people that the run has heeded. */
  readonly constraint: string | undefined;
  readonly run: string;
}

const CHUNK = 1_000;

/**
 * Puts what a run has found in the place of what there is. Items that came, or were moved, meanwhile stay where they
 * are; where their cluster went into another, they go with it.
 *
 * @returns false, and nothing has changed, when people have decided something since the run began
 */
export async function swapClusters(
  tx: Transaction<Tables>,
  input: SwapInput,
  occasion: Pick<Occasion, 'actor' | 'at'>,
): Promise<boolean> {
  await lockClusters(tx);
  const newest = await tx.selectFrom('cluster_constraint').select('id').orderBy('id', 'desc').executeTakeFirst();
  if (newest?.id !== input.constraint) return false;
  const live = await tx
    .selectFrom('cluster')
    .select(['id', 'version', 'named_by_person', 'named_items', 'title_zh', 'title_en'])
    .where('retired_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute();
  const { output, before } = input;
  const now = await readMembers(tx);
  const moves = planMoves({ output, before, now });
  await keepDescriptions(tx, output.described, live, occasion);
  await removeMembers(tx, moves.leave);
  await moveMembers(tx, moves.join, occasion.at);
  await reopenRegressed(tx, occasion);
  const retired = new Set(await retireEmpty(tx, output.lineage, occasion));
  await keepLineage(tx, output.lineage, { ...occasion, run: input.run, retired });
  return true;
}

async function removeMembers(tx: Transaction<Tables>, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += CHUNK)
    await tx
      .deleteFrom('cluster_member')
      .where('feedback_id', 'in', ids.slice(at, at + CHUNK))
      .execute();
}

/** Items that are erased at this moment are passed over; one that is about to be waits until they have moved. */
async function moveMembers(tx: Transaction<Tables>, moves: readonly (readonly [string, string])[], at: Date) {
  for (let start = 0; start < moves.length; start += CHUNK) {
    const part = moves.slice(start, start + CHUNK);
    await sql`
      insert into cluster_member (feedback_id, cluster_id, joined_at, joined_by)
      select f.id, u.cluster::uuid, ${at}::timestamptz, 'recluster'
      from unnest(${part.map(([id]) => id)}::text[], ${part.map(([, cluster]) => cluster)}::text[]) as u (item, cluster)
      join (select id from feedback where id = any(${part.map(([id]) => id)}::uuid[]) order by id for key share) as f
        on f.id = u.item::uuid
      on conflict (feedback_id) do update
        set cluster_id = excluded.cluster_id, joined_at = excluded.joined_at, joined_by = excluded.joined_by,
          similarity = null`.execute(tx);
  }
}
