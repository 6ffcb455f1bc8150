import { type SqlBool, sql, type Transaction } from 'kysely';
import type { Context } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import { applyChange } from '../feedback/change-item.ts';
import type { FeedbackRow } from '../feedback/find-item.ts';
import { isWaiting } from '../feedback/waiting.ts';
import { type Assignment, planAssignments, type WaitingItem, type Worker } from '../triage/assignment.ts';
import type { Routing } from '../triage/routing.ts';
import { PRIORITIES, type Priority } from '../triage/rules.ts';
import { moveToEnd, toAssigned } from './hold.ts';
import { tellNobodyAvailable } from './notices.ts';
import { takeBack } from './take-back.ts';
import { listWorkers } from './workers.ts';

const ACTOR = { kind: 'job', name: 'routing.assign' } as const;
/** Items of one transaction, which holds the agents who are there. */
const BATCH = 50;
/** After so many the next run begins with the most urgent ones again. */
const MOST_PER_RUN = 500;

type Source = Pick<Context, 'database' | 'policy' | 'now' | 'logger'>;

/** Behind which item of the order of urgency the next batch begins. */
interface Place {
  readonly priority: string;
  /** Text, because a Date would lose the microseconds. */
  readonly due: string;
  readonly id: string;
}

interface Batch {
  readonly assigned: number;
  readonly next: Place | undefined;
}

/**
 * Gives items that wait to agents who are there, the most urgent first, in batches of one transaction each. Of two
 * replicas at once the second waits for the agents whom the first holds, and leaves out the items that it holds.
 * Without any agents nothing happens.
 *
 * @returns true when it stopped before the end, and another run should begin at the top
 * @throws the signal's reason; AppError of the database
 */
export async function assignWaiting(source: Source, signal: AbortSignal): Promise<boolean> {
  const { kysely } = source.database;
  const anybody = await kysely.selectFrom('agent').select('id').limit(1).executeTakeFirst();
  if (anybody === undefined) return false;
  await takeBack(source, ACTOR);
  let assigned = 0;
  let after: Place | undefined;
  do {
    signal.throwIfAborted();
    const from = after;
    const batch = await kysely.transaction().execute((tx) => assignBatch(tx, source, from));
    assigned += batch.assigned;
    after = batch.next;
  } while (after !== undefined && assigned < MOST_PER_RUN);
  if (assigned > 0) source.logger.info({ assigned }, 'items were given to agents');
  return after !== undefined;
}

async function assignBatch(tx: Transaction<Tables>, source: Source, after: Place | undefined): Promise<Batch> {
  const { routing } = source.policy;
  const workers = await listWorkers(tx, routing.weights);
  if (workers.length === 0) return { assigned: 0, next: undefined };
  const at = source.now();
  const rows = await lockWaiting(tx, routing, workers, { at, after });
  const items = rows.map(toWaitingItem);
  const plan = planAssignments(items, workers, routing.weights);
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const assignment of plan.assigned) {
    const row = byId.get(assignment.item);
    if (row !== undefined) await give(tx, row, assignment, at);
  }
  await moveToEnd(tx, plan.turns, at);
  for (const { item, why } of plan.waiting) {
    const row = byId.get(item);
    if (row !== undefined && isTold(routing, row)) await tellNobodyAvailable(tx, row, why, at);
  }
  const last = rows.length < BATCH ? undefined : rows.at(-1);
  const next = last && { priority: last.priority, due: last.due, id: last.id };
  return { assigned: plan.assigned.length, next };
}

/** Only what somebody could get, or has to be told about: a full house must not be gone through every minute. */
async function lockWaiting(
  tx: Transaction<Tables>,
  { queues }: Routing,
  workers: readonly Worker[],
  { at, after }: { readonly at: Date; readonly after: Place | undefined },
) {
  const present = workers.filter(({ presence }) => presence === 'available');
  const skillsOf = (some: readonly Worker[]) => [...new Set(some.flatMap(({ skills }) => skills))];
  const withRoom = skillsOf(present.filter(({ load, capacity }) => load < capacity));
  const restricted = queues.filter((queue) => queue.restricted).map(({ key }) => key);
  const order = sql<SqlBool>`(priority, first_response_due_at, id)`;
  return await tx
    .selectFrom('feedback')
    .selectAll()
    .select(sql<string>`first_response_due_at::text`.as('due'))
    .where(isWaiting(at))
    // What a person has to look at first waits for that, unless it is urgent.
    .where(
      sql<SqlBool>`(priority in ('P1', 'P2') or (status <> 'prioritised' and (status <> 'assigned' or not needs_review)))`,
    )
    .where(
      sql<SqlBool>`(queue = any(${withRoom}::text[]) or (priority = 'P1' and queue = any(${skillsOf(present)}::text[]))
        or (priority in ('P1', 'P2') and queue = any(${restricted}::text[])))`,
    )
    .$if(after !== undefined, (query) =>
      query.where(sql<SqlBool>`${order} > (${after?.priority}, ${after?.due}::timestamptz, ${after?.id}::uuid)`),
    )
    .orderBy('priority')
    .orderBy('first_response_due_at')
    .orderBy('id')
    .limit(BATCH)
    .forUpdate()
    .skipLocked()
    .execute();
}

async function give(tx: Transaction<Tables>, row: FeedbackRow, assignment: Assignment, at: Date): Promise<void> {
  const { agent, item: _, ...reason } = assignment;
  const by = { actor: ACTOR, at };
  const change = { reason: { skill: row.queue, language: row.language, ...reason } };
  await applyChange(tx, row, toAssigned(row, agent, change, 'machine', by), by);
}

/** Whose queue nobody else may look into: an urgent item must not lie there unseen. */
function isTold({ queues }: Routing, { queue, priority }: FeedbackRow): boolean {
  const isUrgent = priority === 'P1' || priority === 'P2';
  return isUrgent && queues.some(({ key, restricted }) => key === queue && restricted);
}

function toWaitingItem(row: FeedbackRow): WaitingItem {
  const { id, queue, language } = row;
  const times = { dueAt: row.first_response_due_at.getTime(), receivedAt: row.received_at.getTime() };
  return { id, queue, language, priority: priorityOf(row), ...times };
}

function priorityOf({ priority }: FeedbackRow): Priority {
  return PRIORITIES.find((known) => known === priority) ?? 'P4';
}
