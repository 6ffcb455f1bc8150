import { validate as isUuid } from 'uuid';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { decisionSchema } from '../triage/decision.ts';
import { toView } from './rows.ts';
import type { FeedbackDetail } from './view.ts';

/**
 * One item with its current decision and all earlier ones.
 *
 * @throws AppError `not_found`
 */
export async function getFeedback({ database }: Pick<Context, 'database'>, id: string): Promise<FeedbackDetail> {
  const missing = new AppError('not_found', 'There is no feedback with this id.');
  if (!isUuid(id)) throw missing;
  const [row, decisions] = await Promise.all([
    database.kysely.selectFrom('feedback').selectAll().where('id', '=', id).executeTakeFirst(),
    database.kysely.selectFrom('decision').selectAll().where('feedback_id', '=', id).orderBy('id').execute(),
  ]);
  const current = decisions.find((decision) => decision.id === row?.decision_id);
  if (row === undefined || current === undefined) throw missing;
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
