import { sql, type Transaction } from 'kysely';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { Tables } from '../../db/tables.ts';
import { AppError } from '../../errors.ts';
import { person, remark } from '../../feedback/request-fields.ts';
import { holdClusters } from '../find-cluster.ts';
import { addLineage } from '../recluster/keep-lineage.ts';
import { closeLost, keyOf } from '../trend/alerts.ts';
import { refreshNow } from '../trend/refresh-now.ts';
import { masked, type Occasion, occasionOf } from './by-person.ts';
import { applyClusterChange, type ClusterChangeOptions, type ClusterRow, lockClusters } from './change-cluster.ts';
import { recordDecision, type Superseded } from './decisions.ts';
import { reopenRegressed } from './reopen-fixed.ts';

export const clusterMergeSchema = z
  .strictObject({
    into: z.uuid().describe('The cluster that stays; it keeps its id, its title and its status.'),
    reason: remark.optional().describe('Why. Personal data is masked.'),
    by: person.optional(),
  })
  .meta({ id: 'ClusterMergeRequest' });

export interface Merged {
  /** The cluster that stays. */
  readonly cluster: ClusterRow;
  readonly superseded: Superseded[];
}

/**
 * Makes one cluster of two, for ever: no reclustering takes the items of both apart again. The one of the path ends.
 *
 * @throws AppError `not_found`, `invalid_input` for a merge with itself or with nothing, `conflict` for clusters that have
 *   ended, `precondition_failed`
 */
export async function mergeClusters(
  context: Pick<Context, 'database' | 'policy' | 'vault' | 'now'>,
  id: string,
  { into, reason, by }: z.infer<typeof clusterMergeSchema>,
  { actor, ifVersion }: ClusterChangeOptions,
): Promise<Merged> {
  if (into.toLowerCase() === id.toLowerCase()) {
    const message = 'is the cluster itself; name another one';
    throw new AppError('invalid_input', `The other cluster ${message}.`, { errors: [{ pointer: '/into', message }] });
  }
  const occasion = occasionOf(context, actor, by);
  const why = reason === undefined ? null : masked(reason);
  return await context.database.kysely.transaction().execute(async (tx) => {
    await lockClusters(tx);
    const [source, target] = await holdClusters(tx, [id, into], { ifVersion, pointer: '/into' });
    if (target === undefined) throw new Error('the other cluster was not held');
    const joined = await listDistinct(tx, target.id);
    const moved = await listDistinct(tx, source.id);
    const every = await moveMembers(tx, source.id, target.id, occasion.at);
    const superseded = await recordDecision(
      tx,
      { kind: 'together', items: [...joined, ...moved] },
      { ...occasion, moved: every, joined },
    );
    await refreshNow(tx, context, [target.id]);
    const told = { reason: why, by: occasion.person, items: every.length, superseded: superseded.map((one) => one.id) };
    await retire(tx, source, target, { ...told }, occasion);
    const cluster = await applyClusterChange(
      tx,
      target,
      { action: 'cluster.absorbed', change: { cluster: source.id, ...told }, set: inherit(source, target) },
      occasion,
    );
    const [reopened] = await reopenRegressed(tx, occasion, [target.id]);
    return { cluster: reopened ?? cluster, superseded };
  });
}

/** The members, of equal texts one: copies follow the one that is named. */
async function listDistinct(tx: Transaction<Tables>, cluster: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('cluster_member')
    .innerJoin('feedback', 'feedback.id', 'feedback_id')
    .distinctOn(sql`md5(body)`)
    .select('feedback_id')
    .where('cluster_id', '=', cluster)
    .orderBy(sql`md5(body)`)
    .orderBy('feedback_id')
    .execute();
  return rows.map(({ feedback_id }) => feedback_id);
}

async function moveMembers(tx: Transaction<Tables>, from: string, to: string, at: Date): Promise<string[]> {
  const rows = await tx
    .updateTable('cluster_member')
    .set({ cluster_id: to, joined_at: at, joined_by: 'person', similarity: null })
    .where('cluster_id', '=', from)
    .returning('feedback_id')
    .execute();
  return rows.map(({ feedback_id }) => feedback_id);
}

async function retire(
  tx: Transaction<Tables>,
  source: ClusterRow,
  target: ClusterRow,
  told: Readonly<Record<string, unknown>> & { readonly items: number },
  { actor, at }: Occasion,
): Promise<void> {
  const set = { retired_at: at, items: 0, customers: 0 };
  const change = { into: target.id, ...told };
  await applyClusterChange(tx, source, { action: 'cluster.merged', change, set }, { actor, at });
  const lineage = { kind: 'merged_into', cluster: source.id, other: target.id, items: told.items } as const;
  await addLineage(tx, lineage, { actor, at });
  await closeLost(tx, keyOf({ kind: 'cluster', cluster: source.id }), at);
  // Who was told, and what bursts there were, is asked of the cluster that stays.
  for (const table of ['cluster_told', 'alert'] as const)
    await tx.updateTable(table).set({ cluster_id: target.id }).where('cluster_id', '=', source.id).execute();
}

/** What people said of the one that ends and nobody has said of the one that stays. */
function inherit(source: ClusterRow, target: ClusterRow) {
  const isNew = (language: string) =>
    source.named_by_person.includes(language) && !target.named_by_person.includes(language);
  const languages = ['zh', 'en'].filter(isNew);
  const isIssue = target.issue_status === null && source.issue_status !== null;
  return {
    named_by_person: [...target.named_by_person, ...languages],
    title_zh: languages.includes('zh') ? source.title_zh : target.title_zh,
    title_en: languages.includes('en') ? source.title_en : target.title_en,
    owner: target.owner ?? source.owner,
    ticket: target.ticket ?? source.ticket,
    ...(isIssue && {
      issue_status: source.issue_status,
      issue_note: source.issue_note,
      fixed_in: source.fixed_in,
      fixed_at: source.fixed_at,
      regressed_at: source.regressed_at,
    }),
  };
}
