import type { Transaction } from 'kysely';
import type { Tables } from '../db/tables.ts';
import type { Actor } from '../feedback/actor.ts';
import { applyClusterChange } from './change-cluster.ts';
import { lockCluster } from './cluster-rows.ts';

/** Takes a known issue that was fixed up again, because an item that came later reports it. */
export async function reopenFixed(
  tx: Transaction<Tables>,
  id: string,
  feedbackId: string,
  { actor, at }: { readonly actor: Actor; readonly at: Date },
): Promise<void> {
  const row = await lockCluster(tx, id);
  if (row.issue_status !== 'fixed') return;
  await applyClusterChange(
    tx,
    row,
    {
      action: 'cluster.regressed',
      change: { from: row.issue_status, to: 'investigating', fixed_in: row.fixed_in, feedback_id: feedbackId },
      set: { issue_status: 'investigating', regressed_at: at },
    },
    { actor, at },
  );
}
