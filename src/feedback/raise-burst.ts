import type { Transaction } from 'kysely';
import type { Context } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import { isOpen } from '../triage/lifecycle.ts';
import type { Urgent } from '../triage/raised.ts';
import { decideWith, predictFor } from './decide.ts';
import { type FeedbackRow, lockRow } from './find-item.ts';
import { getDecision, raiseItem, urgencyOf } from './raise-item.ts';
import { readStored } from './read-stored.ts';

const ACTOR = { kind: 'job', name: 'clusters.detect_bursts' } as const;

interface OpenAlert {
  readonly id: string;
  readonly cluster_id: string;
  readonly customers: number;
  readonly raised_through: Date | null;
}

/**
 * Makes the items of clusters with a burst more urgent, as the rules say of a matter that so many customers have. Those that join later are decided by the number when they come.
 *
 * @returns how many items were changed
 * @throws the signal's reason; what was done stays, and is not done again
 */
export async function raiseBursts(context: Context, signal: AbortSignal): Promise<number> {
  const db = context.database.kysely;
  const alerts = await db
    .selectFrom('alert')
    .innerJoin('cluster', 'cluster.id', 'cluster_id')
    .select(['alert.id', 'cluster.id as cluster_id', 'customers', 'raised_through'])
    .where('closed_at', 'is', null)
    .orderBy('alert.id')
    .execute();
  let raised = 0;
  for (const alert of alerts) {
    const through = context.now();
    for (const id of await listMembers(context, alert)) {
      signal.throwIfAborted();
      if (await raiseMember(context, id, alert, through)) raised++;
    }
    await db.updateTable('alert').set({ raised_through: through }).where('id', '=', alert.id).execute();
  }
  return raised;
}

async function listMembers({ database }: Context, alert: OpenAlert): Promise<string[]> {
  let query = database.kysely
    .selectFrom('cluster_member')
    .innerJoin('feedback', 'feedback.id', 'feedback_id')
    .select('feedback.id')
    .where('cluster_id', '=', alert.cluster_id)
    .where('merged_into', 'is', null)
    .where('resolved_at', 'is', null);
  if (alert.raised_through !== null) query = query.where('joined_at', '>=', alert.raised_through);
  return (await query.orderBy('feedback.id').execute()).map(({ id }) => id);
}

async function raiseMember(context: Context, id: string, alert: OpenAlert, at: Date): Promise<boolean> {
  const seen = await context.database.kysely.selectFrom('feedback').selectAll().where('id', '=', id).executeTakeFirst();
  if (seen === undefined) return false;
  const urgent = await urgencyOfBurst(context, seen, alert);
  return await context.database.kysely.transaction().execute(async (tx: Transaction<Tables>) => {
    const row = await lockRow(tx, id);
    if (row.merged_into !== null || !isOpen(row.status)) return false;
    const changed = await raiseItem(tx, context, row, urgent, { actor: ACTOR, at });
    return changed.version > row.version;
  });
}

async function urgencyOfBurst(context: Context, row: FeedbackRow, alert: OpenAlert): Promise<Urgent> {
  const { input, settled } = await getDecision(context.database.kysely, row.decision_id);
  const message = await readStored(context, row, { ...input, reports: Math.max(input.reports, alert.customers) });
  const decision = decideWith(context, message, predictFor(context, message), settled ?? undefined);
  return { ...urgencyOf('burst', alert.id, decision), quote: null };
}
