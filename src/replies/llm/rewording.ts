import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { DraftTable, RewordingTable } from '../../db/reply-tables.ts';
import type { Tables } from '../../db/tables.ts';
import { lockRow } from '../../feedback/find-item.ts';
import { bilingualSchema } from '../../triage/taxonomy.ts';
import { draftSentenceSchema, type GuardName } from '../draft.ts';
import { REWORDING_FAILURES, type RewordingFailure, type Usage } from './failures.ts';
import type { Written } from './polish.ts';

/** A writer that was not heard of for so long is gone: it is heard of every second. */
const SILENT = sql<Date>`now() - interval '10 seconds'`;

export const writtenSchema = draftSentenceSchema.extend({
  number: z.int().min(0).describe('Which sentence of the reworded draft, from 0.'),
});

export const rewordingSchema = z
  .object({
    state: z.enum(['waiting', 'writing', 'done', 'failed']),
    draft_id: z.uuid().describe('The draft that it becomes; there is none before the state is `done`.'),
    base_id: z.uuid().nullable().describe('The draft that is reworded.'),
    reason: z
      .object({ code: z.enum(Object.keys(REWORDING_FAILURES) as [string, ...string[]]), note: bilingualSchema })
      .nullable()
      .describe('Why it failed.'),
    prompt_tokens: z.int().nullable(),
    completion_tokens: z.int().nullable(),
    tokens_counted: z
      .boolean()
      .nullable()
      .describe('By the endpoint; `false` where they are estimated from the length.'),
  })
  .meta({ id: 'Rewording' });
export type RewordingView = z.infer<typeof rewordingSchema>;
export type RewordingReason = NonNullable<RewordingView['reason']>;

export function toReason(code: RewordingFailure): RewordingReason {
  return { code, note: REWORDING_FAILURES[code] };
}

type Row = Selectable<RewordingTable> & { readonly is_silent: boolean };

/** What is known of the rewording of a set; undefined where no model was to be asked. */
export async function findRewording(db: Kysely<Tables>, setId: string): Promise<Row | undefined> {
  return await rewordings(db).where('set_id', '=', setId).executeTakeFirst();
}

/** What is known of the rewording that becomes a draft; undefined where there is none. */
export async function findRewordingOf(db: Kysely<Tables>, draftId: string): Promise<Row | undefined> {
  return await rewordings(db).where('draft_id', '=', draftId).executeTakeFirst();
}

function rewordings(db: Kysely<Tables>) {
  const isSilent = sql<boolean>`state = 'writing' and heard_at < ${SILENT}`;
  return db.selectFrom('rewording').selectAll().select(isSilent.as('is_silent'));
}

export function toRewording(row: Row): RewordingView {
  const { draft_id, base_id, prompt_tokens, completion_tokens, is_counted: tokens_counted } = row;
  const reason = row.is_silent ? 'interrupted' : row.reason;
  return rewordingSchema.parse({
    ...{ draft_id, base_id, prompt_tokens, completion_tokens, tokens_counted },
    state: row.is_silent ? 'failed' : row.state,
    reason: isFailure(reason) ? toReason(reason) : null,
  });
}

function isFailure(code: string | null): code is RewordingFailure {
  return code !== null && Object.hasOwn(REWORDING_FAILURES, code);
}

/** Asks for a rewording of a set, in the transaction that makes the set. */
export async function openRewording(
  tx: Transaction<Tables>,
  set: { readonly id: string; readonly feedback_id: string; readonly at: Date | string },
): Promise<void> {
  await tx
    .insertInto('rewording')
    .values({
      ...{ set_id: set.id, feedback_id: set.feedback_id, at: set.at, draft_id: uuidv7(), state: 'waiting' },
      heard_at: sql<Date>`now()`,
    })
    .execute();
}

