import type { Transaction } from 'kysely';
import type { Tables } from '../db/tables.ts';
import type { Telling } from '../triage/sla-sweep.ts';
import type { Actor } from './actor.ts';
import type { FeedbackRow } from './find-item.ts';
import { recordChange } from './record-change.ts';

const ACTOR: Actor = { kind: 'job', name: 'deadlines.sweep' };

export interface DeadlineNews {
  readonly at: Date;
  readonly tellings: readonly Telling[];
  /** Queue that takes over, where one does. */
  readonly escalatedTo?: string | undefined;
}

/**
 * Writes an event and an audit entry per telling; one that has been told, by a repeated run for instance, is left out.
 * The caller holds the row.
 *
 * @returns how many entries were written: by so much the item's version grows
 */
export async function tellDeadlines(
  tx: Transaction<Tables>,
  { id, priority, queue, status }: Pick<FeedbackRow, 'id' | 'priority' | 'queue' | 'status'>,
  { at, tellings, escalatedTo }: DeadlineNews,
): Promise<number> {
  let written = 0;
  for (const { what, deadline, dueAt } of tellings) {
    const action = `deadline.${what}`;
    const escalated_to = what === 'breached' ? (escalatedTo ?? null) : null;
    const change = { deadline, due_at: dueAt.toISOString(), priority, queue, status, escalated_to };
    const facts = { at, actor: ACTOR, action, subjectKind: 'feedback', subjectId: id, change };
    if (await recordChange(tx, { ...facts, once: true })) written += 1;
  }
  return written;
}
