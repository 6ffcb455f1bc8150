import { validate as isUuid } from 'uuid';
import { AppError } from '../errors.js';
import { decisionSchema } from '../triage/decision.js';
import { toView } from './rows.js';
/**
 * One item with its current decision and all earlier ones.
 *
 * @throws AppError `not_found`
 */
export async function getFeedback({ database }, id) {
    const missing = new AppError('not_found', 'There is no feedback with this id.');
    if (!isUuid(id))
        throw missing;
    const [row, decisions] = await Promise.all([
        database.kysely.selectFrom('feedback').selectAll().where('id', '=', id).executeTakeFirst(),
        database.kysely.selectFrom('decision').selectAll().where('feedback_id', '=', id).orderBy('id').execute(),
    ]);
    const current = decisions.find((decision) => decision.id === row?.decision_id);
    if (row === undefined || current === undefined)
        throw missing;
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
//# sourceMappingURL=get.js.map