import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { BeforeMerge } from '../db/conversation-tables.ts';
import type { Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';
import { redact } from '../triage/redact.ts';
import { applyChange, type ChangeOptions, checkVersion } from './change-item.ts';
import { deadlineColumns, slaOf, toSweptItem } from './deadline-columns.ts';
import { type FeedbackRow, getRow, lockPair } from './find-item.ts';
import { insertStep, type Pair } from './merge.ts';
import { listFamily } from './merged.ts';
import { giveBack } from './owed.ts';
import { person, remark } from './request-fields.ts';
import { toView } from './rows.ts';
import { safeName } from './safe-name.ts';
import type { FeedbackView } from './view.ts';

export const unmergeRequestSchema = z
  .strictObject({
    reason: remark.describe('Why, for the history. Personal data is masked.'),
    by: person.optional(),
  })
  .meta({ id: 'UnmergeRequest' });

/**
 * Gives an item back as it was before it was merged: its status, its clocks, its resolution, and what it was promised.
 * As urgent as the target became by it, it stays: a machine never makes an item less urgent.
 *
 * @throws AppError `not_found`, `conflict` when it is not merged, `precondition_failed`
 */
export async function unmergeFeedback(
  context: Context,
  id: string,
  { reason, by }: z.infer<typeof unmergeRequestSchema>,
  { actor, ifVersion }: ChangeOptions,
): Promise<Pair> {
  const { database, now, vault } = context;
  const why = { reason: redact(reason).masked.text, person: by === undefined ? null : safeName(vault, by) };
  const { merged_into } = await getRow(database.kysely, id);
  if (merged_into === null) throw notMerged();
  return await database.kysely.transaction().execute(async (tx) => {
    const [item, target] = await lockPair(tx, id, merged_into);
    const before = item.before_merge;
    if (item.merged_into !== target.id || before === null) throw notMerged();
    checkVersion(item.version, ifVersion);
    const occasion = { ...why, actor, at: now() };
    const { pauses, ...kept } = before;
    const change = { from: item.status, to: before.status, out_of: target.id, reason: why.reason, by: why.person };
    const deadlines = await deadlinesOf(context, tx, item, before);
    const given = await applyChange(
      tx,
      item,
      {
        action: 'feedback.unmerged',
        change,
        set: { ...kept, ...deadlines, pauses: JSON.stringify(pauses), merged_into: null, before_merge: null },
        also: async () => {
          await tx
            .deleteFrom('feedback_link')
            .where('from_id', '=', item.id)
            .where('to_id', '=', target.id)
            .where('kind', '=', 'duplicate_of')
            .execute();
          if (item.status !== before.status) await insertStep(tx, item, before.status, occasion);
        },
      },
      occasion,
    );
    const told = { item: item.id, reason: why.reason, by: why.person };
    const set = await giveBack(context, tx, target, item.id);
    const left = await applyChange(tx, target, { action: 'feedback.separated', change: told, set }, occasion);
    return { item: given, target: left };
  });
}

/** Its deadlines run again; while it was merged the sweep may have put it aside as done. */
async function deadlinesOf(context: Context, tx: Transaction<Tables>, item: FeedbackRow, before: BeforeMerge) {
  const time = (text: string | null) => (text === null ? null : new Date(text));
  const times = { first_responded_at: time(before.first_responded_at), resolved_at: time(before.resolved_at) };
  const sla = await slaOf(context, tx, item.sla_version);
  return deadlineColumns(sla, toSweptItem({ ...item, ...times, pauses: before.pauses }));
}

/** The items that this one speaks for, oldest first, with their customers. @throws AppError `not_found` */
export async function listMerged({ database }: Pick<Context, 'database'>, id: string): Promise<FeedbackView[]> {
  const db = database.kysely;
  const { id: own } = await getRow(db, id);
  const family = await listFamily(db, own);
  const rows: FeedbackRow[] = await db
    .selectFrom('feedback')
    .selectAll()
    .where('id', 'in', family)
    .where('id', '<>', own)
    .orderBy('id')
    .execute();
  return rows.map(toView);
}

function notMerged(): AppError {
  return new AppError('conflict', 'This item is not merged into another one.');
}
