import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { type ChangeOptions, changeItem, type ItemChange } from '../feedback/change-item.ts';
import { deadlineColumns, slaOf, toSweptItem } from '../feedback/deadline-columns.ts';
import type { FeedbackRow } from '../feedback/find-item.ts';
import { toView } from '../feedback/rows.ts';
import { safeName } from '../feedback/safe-name.ts';
import { redact } from '../triage/redact.ts';
import { findQueue, isRestricted, type Routing } from '../triage/routing.ts';
import type { AssignedItem, AssignRequest } from './assign-request.ts';
import { claimItem } from './claim.ts';
import { checkTakeable, toUnassigned } from './hold.ts';
import { checkSnooze } from './snooze.ts';

interface Said {
  /** Masked. */
  readonly reason: string | null;
  readonly person: string | null;
}

/**
 * Gives an item to an agent, back to its queue, over to another queue, or out of sight for a while.
 *
 * @throws AppError `not_found`, `invalid_input`, `conflict`, `precondition_failed`
 */
export async function assignItem(
  context: Context,
  id: string,
  { to, take_over = false, queue, snooze_until, reason, by }: AssignRequest,
  options: ChangeOptions,
): Promise<AssignedItem> {
  const said: Said = {
    reason: reason === undefined ? null : redact(reason).masked.text,
    person: by === undefined ? null : safeName(context.vault, by),
  };
  if (to !== undefined) return await claimItem(context, id, { to, takeOver: take_over, ...said }, options);
  const { routing } = context.policy;
  if (queue !== undefined) checkQueue(routing, queue);
  const row = await changeItem(context, id, options, async (before, at, tx) => {
    checkTakeable(before);
    const how = { ...said, actor: options.actor, at };
    if (queue !== undefined) {
      const change = handOver(routing, before, queue, how);
      const sla = await slaOf(context, tx, before.sla_version);
      // Deadlines may be others for the items of a queue.
      const deadlines = deadlineColumns(sla, toSweptItem({ ...before, queue }));
      return change && { ...change, set: { ...change.set, ...deadlines } };
    }
    return snooze_until === undefined ? release(before, how) : snooze(before, snooze_until, how);
  });
  return { ...toView(row), warnings: [] };
}

interface How extends Said {
  readonly actor: ChangeOptions['actor'];
  readonly at: Date;
}

function release(row: FeedbackRow, { reason, person, ...by }: How): ItemChange | undefined {
  if (row.assignee === null) return undefined;
  const change = { from: row.assignee, reason, by: person };
  return toUnassigned(row, { action: 'feedback.released', change, set: {} }, 'person', by);
}

/** The queue is settled: it stays when the item is decided again. Whoever takes it over sees it at once. */
function handOver(
  routing: Routing,
  row: FeedbackRow,
  queue: string,
  { reason, person, ...by }: How,
): ItemChange | undefined {
  if (reason === null && isRestricted(routing, row.queue) && !isRestricted(routing, queue))
    throw needsReason(row.queue);
  const isThere = row.queue === queue && row.settled.queue === queue;
  if (isThere && row.assignee === null && row.snoozed_until === null) return undefined;
  const change = { from: row.queue, to: queue, assignee: row.assignee, reason, by: person };
  const settled = JSON.stringify({ ...row.settled, queue });
  const set = { queue, settled, snoozed_until: null };
  return toUnassigned(row, { action: 'feedback.handed_over', change, set }, 'person', by);
}

function snooze(row: FeedbackRow, until: string | null, { reason, person, at }: How): ItemChange | undefined {
  const time = until === null ? null : new Date(until);
  if (time?.getTime() === row.snoozed_until?.getTime()) return undefined;
  if (time !== null) checkSnooze(row, time, at);
  const change = { from: row.snoozed_until, until: time, reason, by: person };
  return { action: 'feedback.snoozed', change, set: { snoozed_until: time } };
}

/** @throws AppError `invalid_input` with the queues there are */
function checkQueue(routing: Routing, queue: string): void {
  if (findQueue(routing, queue) !== undefined) return;
  const known = routing.queues.map(({ key }) => key).join(', ');
  throw new AppError('invalid_input', 'Not accepted: /queue.', {
    errors: [{ pointer: '/queue', message: `is no queue; must be one of: ${known}` }],
  });
}

function needsReason(queue: string): AppError {
  return new AppError('invalid_input', `The queue ${queue} is restricted: what leaves it needs a reason.`, {
    errors: [{ pointer: '/reason', message: `is needed, because the item leaves the restricted queue ${queue}` }],
  });
}
