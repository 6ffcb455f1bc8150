import { sql, type Transaction } from 'kysely';
import type { Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';
import type { Actor } from '../feedback/actor.ts';
import type { ItemChange } from '../feedback/change-item.ts';
import type { FeedbackRow } from '../feedback/find-item.ts';
import { toUntimedStep } from '../feedback/transition.ts';
import { isOpen, type Mover, type Status } from '../triage/lifecycle.ts';

interface By {
  readonly actor: Actor;
  readonly at: Date;
}

/** The change that gives an item to an agent. One that waited for a person's look has somebody who looks now. */
export function toAssigned(
  row: FeedbackRow,
  agent: string,
  change: ItemChange['change'],
  mover: Mover,
  by: By,
): ItemChange {
  return moved(row, row.status === 'prioritised' ? 'assigned' : undefined, mover, by, {
    action: 'feedback.assigned',
    change: { from: row.assignee, to: agent, ...change },
    set: { assignee: agent, assigned_at: by.at },
  });
}

/** The change after which nobody has an item. Work that had begun waits to be begun again. */
export function toUnassigned(row: FeedbackRow, change: ItemChange, mover: Mover, by: By): ItemChange {
  return moved(row, row.status === 'in_progress' ? 'assigned' : undefined, mover, by, {
    ...change,
    set: { ...change.set, assignee: null, assigned_at: null },
  });
}

/** The change with the step of life that belongs to it. */
function moved(
  row: FeedbackRow,
  to: Status | undefined,
  mover: Mover,
  { actor, at }: By,
  change: ItemChange,
): ItemChange {
  if (to === undefined) return change;
  const step = toUntimedStep(row, { to, mover, reason: null, person: null }, { actor, at });
  return {
    ...change,
    change: { ...change.change, status: { from: row.status, to } },
    set: { ...step.set, ...change.set },
    also: async (tx) => {
      await step.also?.(tx);
      await change.also?.(tx);
    },
  };
}

/** @throws AppError `conflict` for an item that is resolved */
export function checkTakeable({ status }: FeedbackRow): void {
  if (!isOpen(status))
    throw new AppError('conflict', `The item is \`${status}\`; only open items are assigned. Reopen it first.`);
}

/** Puts agents at the end of the order of turns, the last one last; it never runs backwards, whatever the clock does. */
export async function moveToEnd(tx: Transaction<Tables>, ids: readonly string[], at: Date): Promise<void> {
  if (ids.length === 0) return;
  const { latest } = await tx
    .selectFrom('agent')
    .select((row) => row.fn.max<Date | null>('last_assigned_at').as('latest'))
    .executeTakeFirstOrThrow();
  const first = Math.max(at.getTime(), (latest?.getTime() ?? 0) + 1);
  for (const [turn, id] of ids.entries()) {
    await tx
      .updateTable('agent')
      .set({ last_assigned_at: sql<Date>`greatest(last_assigned_at, ${new Date(first + turn)})` })
      .where('id', '=', id)
      .execute();
  }
}
