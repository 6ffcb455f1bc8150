import type { Kysely, Transaction } from 'kysely';
import type { Context } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import { type Decision, decisionSchema } from '../triage/decision.ts';
import { doesRaise, raiseDecision } from '../triage/raise.ts';
import type { Raise } from '../triage/raised.ts';
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
  raise: Raise,
  { actor, at }: { readonly actor: Actor; readonly at: Date },
): Promise<FeedbackRow> {
  const before = await getDecision(tx, row.decision_id);
  if (!doesRaise(before, raise)) return row;
  const decision = raiseDecision(engine.policy.routing, before, raise);
  const kept = decisionRow(row.id, decision, { actor, at });
  const { priority, queue } = decision;
  const sla = await slaOf(engine, tx, row.sla_version);
  const deadlines = deadlineColumns(sla, toSweptItem({ ...row, priority, queue }));
  const change = {
    from: before.priority,
    to: decision.priority,
    risk_flags: decision.risk_flags.filter((flag) => !before.risk_flags.includes(flag)),
    by: raise.by,
    by_id: raise.id,
    reason: raise.note,
    quote: raise.quote,
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

/** The decision of this id, which exists. */
export async function getDecision(tx: Kysely<Tables>, id: string): Promise<Decision> {
  const kept = await tx.selectFrom('decision').select('decision').where('id', '=', id).executeTakeFirstOrThrow();
  return decisionSchema.parse(kept.decision);
}

/** The words that weighed most in a decision; null where no rule quotes any. */
export function weightiestQuote({ urgency }: Decision): string | null {
  return urgency.reasons.find(({ quote }) => quote !== null)?.quote ?? null;
}
