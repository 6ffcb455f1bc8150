import type { Selectable, Transaction, Updateable } from 'kysely';
import { validate as isUuid } from 'uuid';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { DraftTable } from '../db/reply-tables.ts';
import type { Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';
import { type ChangeOptions, checkVersion } from '../feedback/change-item.ts';
import { type FeedbackRow, lockRow } from '../feedback/find-item.ts';
import { refuseMerged } from '../feedback/merged.ts';
import { hasEmail } from '../feedback/open-original.ts';
import { recordChange } from '../feedback/record-change.ts';
import { person, remark } from '../feedback/request-fields.ts';
import { toView } from '../feedback/rows.ts';
import { safeName } from '../feedback/safe-name.ts';
import { feedbackSchema } from '../feedback/view.ts';
import { visibleText } from '../text/storable.ts';
import { redact } from '../triage/redact.ts';
import { DELIVERIES, type Delivery } from './connectors/connector.ts';
import { checkDelivery } from './connectors/connectors.ts';
import type { DeliveryQueue } from './delivery-queue.ts';
import { diffTexts, distanceOf } from './difference.ts';
import { suggestionSchema } from './draft.ts';
import { guardEdit } from './guard-edit.ts';
import { learn } from './learn.ts';
import { endRewording } from './llm/rewording.ts';
import type { Outcome } from './rank.ts';
import { sendReply } from './send.ts';
import { draftSchema, REJECT_REASONS, replySchema, toDraft, toReply } from './view.ts';

/** Longest reply, characters. */
const MAX_REPLY = 10_000;

const send = z
  .enum(DELIVERIES)
  .default('elsewhere')
  .describe(
    '`elsewhere`: it was or is sent by other means. `webhook`: it is posted to REPLY_WEBHOOK_URL. `smtp`: it is sent by mail to `customer.email` of the item through SMTP_URL.',
  );

export const acceptRequestSchema = z.strictObject({ send, by: person.optional() }).meta({ id: 'AcceptDraftRequest' });
export type AcceptRequest = z.infer<typeof acceptRequestSchema>;

export const editRequestSchema = z
  .strictObject({
    text: visibleText(MAX_REPLY).describe('What is sent instead.'),
    confirm: z.boolean().default(false).describe('Send it although guards warn of it.'),
    send,
    by: person.optional(),
  })
  .meta({ id: 'EditDraftRequest' });
export type EditRequest = z.infer<typeof editRequestSchema>;

export const rejectRequestSchema = z
  .strictObject({
    reason: z.enum(REJECT_REASONS),
    note: remark.optional().describe('What was wrong with it. Personal data is masked.'),
    by: person.optional(),
  })
  .meta({ id: 'RejectDraftRequest' });
export type RejectRequest = z.infer<typeof rejectRequestSchema>;

export const decidedDraftSchema = z
  .object({ draft: draftSchema, reply: replySchema, item: feedbackSchema.describe('As it is now.') })
  .meta({ id: 'DecidedDraft' });
export const rejectedDraftSchema = decidedDraftSchema.omit({ reply: true }).meta({ id: 'RejectedDraft' });
export type DecidedDraft = z.infer<typeof decidedDraftSchema>;

type Draft = Selectable<DraftTable>;

/**
 * Takes a suggestion as it is, and sends it.
 *
 * @throws AppError `not_found`, `conflict` when it was decided about, `precondition_failed` when the item was answered or
 *   has changed meanwhile, `invalid_input` where it cannot be sent in this way
 */
export async function acceptDraft(
  context: Context,
  jobs: DeliveryQueue,
  id: string,
  request: AcceptRequest,
  by: ChangeOptions,
) {
  return await decide(context, jobs, id, { ...request, text: undefined }, by);
}

/**
 * Sends another text in place of a suggestion and keeps the difference. What guards have against it is refused until the
 * caller confirms it.
 *
 * @throws AppError as `acceptDraft`, and `invalid_input` naming what has to be confirmed
 */
export async function editDraft(
  context: Context,
  jobs: DeliveryQueue,
  id: string,
  request: EditRequest,
  by: ChangeOptions,
) {
  return await decide(context, jobs, id, request, by);
}

interface Decision {
  readonly text: string | undefined;
  readonly confirm?: boolean;
  readonly send: Delivery;
  readonly by?: string | undefined;
}

async function decide(
  context: Context,
  jobs: DeliveryQueue,
  id: string,
  { text, confirm = false, send: delivery, by }: Decision,
  { actor, ifVersion }: ChangeOptions,
): Promise<DecidedDraft> {
  return await context.database.kysely.transaction().execute(async (tx) => {
    const { draft, item } = await lockDraft(tx, id);
    checkVersion(item.version, ifVersion);
    checkDelivery(context.config, delivery, await hasEmail(tx, item.id));
    await refuseAnswered(tx, draft);
    const suggestion = suggestionSchema.parse(draft.suggestion);
    const sent = text ?? suggestion.text;
    if (text !== undefined && !confirm) guardEdit(context, suggestion, text, item.risk_flags);
    const occasion = { actor, at: context.now() };
    const name = by === undefined ? null : safeName(context.vault, by);
    const difference = diffTexts(suggestion.text, redact(sent).masked.text);
    const distance = distanceOf(difference);
    const outcome: Outcome = distance === 0 ? { kind: 'accepted' } : { kind: 'edited', distance };
    await learn(tx, draft.features, outcome, occasion.at);
    await endRewording(tx, { setId: draft.set_id }, 'decided');
    await supersede(tx, draft);
    const decided = await close(tx, draft, {
      ...{ state: outcome.kind, decided_at: occasion.at, decided_by: JSON.stringify(actor), person: name, distance },
      difference: JSON.stringify(difference),
    });
    const change = { draft_id: draft.id, approach: suggestion.approach, distance, delivery, by: name };
    await recordChange(tx, {
      ...occasion,
      ...{ action: `feedback.draft_${outcome.kind}`, subjectKind: 'feedback', subjectId: item.id, change },
    });
    const result = await sendReply(
      tx,
      context,
      jobs,
      item,
      { draftId: draft.id, text: sent, person: name, delivery },
      occasion,
    );
    return { draft: toDraft(decided), reply: toReply(result.reply), item: toView(result.item) };
  });
}

/**
 * Refuses a suggestion; the reason is learned from and kept.
 *
 * @throws AppError `not_found`, `conflict` when it was decided about, `precondition_failed`
 */
export async function rejectDraft(
  context: Context,
  id: string,
  { reason, note, by }: RejectRequest,
  { actor, ifVersion }: ChangeOptions,
) {
  return await context.database.kysely.transaction().execute(async (tx) => {
    const { draft, item } = await lockDraft(tx, id);
    checkVersion(item.version, ifVersion);
    const at = context.now();
    const name = by === undefined ? null : safeName(context.vault, by);
    // That none was needed says nothing about how it was put.
    if (reason !== 'not_needed') await learn(tx, draft.features, { kind: 'rejected' }, at);
    await endRewording(tx, { setId: draft.set_id, baseId: draft.id }, 'decided');
    const decided = await close(tx, draft, {
      ...{ state: 'rejected', decided_at: at, decided_by: JSON.stringify(actor), person: name, reason },
      note: note === undefined ? null : redact(note).masked.text,
    });
    const change = { draft_id: draft.id, reason, by: name };
    await recordChange(tx, {
      ...{ at, actor, action: 'feedback.draft_rejected', subjectKind: 'feedback', subjectId: item.id, change },
    });
    return { draft: toDraft(decided), item: toView(item) };
  });
}

/** The item first and then the draft, in the order in which everything locks them. */
async function lockDraft(tx: Transaction<Tables>, id: string): Promise<{ draft: Draft; item: FeedbackRow }> {
  const found = isUuid(id)
    ? await tx.selectFrom('draft').select('feedback_id').where('id', '=', id).executeTakeFirst()
    : undefined;
  if (found === undefined) throw await missing(tx, id);
  const item = await lockRow(tx, found.feedback_id);
  await refuseMerged(tx, item);
  const draft = await tx.selectFrom('draft').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow();
  if (draft.state === 'proposed') return { draft, item };
  throw new AppError('conflict', `This draft is \`${draft.state}\`; only a proposed one can be decided about.`);
}

/** A draft that a model still writes is none yet. */
async function missing(tx: Transaction<Tables>, id: string): Promise<AppError> {
  const being = isUuid(id)
    ? await tx.selectFrom('rewording').select('state').where('draft_id', '=', id).executeTakeFirst()
    : undefined;
  switch (being?.state) {
    case 'waiting':
    case 'writing':
      return new AppError(
        'conflict',
        'This draft is still being written by a model; decide about it when it is finished, or about another one now.',
      );
    case 'failed':
      return new AppError('conflict', 'The model did not finish this draft; decide about another one of its set.');
    default:
      return new AppError('not_found', 'There is no draft with this id.');
  }
}

/** @throws AppError `precondition_failed` when somebody has written since the draft was made */
async function refuseAnswered(tx: Transaction<Tables>, { feedback_id, at }: Draft): Promise<void> {
  const later = await tx
    .selectFrom('message')
    .select('direction')
    .where('feedback_id', '=', feedback_id)
    .where('at', '>', at)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const queued = await tx
    .selectFrom('reply')
    .select('id')
    .where('feedback_id', '=', feedback_id)
    .where('kind', '=', 'reply')
    .where('at', '>', at)
    .executeTakeFirst();
  if (later === undefined && queued === undefined) return;
  const what = later?.direction === 'inbound' ? 'the customer has written again' : 'the customer was answered';
  throw new AppError(
    'precondition_failed',
    `Since this draft was made ${what}. Make new drafts, and repeat what is still wanted with one of those.`,
  );
}

async function supersede(tx: Transaction<Tables>, { set_id }: Draft): Promise<void> {
  const others = tx.updateTable('draft').set({ state: 'superseded' });
  await others.where('set_id', '=', set_id).where('state', '=', 'proposed').execute();
}

async function close(tx: Transaction<Tables>, { id }: Draft, set: Updateable<DraftTable>): Promise<Draft> {
  return await tx.updateTable('draft').set(set).where('id', '=', id).returningAll().executeTakeFirstOrThrow();
}
