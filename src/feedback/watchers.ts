import { z } from 'zod';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { type ChangeOptions, changeItem } from './change-item.ts';
import { type FeedbackRow, getRow } from './find-item.ts';
import { safeName } from './safe-name.ts';

/** More than that would be a mailing list. */
const MAX_WATCHERS = 100;

export const watchersSchema = z
  .object({
    items: z.array(z.object({ name: z.string(), since: z.iso.datetime() })).describe('In the order of their coming.'),
  })
  .meta({ id: 'Watchers' });
export type Watchers = z.infer<typeof watchersSchema>;

interface Watched {
  readonly watchers: Watchers;
  readonly row: FeedbackRow;
}

/**
 * Lets somebody watch an item; who watches it already goes on. A name that is personal data becomes a pseudonym.
 *
 * @throws AppError `not_found`, `conflict` for a merged item or when as many as possible watch it,
 *   `precondition_failed`
 */
export async function addWatcher(context: Context, id: string, who: string, options: ChangeOptions): Promise<Watched> {
  const name = safeName(context.vault, who);
  const row = await changeItem(context, id, options, async ({ id: feedback_id }, at, tx) => {
    const names = (await tx.selectFrom('watcher').select('name').where('feedback_id', '=', feedback_id).execute()).map(
      (watcher) => watcher.name,
    );
    if (names.includes(name)) return undefined;
    if (names.length >= MAX_WATCHERS)
      throw new AppError('conflict', `${MAX_WATCHERS} watch this item already; remove one of them first.`);
    return {
      action: 'feedback.watched',
      change: { name },
      set: {},
      also: () => tx.insertInto('watcher').values({ feedback_id, name, at }).execute(),
    };
  });
  return { watchers: await listWatchers(context, row.id), row };
}

/** Ends it; who does not watch the item is no error. @throws AppError as `addWatcher` */
export async function removeWatcher(
  context: Context,
  id: string,
  who: string,
  options: ChangeOptions,
): Promise<Watched> {
  const name = safeName(context.vault, who);
  const row = await changeItem(context, id, options, async ({ id: feedback_id }, _, tx) => {
    const gone = await tx
      .deleteFrom('watcher')
      .where('feedback_id', '=', feedback_id)
      .where('name', '=', name)
      .executeTakeFirst();
    return gone.numDeletedRows === 0n ? undefined : { action: 'feedback.unwatched', change: { name }, set: {} };
  });
  return { watchers: await listWatchers(context, row.id), row };
}

/** @throws AppError `not_found` */
export async function listWatchers({ database }: Pick<Context, 'database'>, id: string): Promise<Watchers> {
  const { id: feedbackId } = await getRow(database.kysely, id);
  const rows = await database.kysely
    .selectFrom('watcher')
    .select(['name', 'at'])
    .where('feedback_id', '=', feedbackId)
    .orderBy('at')
    .orderBy('name')
    .execute();
  return { items: rows.map(({ name, at }) => ({ name, since: at.toISOString() })) };
}
