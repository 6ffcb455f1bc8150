import type { Kysely, Transaction } from 'kysely';
import type { Context } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import { type Decision, decisionSchema } from '../triage/decision.ts';
import { deriveRaisedQueue, doesRaise, raiseDecision } from '../triage/raise.ts';
import { RAISE_NOTES, type Raise, type Urgent } from '../triage/raised.ts';
import { deriveDeadlines, type Sla } from '../triage/sla.ts';
import type { Actor } from './actor.ts';
import { applyChange } from './change-item.ts';
import { deadlineColumns, slaOf, toSweptItem } from './deadline-columns.ts';
import { decidedColumns } from './decided-columns.ts';
import { decisionRow } from './decision-row.ts';
import type { FeedbackRow } from './find-item.ts';

/**
 * Makes an item more urgent for what came later, where that is more urgent: a new decision above the one in force, with
 * the reason and the customer's words in the audit. Nothing is ever lowered.
 *
 * @param row locked by the transaction
 * @returns the row as it is afterwards
 */
export async function raiseItem(
  tx: Transaction<Tables>,
  engine: Pick<Context, 'policy' | 'config'>,
  row: FeedbackRow,
  urgent: Urgent,
  { actor, at }: { readonly actor: Actor; readonly at: Date },
): Promise<FeedbackRow> {
  const before = await getDecision(tx, row.decision_id);
  if (!doesRaise(before, urgent)) return row;
  const sla = await slaOf(engine, tx, row.sla_version);
  const { routing } = engine.policy;
  const queue = deriveRaisedQueue(routing, before, urgent);
  const decision = raiseDecision(routing, before, withDeadlines(sla, { ...row, queue }, urgent, at));
  const kept = decisionRow(row.id, decision, { actor, at });
  const deadlines = deadlineColumns(sla, toSweptItem({ ...row, priority: decision.priority, queue }));
  const change = {
    from: before.priority,
    to: decision.priority,
    risk_flags: decision.risk_flags.filter((flag) => !before.risk_flags.includes(flag)),
    by: urgent.by,
    by_id: urgent.id,
    reason: urgent.note,
    quote: urgent.quote,
    decision_id: kept.id,
  };
  return await applyChange(
    tx,
    row,
    {
      action: 'feedback.raised',
      change,
      set: { ...decidedColumns(decision), ...deadlines, decision_id: kept.id },
      also: () => tx.insertInto('decision').values(kept).execute(),
    },
    { actor, at },
  );
}

/** By when under the new priority, from the receipt of the item; as if what it waits for ended now. */
function withDeadlines(sla: Sla, row: FeedbackRow, urgent: Urgent, at: Date): Raise {
  const { priority } = urgent;
  const item = toSweptItem({ ...row, priority });
  const pauses = item.pauses.map(({ from, to }) => ({ from, to: to ?? at }));
  const { firstResponseAt, resolveAt } = deriveDeadlines(sla, { ...item, pauses });
  return {
    ...urgent,
    first_response_at: firstResponseAt.toISOString(),
    resolve_at: resolveAt?.toISOString() ?? null,
  };
}

/** The decision of this id, which exists. */
export async function getDecision(tx: Kysely<Tables>, id: string): Promise<Decision> {
  const kept = await tx.selectFrom('decision').select('decision').where('id', '=', id).executeTakeFirstOrThrow();
  return decisionSchema.parse(kept.decision);
}

/** What a decision about something that came later says of the item; its quote is the words that weighed most. */
export function urgencyOf(by: Raise['by'], id: string, { priority, risk_flags, urgency }: Decision): Urgent {
  const quote = urgency.reasons.find((reason) => reason.quote !== null)?.quote ?? null;
  return { by, id, priority, risk_flags, score: urgency.score, quote, note: RAISE_NOTES[by] };
}
