import { validate as isUuid } from 'uuid';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { type Correction, correctionSchema } from './correction.ts';

/** What people have said about an item, oldest first. @throws AppError `not_found` when there is no such item */
export async function listCorrections({ database }: Pick<Context, 'database'>, id: string): Promise<Correction[]> {
  const missing = new AppError('not_found', 'There is no feedback with this id.');
  if (!isUuid(id)) throw missing;
  const [item, rows] = await Promise.all([
    database.kysely.selectFrom('feedback').select('id').where('id', '=', id).executeTakeFirst(),
    database.kysely.selectFrom('correction').selectAll().where('feedback_id', '=', id).orderBy('seq').execute(),
  ]);
  if (item === undefined) throw missing;
  return rows.map(({ created_at, person, ...row }) =>
    correctionSchema.parse({ ...row, created_at: created_at.toISOString(), by: person }),
  );
}
