import type { Transaction } from 'kysely';
import type { Tables } from '../../db/tables.ts';
import type { Actor } from '../../feedback/actor.ts';
import { recordChange } from '../../feedback/record-change.ts';
import type { ClusterLanguage } from '../item.ts';
import type { ClusterName } from '../naming/name.ts';
import type { ClusterRow } from '../work/change-cluster.ts';
import type { DescribedCluster } from './recluster-input.ts';

type Live = Pick<ClusterRow, 'id' | 'version' | 'named_by_person' | 'named_items' | 'title_zh' | 'title_en'>;

/** A cluster that was named by itself is named anew when it has grown so many times: names are to stay. */
export const RENAME_FROM = 2;

/** Title and phrases of a name that no person gave. */
export function titleColumns({ title, phrases }: ClusterName) {
  return { title_zh: title.zh, title_en: title.en, phrases: JSON.stringify(phrases) };
}

/** Makes the clusters that are new, and keeps phrases, quotes and the names that may change of the others. */
export async function keepDescriptions(
  tx: Transaction<Tables>,
  described: readonly DescribedCluster[],
  live: readonly Live[],
  { actor, at }: { readonly actor: Actor; readonly at: Date },
): Promise<void> {
  const known = new Map(live.map((row) => [row.id, row]));
  for (const { id, items, name, quotes } of described) {
    const row = known.get(id);
    if (row !== undefined) {
      const isRenamed = items >= RENAME_FROM * row.named_items;
      const titles = titlesOf(row, isRenamed ? name : undefined);
      const set = { ...titles, phrases: JSON.stringify(name.phrases), quotes: [...quotes] };
      await tx
        .updateTable('cluster')
        .set({ ...set, ...(isRenamed && { named_items: items }) })
        .where('id', '=', id)
        .execute();
      continue;
    }
    await tx
      .insertInto('cluster')
      .values({
        id,
        created_at: at,
        updated_at: at,
        ...titleColumns(name),
        named_items: items,
        quotes: [...quotes],
        items,
        // Both are told by the members as soon as they are there.
        first_seen_at: at,
        last_seen_at: at,
      })
      // One that was emptied and retired while the run went on gets nobody.
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
    const change = { title: name.title, items };
    await recordChange(tx, { at, actor, action: 'cluster.created', subjectKind: 'cluster', subjectId: id, change });
  }
}

/** The titles of the languages in which no person gave one. */
function titlesOf({ named_by_person: named }: Live, name: ClusterName | undefined) {
  const may = (language: ClusterLanguage) => name !== undefined && !named.includes(language);
  return {
    ...(may('zh') && { title_zh: name?.title.zh ?? '' }),
    ...(may('en') && { title_en: name?.title.en ?? '' }),
  };
}
