import type { Insertable } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import type { DraftSetTable, DraftTable } from '../db/reply-tables.ts';
import { throwIfCancelled } from '../errors.ts';
import type { Actor } from '../feedback/actor.ts';
import { type FeedbackRow, getRow, lockRow } from '../feedback/find-item.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { redact } from '../triage/redact.ts';
import { endRewording, findRewording, openRewording, toRewording } from './llm/rewording.ts';
import { type DraftsRequest, type Prepared, prepareDrafts } from './prepare-drafts.ts';
import { featuresOf } from './rank.ts';
import { type DraftsView, toDrafts } from './view.ts';

export interface DraftOptions {
  readonly actor: Actor;
  readonly jobs: Pick<JobQueue, 'enqueue'>;
  readonly signal?: AbortSignal;
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
  { actor, jobs, signal }: DraftOptions,
): Promise<DraftsView> {
  const prepared = await prepareDrafts(context, id, request);
  throwIfCancelled(signal);
  const { set, drafts } = toRows(prepared, actor, context.now());
  await context.database.kysely.transaction().execute(async (tx) => {
    // Like everybody who decides about its drafts, so that nobody waits for another in turn.
    await lockRow(tx, set.feedback_id);
    await tx
      .updateTable('draft')
      .set({ state: 'superseded' })
      .where('feedback_id', '=', set.feedback_id)
      .where('state', '=', 'proposed')
      .execute();
    await endRewording(tx, { feedbackId: set.feedback_id }, 'superseded');
    await tx.insertInto('draft_set').values(set).execute();
    if (drafts.length === 0) return;
    await tx.insertInto('draft').values(drafts).execute();
    // The answer never waits for a model: what it says is added when it comes.
    if (context.config.LLM_URL === undefined) return;
    await openRewording(tx, set);
    await jobs.enqueue('replies.polish', { set_id: set.id }, set.id, tx);
  });
  return await getDrafts(context, id);
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
    // A later message says too little by itself to show what no article answers.
    has_source: item.isFollowUp || none === 'answered' || none === 'content' || isAnswerable(none, passages),
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
      features: featuresOf(suggestion),
    }),
  );
  return { set, drafts };
}

/** What resembles a question without answering it is a gap all the same. */
function isAnswerable(none: string | null, passages: Prepared['passages']): boolean {
  return none !== 'no_article' && passages.some(({ fits }) => fits);
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
  // First the rewording: what is `done` by then is among the drafts.
  const rewording = await findRewording(db, set.id);
  const drafts = await db.selectFrom('draft').selectAll().where('set_id', '=', set.id).execute();
  return toDrafts(set, drafts, rewording === undefined ? null : toRewording(rewording));
}

function nothingMade({ id, version }: FeedbackRow, at: Date): DraftsView {
  const lists = { drafts: [], facts: [], articles: [], withheld: [] };
  const nothing = { situation: null, none: null, rewording: null };
  return { feedback_id: id, item_version: version, at: at.toISOString(), ...nothing, ...lists };
}
