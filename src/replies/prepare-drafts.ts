import { z } from 'zod';
import type { Context } from '../context.ts';
import { type FeedbackRow, getRow } from '../feedback/find-item.ts';
import { refuseMerged } from '../feedback/merged.ts';
import { getDecision } from '../feedback/raise-item.ts';
import { readStored } from '../feedback/read-stored.ts';
import { PRIORITIES } from '../triage/rules.ts';
import { findSituation } from './conditions.ts';
import { findEarlier } from './earlier-replies.ts';
import type { ReplyItem } from './item.ts';
import { retrieverOf } from './knowledge.ts';
import { loadLearned } from './learn.ts';
import { openMatter } from './matter.ts';
import type { Passage } from './passage.ts';
import { expectAcceptance, featuresOf } from './rank.ts';
import { readReplyItem } from './read-item.ts';
import { fillableSlots } from './slots.ts';
import { type NoneReason, type Suggested, suggest } from './suggest.ts';
import { MEDIA, REPLY_LANGUAGES } from './template.ts';
import { readThread, type Thread } from './thread.ts';

/** The body of `POST /v1/feedback/{id}/drafts`. */
export const draftsRequestSchema = z
  .strictObject({
    language: z.enum(REPLY_LANGUAGES).optional().describe('That of the message unless given.'),
    medium: z.enum(MEDIA).optional().describe('That of the item’s channel unless given.'),
  })
  .meta({ id: 'DraftsRequest' });
export type DraftsRequest = z.infer<typeof draftsRequestSchema>;

/** Everything that a set of suggestions came from. */
export interface Prepared {
  readonly row: FeedbackRow;
  readonly item: ReplyItem;
  readonly passages: readonly Passage[];
  readonly suggested: Suggested;
}

/** Reads an item and what is known about it, and puts suggestions together; stores nothing. */
export async function prepareDrafts(context: Context, id: string, request: DraftsRequest): Promise<Prepared> {
  const { database, policy, config, encoder, now } = context;
  const row = await getRow(database.kysely, id);
  await refuseMerged(database.kysely, row);
  const decision = await getDecision(database.kysely, row.decision_id);
  const { document, embedding, channel, customer } = await readStored(context, row, decision.input);
  const priority = z.enum(PRIORITIES).parse(row.priority);
  const thread = await readThread(context, row, { channel, customer });
  const matter = openMatter({ ...decision, risk_flags: row.risk_flags, priority }, document, thread);
  const item = readReplyItem(policy, {
    documents: matter.documents,
    later: thread.written,
    told: thread.told,
    isFollowUp: thread.turn === 'follow_up' && !matter.isNew,
    isSupplement: matter.isSupplement,
    decision: matter.decision,
    queue: row.queue,
    firstResponseDueAt: row.first_response_due_at,
    resolveDueAt: row.resolve_due_at,
    channel,
    customer,
    now: now(),
    timeZone: config.TIME_ZONE,
    ...request,
  });
  const { vector } = matter.isNew && thread.open ? thread.open.embedding : embedding;
  const retrieve = await retrieverOf(context);
  const passages = await retrieve({ text: item.text, vector, language: item.language, topics: item.topics });
  const slots = fillableSlots(item);
  const situation = findSituation(policy.replies, { item, slots })?.situation;
  const { hash: modelHash } = encoder.info;
  const query = { feedbackId: row.id, vector, modelHash, language: item.language, topic: item.topics[0] };
  const [learned, earlier] = await Promise.all([
    loadLearned(database.kysely),
    situation === undefined ? [] : findEarlier(context, { ...query, situation }),
  ]);
  const suggested = suggest({
    item,
    unneeded: waitsForNothing(thread),
    templates: policy.replies,
    passages,
    earlier,
    allowedHosts: config.REPLY_LINK_HOSTS,
    expect: (draft) => expectAcceptance(learned, draft.approach, featuresOf(draft)),
  });
  return { row, item, passages, suggested };
}

/** Why no reply is needed, if none is. */
function waitsForNothing({ turn, open }: Thread): NoneReason | undefined {
  if (turn === 'answered') return 'answered';
  return open?.isContent ? 'content' : undefined;
}
