import type { Kysely, Transaction } from 'kysely';
import type { Context } from '../../context.ts';
import type { Tables } from '../../db/tables.ts';
import { deriveFigures } from './figures.ts';
import { keepFigures, readRows } from './refresh-figures.ts';

/**
 * Whole weeks weigh the same whatever their days do, so that this moves the trend of clusters of less than five weeks
 * only, and by little; the job that knows the shape of the week comes by within minutes.
 */
const EVEN_WEEK: readonly number[] = new Array(7).fill(1);

/** Derives the figures of clusters that a person has just changed, so that the answer shows what was done. */
export async function refreshNow(
  db: Kysely<Tables> | Transaction<Tables>,
  { policy, now }: Pick<Context, 'policy' | 'now'>,
  ids: readonly string[],
): Promise<void> {
  const at = now();
  const rows = await readRows(db, ids, policy.current);
  for (const [id, own] of rows) await keepFigures(db, id, deriveFigures(own, at.getTime(), EVEN_WEEK), at);
}
