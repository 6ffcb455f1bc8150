import type { Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';
import { storable } from '../text/storable.ts';
import type { Decision } from '../triage/decision.ts';
import { CHANNELS, customerSchema } from '../triage/facts.ts';
import { isOpen } from '../triage/lifecycle.ts';
import { applyChange, type ChangeOptions, checkVersion, type ItemChange } from './change-item.ts';
import { type Classified, classify } from './classify.ts';
import { slaOf } from './deadline-columns.ts';
import { type FeedbackRow, getRow, lockRow } from './find-item.ts';
import { closeInSteps } from './follow-up.ts';
import { refuseMerged } from './merged.ts';
import { raiseItem, urgencyOf } from './raise-item.ts';
import { toView } from './rows.ts';
import { toStep } from './transition.ts';
import type { FeedbackView } from './view.ts';

type Occasion = Pick<ChangeOptions, 'actor'> & { readonly at: Date };

const MAX_COMMENT = 2_000;
/** The highest score that says the solution was none (CSAT: 1 and 2 are dissatisfied). */
const DISSATISFIED = 2;
const REASONS = {
  solved: 'The customer says that it is solved.',
  unsolved: 'The customer says that it is not solved.',
  danger: 'The customer’s comment tells of a danger.',
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

/** The answer as it is kept, with what is read from its comment. */
interface Answer extends Omit<SatisfactionRequest, 'comment'> {
  readonly id: string;
  /** Masked. */
  readonly comment: string | null;
  readonly decision: Decision | undefined;
}

/**
 * Keeps what a customer says of a solution. Not solved, a score of 1 or 2, or a comment that tells of a danger opens the
 * item again, and makes it as urgent as the comment is; anything else ends it. Every answer is kept; the item shows the
 * last one about its present solution.
 *
 * @throws AppError `not_found`, `conflict` for a merged item, `precondition_failed`, `transition_not_allowed` for an item
 *   that is not resolved, and those of the encoder
 */
export async function rateSolution(
  context: Context,
  id: string,
  { comment, ...said }: SatisfactionRequest,
  { actor, ifVersion, signal }: ChangeOptions & { readonly signal?: AbortSignal | undefined },
): Promise<FeedbackView> {
  const db = context.database.kysely;
  const read = comment === undefined ? undefined : await readComment(context, await getRow(db, id), comment, signal);
  const masked = read?.document.masked.text ?? null;
  const answer: Answer = { ...said, id: uuidv7(), comment: masked, decision: read?.decision };
  const row = await db.transaction().execute(async (tx) => {
    const item = await lockRow(tx, id);
    await refuseMerged(tx, item);
    checkVersion(item.version, ifVersion);
    if (isOpen(item.status))
      throw new AppError('transition_not_allowed', `The item is \`${item.status}\`; only a solution can be rated.`);
    const occasion = { actor, at: context.now() };
    const rated = await applyChange(tx, item, toRated(item, answer, occasion), occasion);
    return await moveOn(tx, context, rated, answer, occasion);
  });
  return toView(row);
}

async function readComment(
  context: Context,
  item: FeedbackRow,
  text: string,
  signal: AbortSignal | undefined,
): Promise<Classified> {
  const customer = customerSchema.parse(item.customer_facts);
  return await classify(context, { text, channel: z.enum(CHANNELS).parse(item.channel), customer }, { signal });
}

function toRated({ id }: FeedbackRow, { decision: _, ...answer }: Answer, { actor, at }: Occasion): ItemChange {
  const { id: satisfaction_id, ...said } = answer;
  return {
    action: 'feedback.rated',
    change: { satisfaction_id, ...said },
    set: { satisfaction: answer.score, follow_up_at: null },
    also: (tx) =>
      tx
        .insertInto('satisfaction')
        .values({ ...answer, feedback_id: id, at, actor: JSON.stringify(actor) })
        .execute(),
  };
}

/** Ends the item, or opens it again. */
async function moveOn(
  tx: Transaction<Tables>,
  context: Context,
  rated: FeedbackRow,
  { id, score, solved, decision }: Answer,
  occasion: Occasion,
): Promise<FeedbackRow> {
  const sla = await slaOf(context, tx, rated.sla_version);
  const isFine = solved && score > DISSATISFIED;
  const isDanger = decision !== undefined && tellsOfDanger(decision);
  if (isFine && !isDanger) return await closeInSteps(tx, sla, rated, { ...occasion, reason: REASONS.solved });
  const reason = isFine ? REASONS.danger : REASONS.unsolved;
  const step = { to: 'assigned', mover: 'customer', reason, person: null } as const;
  const reopened = await applyChange(tx, rated, toStep(sla, rated, step, occasion), occasion);
  if (decision === undefined) return reopened;
  return await raiseItem(tx, context, reopened, urgencyOf('comment', id, decision), occasion);
}

/** By the words: that a customer wrote for the third time is no danger in itself. */
function tellsOfDanger({ risk_flags, priority }: Decision): boolean {
  return risk_flags.length > 0 && (priority === 'P1' || priority === 'P2');
}
