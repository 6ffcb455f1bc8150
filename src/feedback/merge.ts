import type { Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { BeforeMerge } from '../db/conversation-tables.ts';
import type { Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';
import { checkTransition, deriveStep, isOpen } from '../triage/lifecycle.ts';
import type { Urgent } from '../triage/raised.ts';
import { redact } from '../triage/redact.ts';
import { PRIORITIES } from '../triage/rules.ts';
import type { Actor } from './actor.ts';
import { applyChange, type ChangeOptions, checkVersion, type ItemChange } from './change-item.ts';
import { checkLink } from './change-links.ts';
import { type FeedbackRow, getRow, lockPair } from './find-item.ts';
import { insertLink, touching } from './links.ts';
import { findSpeaker, refuseMerged } from './merged.ts';
import { takeOver } from './owed.ts';
import { getDecision, raiseItem, urgencyOf } from './raise-item.ts';
import { person, remark } from './request-fields.ts';
import { safeName } from './safe-name.ts';

/** Times that a merge is begun anew because its target was merged meanwhile. */
const ATTEMPTS = 5;

export const mergeRequestSchema = z
  .strictObject({
    into: z.uuid().describe('The item that is to speak for this one; where that is merged itself, the end of its way.'),
    reason: remark.describe('Why, for the history. Personal data is masked.'),
    by: person.optional(),
  })
  .meta({ id: 'MergeRequest' });
export type MergeRequest = z.infer<typeof mergeRequestSchema>;

/** Who acts, when and why: the same for both items. */
export interface Occasion {
  readonly actor: Actor;
  readonly at: Date;
  readonly reason: string | null;
  readonly person: string | null;
}

/** An item and the one that speaks, or spoke, for it. */
export interface Pair {
  readonly item: FeedbackRow;
  readonly target: FeedbackRow;
}

/**
 * Lets one item speak for another, which leaves the open work as a duplicate. Where the merged one is more urgent, the
 * target becomes as urgent; where it was promised something for an earlier time, the target keeps that promise.
 *
 * @throws AppError `not_found`, `precondition_failed`, `invalid_input` naming `/into`, `conflict` (merged already, in a
 *   circle, an open item into one that is done), `transition_not_allowed`
 */
export async function mergeFeedback(
  context: Context,
  id: string,
  { into, reason, by }: MergeRequest,
  { actor, ifVersion }: ChangeOptions,
): Promise<Pair> {
  const { database, now, vault } = context;
  if (into.toLowerCase() === id.toLowerCase()) throw refusal('invalid_input', 'must be another item than this one');
  const why = { reason: redact(reason).masked.text, person: by === undefined ? null : safeName(vault, by) };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const merged = await database.kysely.transaction().execute(async (tx) => {
      await getRow(tx, id);
      const speaker = await findSpeaker(tx, into);
      if (speaker === undefined) throw refusal('invalid_input', 'must be the id of a piece of feedback');
      if (speaker === id.toLowerCase()) throw refusal('conflict', 'must not be merged into this one itself');
      const [item, target] = await lockPair(tx, id, speaker);
      await refuseMerged(tx, item);
      checkVersion(item.version, ifVersion);
      return target.merged_into === null
        ? await merge(tx, context, { item, target }, { ...why, actor, at: now() })
        : undefined;
    });
    if (merged !== undefined) return merged;
  }
  throw new AppError('conflict', 'Others are merging the same items at this time. Look at them again.', {
    retryAfter: 1,
  });
}

async function merge(
  tx: Transaction<Tables>,
  context: Context,
  { item, target }: Pair,
  occasion: Occasion,
): Promise<Pair> {
  if (isOpen(item.status) && !isOpen(target.status))
    throw refusal(
      'conflict',
      `must be open, as this one is, but it is ${target.status}; reopen it, or resolve this one as a duplicate`,
    );
  const raise = await raiseOf(tx, item);
  const merged = await applyChange(tx, item, await toMerge(tx, item, target.id, occasion), occasion);
  const change = { item: item.id, reason: occasion.reason, by: occasion.person };
  // The customer who came first is not promised less for it that somebody else speaks for them.
  const set = isOpen(item.status)
    ? await takeOver(context, tx, target, { ...item, pauses: merged.pauses }, occasion.at)
    : {};
  const told = await applyChange(tx, target, { action: 'feedback.absorbed', change, set }, occasion);
  return { item: merged, target: isOpen(told.status) ? await raiseItem(tx, context, told, raise, occasion) : told };
}

async function toMerge(
  tx: Transaction<Tables>,
  item: FeedbackRow,
  into: string,
  { actor, at, reason, person: who }: Occasion,
): Promise<ItemChange> {
  const isStep = isOpen(item.status);
  if (isStep) checkTransition(item.status, 'resolved', 'person');
  const linked = await touching(tx, item.id)
    .select('id')
    .where('from_id', '=', item.id)
    .where('to_id', '=', into)
    .where('kind', '=', 'duplicate_of')
    .executeTakeFirst();
  if (linked === undefined) await checkLink(tx, item.id, into, 'duplicate_of');
  const { pauses, ...step } = isStep ? deriveStep(item, 'resolved', at, 'duplicate') : { pauses: item.pauses };
  const to = isStep ? 'resolved' : item.status;
  return {
    action: 'feedback.merged',
    change: { into, from: item.status, to, reason, by: who },
    set: {
      ...step,
      pauses: JSON.stringify(pauses),
      resolution: 'duplicate',
      follow_up_at: null,
      merged_into: into,
      before_merge: JSON.stringify(snapshot(item)),
    },
    also: async () => {
      if (linked === undefined)
        await insertLink(tx, { from: item.id, to: into, kind: 'duplicate_of', at, actor, person: who });
      if (isStep) await insertStep(tx, item, to, { actor, at, reason, person: who });
    },
  };
}

/** Keeps a step that merging makes, or takes back. */
export async function insertStep(
  tx: Transaction<Tables>,
  { id, status }: Pick<FeedbackRow, 'id' | 'status'>,
  to: string,
  { actor, at, reason, person: who }: Occasion,
): Promise<void> {
  const step = { feedback_id: id, at, from_status: status, to_status: to, reason, person: who };
  await tx
    .insertInto('transition')
    .values({ id: uuidv7(), ...step, actor: JSON.stringify(actor) })
    .execute();
}

function snapshot(item: FeedbackRow): BeforeMerge {
  const text = (time: Date | null) => time?.toISOString() ?? null;
  return {
    status: item.status,
    pauses: item.pauses,
    first_responded_at: text(item.first_responded_at),
    resolved_at: text(item.resolved_at),
    resolution: item.resolution,
    follow_up_at: text(item.follow_up_at),
    follow_up_asked_at: text(item.follow_up_asked_at),
    closed_at: text(item.closed_at),
  };
}

/** How urgent the merged item makes its target; the row knows what came after its decision. */
async function raiseOf(tx: Transaction<Tables>, item: FeedbackRow): Promise<Urgent> {
  return {
    ...urgencyOf('merge', item.id, await getDecision(tx, item.decision_id)),
    priority: z.enum(PRIORITIES).parse(item.priority),
    risk_flags: item.risk_flags,
    score: item.urgency_score,
  };
}

function refusal(code: 'invalid_input' | 'conflict', message: string): AppError {
  return new AppError(code, `The other item ${message}.`, { errors: [{ pointer: '/into', message }] });
}
