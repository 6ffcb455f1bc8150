import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { storable } from '../text/storable.ts';
import { isOpen } from '../triage/lifecycle.ts';
import { redact } from '../triage/redact.ts';
import { applyChange, type ChangeOptions, checkVersion } from './change-item.ts';
import { slaOf } from './deadline-columns.ts';
import { lockRow } from './find-item.ts';
import { closeInSteps } from './follow-up.ts';
import { refuseMerged } from './merged.ts';
import { toView } from './rows.ts';
import { toStep } from './transition.ts';
import type { FeedbackView } from './view.ts';

const MAX_COMMENT = 2_000;
/** The highest score that says the solution was none (CSAT: 1 and 2 are dissatisfied). */
const DISSATISFIED = 2;
const REASONS = {
  solved: 'The customer says that it is solved.',
  unsolved: 'The customer says that it is not solved.',
};

export const satisfactionRequestSchema = z
  .strictObject({
    score: z.int().min(1).max(5).describe('How the customer found it, 1 to 5; 5 is best.'),
    solved: z.boolean().describe('Whether it is solved, in the customer’s words.'),
    comment: storable(z.string().min(1, 'must not be empty').max(MAX_COMMENT))
      .optional()
      .describe('What the customer adds. Personal data is masked.'),
  })
  .meta({ id: 'SatisfactionRequest' });
export type SatisfactionRequest = z.infer<typeof satisfactionRequestSchema>;

/**
 * Keeps what a customer says of a solution. Not solved, or a score of 1 or 2, opens the item again; anything else ends
 * it. Every answer is kept; the item shows the last one about its present solution.
 *
 * @throws AppError `not_found`, `conflict` for a merged item, `precondition_failed`, `transition_not_allowed` for an item
 *   that is not resolved
 */
export async function rateSolution(
  context: Context,
  id: string,
  { score, solved, comment }: SatisfactionRequest,
  { actor, ifVersion }: ChangeOptions,
): Promise<FeedbackView> {
  const masked = comment === undefined ? null : redact(comment).masked.text;
  const isFine = solved && score > DISSATISFIED;
  const row = await context.database.kysely.transaction().execute(async (tx) => {
    const item = await lockRow(tx, id);
    await refuseMerged(tx, item);
    checkVersion(item.version, ifVersion);
    if (isOpen(item.status))
      throw new AppError('transition_not_allowed', `The item is \`${item.status}\`; only a solution can be rated.`);
    const occasion = { actor, at: context.now() };
    const answered = { id: uuidv7(), feedback_id: item.id, at: occasion.at, score, solved, comment: masked };
    const rated = await applyChange(
      tx,
      item,
      {
        action: 'feedback.rated',
        change: { satisfaction_id: answered.id, score, solved, comment: masked },
        set: { satisfaction: score, follow_up_at: null },
        also: () =>
          tx
            .insertInto('satisfaction')
            .values({ ...answered, actor: JSON.stringify(actor) })
            .execute(),
      },
      occasion,
    );
    const sla = await slaOf(context, tx, rated.sla_version);
    if (isFine) return await closeInSteps(tx, sla, rated, { ...occasion, reason: REASONS.solved });
    const step = { to: 'assigned', mover: 'customer', reason: REASONS.unsolved, person: null } as const;
    return await applyChange(tx, rated, toStep(sla, rated, step, occasion), occasion);
  });
  return toView(row);
}
