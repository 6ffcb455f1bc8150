import type { Transaction, Updateable } from 'kysely';
import type { Context } from '../context.ts';
import type { FeedbackTable, Tables } from '../db/tables.ts';
import { throwIfCancelled } from '../errors.ts';
import type { Sla } from '../triage/sla.ts';
import { deriveTellings, type Sweep, type Telling } from '../triage/sla-sweep.ts';
import { deadlineColumns, slaOf, toSweptItem } from './deadline-columns.ts';
import type { FeedbackRow } from './find-item.ts';
import { tellDeadlines } from './tell-deadlines.ts';

/** Items of one transaction: what others wait for, and what is done again when it is cut off. */
const BATCH = 50;
/** What one run does at most, so that other jobs get their turn after a long standstill. */
const RUN_ITEMS = 2_000;
/** After which an item that could not be counted with is tried again. */
const PUT_OFF_MS = 3_600_000;

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
      const batch = await context.database.kysely.transaction().execute((tx) => sweepBatch(context, tx, size));
      for (const { what } of batch.flat()) told[what] += 1;
      done += batch.length;
      if (batch.length < size) return false;
    }
    return true;
  } finally {
    if (told.warned + told.breached > 0) context.logger.info(told, 'deadlines were told of');
  }
}

/** What was told, item by item. */
async function sweepBatch(context: Context, tx: Transaction<Tables>, size: number): Promise<readonly Telling[][]> {
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
  const told: Telling[][] = [];
  for (const row of rows) {
    const plan = planRow(context, await slaOf(context, tx, row.sla_version), row, now);
    await carryOut(tx, row, plan, now);
    told.push([...(plan?.sweep.tellings ?? [])]);
  }
  return told;
}

interface Plan {
  readonly sweep: Sweep;
  readonly set: Updateable<FeedbackTable>;
  readonly escalatedTo?: string | undefined;
}

/** An item that cannot be counted with is put off and logged, so that it does not hold up all others. */
function planRow({ logger }: Context, sla: Sla, row: FeedbackRow, now: Date): Plan | undefined {
  try {
    const item = toSweptItem(row);
    const sweep = deriveTellings(sla, item, now);
    const queue = deriveTakeOver(sweep, sla.promisesFor(item.priority, item.facts).escalateTo) ?? row.queue;
    const set = { ...deadlineColumns(sla, { ...sweep.item, facts: { ...item.facts, queue } }), queue };
    return { sweep, set, escalatedTo: queue === row.queue ? undefined : queue };
  } catch (error) {
    logger.error({ err: error, feedbackId: row.id }, 'the deadlines of an item cannot be worked out');
    return undefined;
  }
}

async function carryOut(tx: Transaction<Tables>, row: FeedbackRow, plan: Plan | undefined, now: Date): Promise<void> {
  const news = { at: now, tellings: plan?.sweep.tellings ?? [], escalatedTo: plan?.escalatedTo };
  const written = await tellDeadlines(tx, row, news);
  await tx
    .updateTable('feedback')
    .set(plan?.set ?? { sweep_at: new Date(now.getTime() + PUT_OFF_MS) })
    .set(written === 0 ? {} : { version: row.version + written, updated_at: now })
    .where('id', '=', row.id)
    .execute();
}

/** The queue that takes over: where a deadline was missed that is still open. */
function deriveTakeOver({ tellings, item }: Sweep, escalateTo: string | undefined): string | undefined {
  const isDone = { first_response: item.firstRespondedAt ?? item.resolvedAt, resolution: item.resolvedAt };
  const isMissed = tellings.some(({ what, deadline }) => what === 'breached' && isDone[deadline] === undefined);
  return isMissed ? escalateTo : undefined;
}
