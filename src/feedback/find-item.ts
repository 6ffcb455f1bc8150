import type { Kysely, Selectable } from 'kysely';
import { validate as isUuid } from 'uuid';
import type { FeedbackTable, Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';

export type FeedbackRow = Selectable<FeedbackTable>;

export function noSuchItem(): AppError {
  return new AppError('not_found', 'There is no feedback with this id.');
}

/** @throws AppError `not_found`, also for what is no id at all */
export async function getRow(db: Kysely<Tables>, id: string): Promise<FeedbackRow> {
  if (!isUuid(id)) throw noSuchItem();
  const row = await db.selectFrom('feedback').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw noSuchItem();
  return row;
}

/** The row, which nobody else changes until the transaction ends. @throws AppError `not_found` */
export async function lockRow(tx: Kysely<Tables>, id: string): Promise<FeedbackRow> {
  if (!isUuid(id)) throw noSuchItem();
  const row = await tx.selectFrom('feedback').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  if (row === undefined) throw noSuchItem();
  return row;
}