/** Takes a rewording that waits, or whose writer is gone. @returns false when there is none to be written */
export async function claimRewording(db: Kysely<Tables>, setId: string): Promise<boolean> {
  const claimed = await db
    .updateTable('rewording')
    .set({ state: 'writing', base_id: null, written: '[]', guards: '[]', heard_at: sql<Date>`now()` })
    .where('set_id', '=', setId)
    .where((or) =>
      or.or([or('state', '=', 'waiting'), or.and([or('state', '=', 'writing'), or('heard_at', '<', SILENT)])]),
    )
    .executeTakeFirst();
  return claimed.numUpdatedRows === 1n;
}

/** Names the draft that is reworded. */
export async function nameBase(db: Kysely<Tables>, setId: string, baseId: string): Promise<void> {
  await writing(db, setId).set({ base_id: baseId }).execute();
}

/** Says that it is still being written. @returns false when somebody has ended it */
export async function keepWriting(db: Kysely<Tables>, setId: string): Promise<boolean> {
  const kept = await writing(db, setId).set({ heard_at: sql<Date>`now()` }).executeTakeFirst();
  return kept.numUpdatedRows === 1n;
}

/** Shows a sentence that has passed. @returns false when somebody has ended the writing */
export async function addWritten(db: Kysely<Tables>, setId: string, sentence: Written): Promise<boolean> {
  const added = await writing(db, setId)
    .set({ written: sql<string>`written || ${JSON.stringify([sentence])}::jsonb`, heard_at: sql<Date>`now()` })
    .executeTakeFirst();
  return added.numUpdatedRows === 1n;
}

/** Gives back what was not finished, so that it is begun again. */
export async function releaseRewording(db: Kysely<Tables>, setId: string): Promise<void> {
  await writing(db, setId).set({ state: 'waiting', written: '[]' }).execute();
}

/**
 * Makes what was written a draft that people can decide about.
 *
 * @returns false when somebody has ended the writing
 */
export async function finishRewording(
  tx: Transaction<Tables>,
  row: Row,
  draft: Pick<Insertable<DraftTable>, 'suggestion' | 'features'>,
): Promise<boolean> {
  // The item first, like everybody who decides about its drafts.
  await lockRow(tx, row.feedback_id);
  const done = await writing(tx, row.set_id).set({ state: 'done', ended_at: sql<Date>`now()` }).executeTakeFirst();
  if (done.numUpdatedRows === 0n) return false;
  const { draft_id: id, set_id, feedback_id, at } = row;
  await tx
    .insertInto('draft')
    .values({ id, set_id, feedback_id, at, state: 'proposed', ...draft })
    .execute();
  return true;
}

/** Ends a rewording that is not finished; what was written of it is gone. Where nothing is to be ended, nothing happens. */
export async function endRewording(
  db: Kysely<Tables>,
  which: { readonly setId: string; readonly baseId?: string } | { readonly feedbackId: string },
  reason: RewordingFailure,
): Promise<void> {
  const open = db
    .updateTable('rewording')
    .set({ state: 'failed', reason, written: '[]', ended_at: sql<Date>`now()` })
    .where('state', 'in', ['waiting', 'writing']);
  if ('feedbackId' in which) {
    await open.where('feedback_id', '=', which.feedbackId).execute();
    return;
  }
  const ofSet = open.where('set_id', '=', which.setId);
  await (which.baseId === undefined ? ofSet : ofSet.where('base_id', '=', which.baseId)).execute();
}

/** Keeps what it has cost and which guards fired, however it ended. */
export async function keepCost(
  db: Kysely<Tables>,
  setId: string,
  { promptTokens, completionTokens, isCounted }: Usage,
  guards: readonly GuardName[],
): Promise<void> {
  await db
    .updateTable('rewording')
    .set({
      // Of an attempt that was interrupted and the one that follows it together.
      prompt_tokens: sql<number>`coalesce(prompt_tokens, 0) + ${promptTokens}::integer`,
      completion_tokens: sql<number>`coalesce(completion_tokens, 0) + ${completionTokens}::integer`,
      ...{ is_counted: isCounted, guards: JSON.stringify(guards) },
    })
    .where('set_id', '=', setId)
    .execute();
}

function writing(db: Kysely<Tables>, setId: string) {
  return db.updateTable('rewording').where('set_id', '=', setId).where('state', '=', 'writing');
}
