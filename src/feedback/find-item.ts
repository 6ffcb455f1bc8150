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

/**
 * Two rows, locked in the order of their ids, so that two changes of the same pair never wait for each other.
 *
 * @throws AppError `not_found`
 */
export async function lockPair(tx: Kysely<Tables>, id: string, other: string): Promise<[FeedbackRow, FeedbackRow]> {
  if (!isUuid(id) || !isUuid(other)) throw noSuchItem();
  const rows = await tx
    .selectFrom('feedback')
    .selectAll()
    .where('id', 'in', [id, other])
    .orderBy('id')
    .forUpdate()
    .execute();
  const [row, second] = [id, other].map((wanted) => rows.find((found) => found.id === wanted.toLowerCase()));
  if (row === undefined || second === undefined) throw noSuchItem();
  return [row, second];
}
