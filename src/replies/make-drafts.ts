import type { Insertable } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { DraftSetTable, DraftTable } from '../db/reply-tables.ts';
import { throwIfCancelled } from '../errors.ts';
import type { Actor } from '../feedback/actor.ts';
import { type FeedbackRow, getRow } from '../feedback/find-item.ts';
import { refuseMerged } from '../feedback/merged.ts';
import { readStored } from '../feedback/read-stored.ts';
import { decisionSchema } from '../triage/decision.ts';
import { redact } from '../triage/redact.ts';
import { PRIORITIES } from '../triage/rules.ts';
import { findSituation } from './conditions.ts';
import { findEarlier } from './earlier-replies.ts';
import type { ReplyItem } from './item.ts';
import { retrieverOf } from './knowledge.ts';
import { loadLearned } from './learn.ts';
import { limitOf } from './medium.ts';
import type { Passage } from './passage.ts';
import { expectAcceptance, featuresOf } from './rank.ts';
import { readReplyItem } from './read-item.ts';
import { fillableSlots } from './slots.ts';
import { type Suggested, suggest } from './suggest.ts';
import { MEDIA, REPLY_LANGUAGES } from './template.ts';
import { type DraftsView, toDrafts } from './view.ts';

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

/**
 * Suggests replies to an item and keeps them. Suggestions that nobody has decided about are superseded.
 *
 * @throws AppError `not_found`, `conflict` for a merged item, those of the encoder, `cancelled`
 */
export async function makeDrafts(
  context: Context,
  id: string,
  request: DraftsRequest,
  { actor, signal }: { readonly actor: Actor; readonly signal?: AbortSignal },
): Promise<DraftsView> {
  const prepared = await prepareDrafts(context, id, request);
  throwIfCancelled(signal);
  const { set, drafts } = toRows(prepared, actor, context.now());
  await context.database.kysely.transaction().execute(async (tx) => {
    await tx
      .updateTable('draft')
      .set({ state: 'superseded' })
      .where('feedback_id', '=', set.feedback_id)
      .where('state', '=', 'proposed')
      .execute();
    await tx.insertInto('draft_set').values(set).execute();
    if (drafts.length > 0) await tx.insertInto('draft').values(drafts).execute();
  });
  return await getDrafts(context, id);
}

/** Reads an item and what is known about it, and puts suggestions together; stores nothing. */
export async function prepareDrafts(context: Context, id: string, request: DraftsRequest): Promise<Prepared> {
  const { database, policy, config, encoder, now } = context;
  const row = await getRow(database.kysely, id);
  await refuseMerged(database.kysely, row);
  const kept = await database.kysely
    .selectFrom('decision')
    .select('decision')
    .where('id', '=', row.decision_id)
    .executeTakeFirstOrThrow();
  const decision = decisionSchema.parse(kept.decision);
  const { document, embedding, channel, customer } = await readStored(context, row, decision.input);
  const item = readReplyItem(policy, {
    document,
    decision: { ...decision, risk_flags: row.risk_flags, priority: z.enum(PRIORITIES).parse(row.priority) },
    queue: row.queue,
    firstResponseDueAt: row.first_response_due_at,
    resolveDueAt: row.resolve_due_at,
    channel,
    customer,
    now: now(),
    timeZone: config.TIME_ZONE,
    ...request,
  });
  const { vector } = embedding;
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
    templates: policy.replies,
    passages,
    earlier,
    allowedHosts: config.REPLY_LINK_HOSTS,
    expect: (draft) =>
      expectAcceptance(learned, draft.approach, featuresOf(draft, limitOf(draft.medium, draft.language))),
  });
  return { row, item, passages, suggested };
}

function toRows({ row, item, passages, suggested }: Prepared, actor: Actor, at: Date) {
  const { situation, suggestions, none = null, withheld } = suggested;
  const set: Insertable<DraftSetTable> = {
    id: uuidv7(),
    feedback_id: row.id,
    at,
    actor: JSON.stringify(actor),
    item_version: row.version,
    situation: situation?.situation ?? null,
    language: item.language,
    topic: item.topics[0] ?? null,
    none,
    has_source: passages.some(({ fits }) => fits),
    facts: JSON.stringify(item.facts),
    articles: JSON.stringify(
      passages.map(({ articleId, version, language, title, score, fits }) => ({
        ...{ id: articleId, version, language, title, score, fits },
      })),
    ),
    withheld: JSON.stringify(withheld.map(({ text, finding }) => ({ text: redact(text).masked.text, finding }))),
  };
  const drafts = suggestions.map(
    (suggestion): Insertable<DraftTable> => ({
      id: uuidv7(),
      set_id: set.id,
      feedback_id: row.id,
      at,
      state: 'proposed',
      suggestion: JSON.stringify(suggestion),
      features: featuresOf(suggestion, limitOf(suggestion.medium, suggestion.language)),
    }),
  );
  return { set, drafts };
}

/** The newest suggestions for an item. @throws AppError `not_found` for no item; for none made there is an empty answer */
export async function getDrafts({ database, now }: Pick<Context, 'database' | 'now'>, id: string): Promise<DraftsView> {
  const db = database.kysely;
  const row = await getRow(db, id);
  const set = await db
    .selectFrom('draft_set')
    .selectAll()
    .where('feedback_id', '=', row.id)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (set === undefined) return nothingMade(row, now());
  const drafts = await db.selectFrom('draft').selectAll().where('set_id', '=', set.id).execute();
  return toDrafts(set, drafts);
}

function nothingMade({ id, version }: FeedbackRow, at: Date): DraftsView {
  const lists = { drafts: [], facts: [], articles: [], withheld: [] };
  return { feedback_id: id, item_version: version, at: at.toISOString(), situation: null, none: null, ...lists };
}
