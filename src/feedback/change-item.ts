import type { Transaction, Updateable } from 'kysely';
import type { Context } from '../context.ts';
import type { FeedbackTable, Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';
import type { Actor } from './actor.ts';
import { type FeedbackRow, lockRow } from './find-item.ts';
import { refuseMerged } from './merged.ts';
import { recordChange } from './record-change.ts';

/** One change of one item; `undefined` in its place means that all is so already. */
export interface ItemChange {
  /** What is written in the audit and told to listeners, such as `feedback.transitioned`. */
  readonly action: string;
  readonly change: Readonly<Record<string, unknown>>;
  readonly set: Updateable<FeedbackTable>;
  /** Rows of other tables that belong to it. */
  also?(tx: Transaction<Tables>): Promise<unknown>;
}

export interface ChangeOptions {
  readonly actor: Actor;
  /** The versions under which the caller has seen the item (`If-Match`); undefined where it does not matter. */
  readonly ifVersion?: readonly number[] | undefined;
}

/**
 * Changes an item, writes the audit and the event, all in one transaction that holds the item's row: of two changes at
 * once the second sees what the first has done.
 *
 * @returns the row as it is afterwards
 * @throws AppError `not_found`, `conflict` for an item that was merged, `precondition_failed`, and what `work` throws;
 *   then nothing has changed
 */
export async function changeItem(
  { database, now }: Pick<Context, 'database' | 'now'>,
  id: string,
  { actor, ifVersion }: ChangeOptions,
  work: (
    row: FeedbackRow,
    at: Date,
    tx: Transaction<Tables>,
  ) => ItemChange | undefined | Promise<ItemChange | undefined>,
): Promise<FeedbackRow> {
  return await database.kysely.transaction().execute(async (tx) => {
    const row = await lockRow(tx, id);
    await refuseMerged(tx, row);
    checkVersion(row.version, ifVersion);
    const at = now();
    const change = await work(row, at, tx);
    return change === undefined ? row : await applyChange(tx, row, change, { actor, at });
  });
}

/** Writes a change of a row that the transaction holds. */
export async function applyChange(
  tx: Transaction<Tables>,
  row: FeedbackRow,
  { action, change, set, also }: ItemChange,
  { actor, at }: { readonly actor: Actor; readonly at: Date },
): Promise<FeedbackRow> {
  const changed = await tx
    .updateTable('feedback')
    .set({ ...set, updated_at: at, version: row.version + 1 })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await also?.(tx);
  await recordChange(tx, { at, actor, action, subjectKind: 'feedback', subjectId: row.id, change });
  return changed;
}

/** @throws AppError `precondition_failed` when the item (or whatever it is) is another than the caller has seen */
export function checkVersion(version: number, ifVersion: readonly number[] | undefined, what = 'item'): void {
  if (ifVersion === undefined || ifVersion.includes(version)) return;
  throw new AppError(
    'precondition_failed',
    `The ${what} is at version ${version} by now. Read it again, and repeat what is still wanted with the new ETag.`,
    {
      errors: [
        { pointer: '/headers/If-Match', message: `must be "${version}", the ETag of the ${what} as it is now, or *` },
      ],
    },
  );
}
