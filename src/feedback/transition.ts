import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Context } from '../context.ts';
import {
  checkTransition,
  deriveStep,
  isOpen,
  type Mover,
  RESOLUTIONS,
  type Resolution,
  STATUSES,
  type Status,
} from '../triage/lifecycle.ts';
import { redact } from '../triage/redact.ts';
import type { Sla } from '../triage/sla.ts';
import { type ChangeOptions, changeItem, type ItemChange } from './change-item.ts';
import { deadlineColumns, slaOf, toSweptItem } from './deadline-columns.ts';
import type { FeedbackRow } from './find-item.ts';
import { deriveFollowUp } from './follow-up-time.ts';
import { person, remark } from './request-fields.ts';
import { toView } from './rows.ts';
import { safeName } from './safe-name.ts';
import type { FeedbackView } from './view.ts';

export const transitionRequestSchema = z
  .strictObject({
    to: z.enum(STATUSES).describe('Where the item goes.'),
    resolution: z.enum(RESOLUTIONS).optional().describe('How it was resolved; with `resolved` only, and then needed.'),
    reason: remark.optional().describe('Why, for the history. Personal data is masked.'),
    by: person.optional(),
  })
  .superRefine(({ to, resolution }, context) => {
    const isResolved = to === 'resolved';
    if (isResolved === (resolution !== undefined)) return;
    const message = isResolved ? `is needed: one of ${RESOLUTIONS.join(', ')}` : 'is only for `resolved`';
    context.addIssue({ code: 'custom', path: ['resolution'], message });
  })
  .meta({ id: 'TransitionRequest' });
export type TransitionRequest = z.infer<typeof transitionRequestSchema>;

type StepBy = Pick<ChangeOptions, 'actor'> & { readonly at: Date };

export interface Step {
  readonly to: Status;
  readonly mover: Mover;
  readonly resolution?: Resolution | undefined;
  readonly reason: string | null;
  readonly person: string | null;
  /** When to ask the customer, for `resolved`. */
  readonly followUpAt?: Date | null;
  /** What led to it, for the audit. */
  readonly because?: Readonly<Record<string, unknown>>;
}

/**
 * Takes an item to another place of its life.
 *
 * @throws AppError `not_found`, `transition_not_allowed`, `precondition_failed`
 */
export async function transitionFeedback(
  context: Context,
  id: string,
  { to, resolution, reason, by }: TransitionRequest,
  options: ChangeOptions,
): Promise<FeedbackView> {
  const step: Step = {
    to,
    mover: 'person',
    resolution,
    reason: reason === undefined ? null : redact(reason).masked.text,
    person: by === undefined ? null : safeName(context.vault, by),
  };
  const row = await changeItem(context, id, options, async (before, at, tx) => {
    const sla = await slaOf(context, tx, before.sla_version);
    const followUpAt = deriveFollowUp(before, at, context.config);
    return toStep(sla, before, { ...step, followUpAt }, { actor: options.actor, at });
  });
  return toView(row);
}

/** The change that a step makes. @param sla the item's own @throws AppError `transition_not_allowed` */
export function toStep(sla: Sla, row: FeedbackRow, step: Step, by: StepBy): ItemChange {
  const { pauses, ...set } = deriveStep(row, step.to, by.at, step.resolution);
  const change = toUntimedStep(row, step, by);
  return { ...change, set: { ...change.set, ...deadlineColumns(sla, toSweptItem({ ...row, ...set, pauses })) } };
}

/** The change of a step that leaves all deadlines as they are. @throws AppError `transition_not_allowed` */
export function toUntimedStep(row: FeedbackRow, step: Step, { actor, at }: StepBy): ItemChange {
  const { to, mover, resolution, reason, person: who } = step;
  const from = row.status;
  checkTransition(from, to, mover);
  const { pauses, ...set } = deriveStep(row, to, at, resolution);
  const followUp = { follow_up_at: to === 'resolved' ? (step.followUpAt ?? null) : null, follow_up_asked_at: null };
  return {
    action: !isOpen(from) && isOpen(to) ? 'feedback.reopened' : 'feedback.transitioned',
    change: { from, to, resolution: resolution ?? null, reason, by: who, ...step.because },
    set: { ...set, ...followUp, pauses: JSON.stringify(pauses) },
    also: (tx) =>
      tx
        .insertInto('transition')
        .values({
          id: uuidv7(),
          feedback_id: row.id,
          at,
          from_status: from,
          to_status: to,
          actor: JSON.stringify(actor),
          person: who,
          reason,
        })
        .execute(),
  };
}
