import { type Kysely, sql } from 'kysely';
import type { Context } from '../../context.ts';
import type { Tables } from '../../db/tables.ts';
import { listMemberIds } from '../member-ids.ts';
import { RENAME_FROM, titleColumns } from '../recluster/keep-descriptions.ts';
import { type Beside, describeParts, type PartDescription } from './describe-parts.ts';

/** Clusters whose quotes tell what is said everywhere: those in which somebody wrote last. */
const BESIDE = 20;

/**
 * Names the clusters anew that have grown to twice the items of their last naming, without waiting for a reclustering:
 * the first four reports may have said little. Titles that people gave stay, and so do `version` and `ETag`.
 *
 * @returns how many were named
 * @throws the signal's reason
 */
export async function renameGrown(
  context: Pick<Context, 'database' | 'policy' | 'segmenter' | 'matters' | 'encoder'>,
  signal: AbortSignal,
): Promise<number> {
  const db = context.database.kysely;
  let named = 0;
  for (const row of await listGrown(db)) {
    signal.throwIfAborted();
    const parts = [await listMemberIds(db, row.id)];
    const [described] = await describeParts(db, context, parts, await readBeside(db, row.id));
    // Without a quote nothing could be read: vectors of another encoder are being made anew.
    if (described === undefined || described.quotes.length === 0) continue;
    await keepName(db, row, described);
    named++;
  }
  return named;
}

interface Grown {
  readonly id: string;
  readonly items: number;
  readonly named_items: number;
}

async function listGrown(db: Kysely<Tables>): Promise<Grown[]> {
  return await db
    .selectFrom('cluster')
    .select(['id', 'items', 'named_items'])
    .where('retired_at', 'is', null)
    .where('items', '>=', sql<number>`${RENAME_FROM} * named_items`)
    .where(sql<boolean>`not named_by_person @> '{zh,en}'`)
    .orderBy('id')
    .execute();
}

/** The titles of all other clusters, and the quotes of those in which somebody wrote last. */
async function readBeside(db: Kysely<Tables>, id: string): Promise<Beside> {
  const rows = await db
    .selectFrom('cluster')
    .select(['quotes', 'title_zh', 'title_en'])
    .where('retired_at', 'is', null)
    .where('id', '!=', id)
    .orderBy('last_seen_at', 'desc')
    .execute();
  return {
    items: rows.slice(0, BESIDE).flatMap(({ quotes }) => quotes),
    titles: rows.map(({ title_zh: zh, title_en: en }) => ({ zh, en })),
  };
}

/** In one statement, so that neither a person nor a run that names it at this moment is overwritten. */
async function keepName(db: Kysely<Tables>, { id, items, named_items }: Grown, name: PartDescription): Promise<void> {
  const { title_zh, title_en, phrases } = titleColumns(name);
  await db
    .updateTable('cluster')
    .set({
      title_zh: sql`case when 'zh' = any(named_by_person) then title_zh else ${title_zh} end`,
      title_en: sql`case when 'en' = any(named_by_person) then title_en else ${title_en} end`,
      ...{ phrases, quotes: name.quotes.map(({ feedback_id }) => feedback_id), named_items: items },
    })
    .where('id', '=', id)
    .where('retired_at', 'is', null)
    .where('named_items', '=', named_items)
    .execute();
}
