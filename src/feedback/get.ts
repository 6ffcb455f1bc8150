import { validate as isUuid } from 'uuid';
import type { Context } from '../context.ts';
import { decisionSchema } from '../triage/decision.ts';
import { getRow, noSuchItem } from './find-item.ts';
import { toView } from './rows.ts';
import type { FeedbackDetail } from './view.ts';

/**
 * One item with its current decision and all earlier ones.
 *
 * @throws AppError `not_found`
 */
export async function getFeedback({ database }: Pick<Context, 'database'>, id: string): Promise<FeedbackDetail> {
  if (!isUuid(id)) throw noSuchItem();
  const [row, decisions] = await Promise.all([
    getRow(database.kysely, id),
    database.kysely.selectFrom('decision').selectAll().where('feedback_id', '=', id).orderBy('id').execute(),
  ]);
  const current = decisions.find((decision) => decision.id === row.decision_id);
  if (current === undefined) throw noSuchItem();
  return {
    ...toView(row),
    decision: decisionSchema.parse(current.decision),
    decisions: decisions.map((decision) => ({
      id: decision.id,
      created_at: decision.created_at.toISOString(),
      actor: decision.actor,
      decision: decisionSchema.parse(decision.decision),
    })),
  };
}
