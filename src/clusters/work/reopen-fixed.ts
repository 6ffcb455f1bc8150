import type { Transaction } from 'kysely';
import type { Tables } from '../../db/tables.ts';
import type { Actor } from '../../feedback/actor.ts';
import { applyClusterChange, lockCluster } from './change-cluster.ts';

/** Takes a known issue that was fixed up again, because an item reports what happened after the fix. */
export async function reopenFixed(
  tx: Transaction<Tables>,
  id: string,
  item: { readonly id: string; readonly at: number },
  { actor, at }: { readonly actor: Actor; readonly at: Date },
): Promise<void> {
  const row = await lockCluster(tx, id);
  if (row.issue_status !== 'fixed' || item.at < (row.fixed_at?.getTime() ?? 0)) return;
  await applyClusterChange(
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
