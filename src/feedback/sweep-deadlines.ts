import type { Transaction } from 'kysely';
import type { Context } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import { throwIfCancelled } from '../errors.ts';
import { deriveTellings, type Sweep } from '../triage/sla-sweep.ts';
import { deadlineColumns, slaOf, toSweptItem } from './deadline-columns.ts';
import type { FeedbackRow } from './find-item.ts';
import { tellDeadlines } from './tell-deadlines.ts';

/** Items of one transaction: what others wait for, and what is done again when it is cut off. */
const BATCH = 50;
/** What one run does at most, so that other jobs get their turn after a long standstill. */
const RUN_ITEMS = 2_000;

export interface SweepLimit {
  readonly batch: number;
  readonly items: number;
}

/**
 * Looks at every item whose moment has come, what has waited longest first: warnings and breaches are told once, and a
 * missed deadline hands the item over where the policy names a queue for it. Several replicas may do it at once: each
 * takes what no other holds.
 *
 * @returns true when there is more to do than one run may
 * @throws AppError `cancelled`, or one of the database; what whole batches have done stays
 */
export async function sweepDeadlines(
  context: Context,
  signal: AbortSignal,
  limit: SweepLimit = { batch: BATCH, items: RUN_ITEMS },
): Promise<boolean> {
  const told = { warned: 0, breached: 0 };
  let done = 0;
  try {
    while (done < limit.items) {
      throwIfCancelled(signal);
      const size = Math.min(limit.batch, limit.items - done);
      const sweeps = await context.database.kysely.transaction().execute((tx) => sweepBatch(context, tx, size));
      for (const { what } of sweeps.flatMap(({ tellings }) => tellings)) told[what] += 1;
      done += sweeps.length;
      if (sweeps.length < size) return false;
    }
    return true;
  } finally {
    if (told.warned + told.breached > 0) context.logger.info(told, 'deadlines were told of');
  }
}

async function sweepBatch(context: Context, tx: Transaction<Tables>, size: number): Promise<Sweep[]> {
  const now = context.now();
  const rows = await tx
    .selectFrom('feedback')
    .selectAll()
    .where('sweep_at', '<', now)
    .orderBy('sweep_at')
    .orderBy('id')
    .limit(size)
    .forUpdate()
    .skipLocked()
    .execute();
  const sweeps: Sweep[] = [];
  for (const row of rows) sweeps.push(await sweepRow(context, tx, row, now));
  return sweeps;
}

async function sweepRow(context: Context, tx: Transaction<Tables>, row: FeedbackRow, now: Date): Promise<Sweep> {
  const sla = slaOf(context);
  const item = toSweptItem(row);
  const sweep = deriveTellings(sla, item, now);
  const queue = deriveTakeOver(sweep, sla.promisesFor(item.priority, item.facts).escalateTo) ?? row.queue;
  const escalatedTo = queue === row.queue ? undefined : queue;
  const written = await tellDeadlines(tx, row, { at: now, tellings: sweep.tellings, escalatedTo });
  const facts = { ...item.facts, queue };
  await tx
    .updateTable('feedback')
    .set({ ...deadlineColumns(sla, { ...sweep.item, facts }), queue })
    .set(written === 0 ? {} : { version: row.version + written, updated_at: now })
    .where('id', '=', row.id)
    .execute();
  return sweep;
}

/** The queue that takes over: where a deadline was missed that is still open. */
function deriveTakeOver({ tellings, item }: Sweep, escalateTo: string | undefined): string | undefined {
  const isDone = { first_response: item.firstRespondedAt ?? item.resolvedAt, resolution: item.resolvedAt };
  const isMissed = tellings.some(({ what, deadline }) => what === 'breached' && isDone[deadline] === undefined);
  return isMissed ? escalateTo : undefined;
}
