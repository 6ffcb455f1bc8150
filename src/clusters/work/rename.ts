import { z } from 'zod';
import type { Context } from '../../context.ts';
import { person } from '../../feedback/request-fields.ts';
import { visibleText } from '../../text/storable.ts';
import { holdClusters } from '../find-cluster.ts';
import { listMemberIds } from '../member-ids.ts';
import { describeParts } from '../naming/describe-parts.ts';
import { masked, occasionOf } from './by-person.ts';
import { applyClusterChange, type ClusterChangeOptions, type ClusterRow } from './change-cluster.ts';

const LONGEST_TITLE = 120;

const given = (language: string) =>
  visibleText(LONGEST_TITLE)
    .nullable()
    .optional()
    .describe(`The title in ${language}, never changed by a machine; null gives it back to the machine.`);

export const titleSchema = z
  .strictObject({ zh: given('Chinese'), en: given('English') })
  .refine(({ zh, en }) => zh !== undefined || en !== undefined, 'must name zh, en or both');

export const renameRequestSchema = z
  .strictObject({ title: titleSchema, by: person.optional() })
  .meta({ id: 'ClusterRenameRequest' });
export type NewTitle = z.infer<typeof titleSchema>;

/**
 * Gives a cluster a title by hand, or back to the machine, in one language or both.
 *
 * @throws AppError `not_found`, `conflict` for one that has ended, `precondition_failed`
 */
export async function renameCluster(
  context: Pick<Context, 'database' | 'policy' | 'segmenter' | 'matters' | 'encoder' | 'vault' | 'now'>,
  id: string,
  { title, by }: z.infer<typeof renameRequestSchema>,
  { actor, ifVersion }: ClusterChangeOptions,
): Promise<ClusterRow> {
  const occasion = occasionOf(context, actor, by);
  return await context.database.kysely.transaction().execute(async (tx) => {
    const [row] = await holdClusters(tx, [id], { ifVersion });
    const back = (['zh', 'en'] as const).filter((one) => title[one] === null && row.named_by_person.includes(one));
    const [described] = back.length === 0 ? [] : await describeParts(tx, context, [await listMemberIds(tx, row.id)]);
    const set = titleSet(row, title, described?.title);
    const change = {
      before: { title: { zh: row.title_zh, en: row.title_en }, named_by_person: row.named_by_person },
      after: { title: { zh: set.title_zh, en: set.title_en }, named_by_person: set.named_by_person },
      by: occasion.person,
    };
    if (JSON.stringify(change.before) === JSON.stringify(change.after)) return row;
    const named = described === undefined ? {} : { named_items: row.items };
    return await applyClusterChange(
      tx,
      row,
      { action: 'cluster.renamed', change, set: { ...set, ...named } },
      occasion,
    );
  });
}

/** Columns of a title that people gave in part; `machine`: what stands where they gave it back. */
export function titleSet(
  row: Pick<ClusterRow, 'title_zh' | 'title_en' | 'named_by_person'>,
  title: NewTitle,
  machine: { readonly zh: string; readonly en: string } | undefined,
) {
  const textOf = (language: 'zh' | 'en', before: string) => {
    const text = title[language];
    if (text === undefined) return before;
    if (text !== null) return masked(text.trim());
    return row.named_by_person.includes(language) ? (machine?.[language] ?? before) : before;
  };
  const isNamed = (language: 'zh' | 'en') =>
    title[language] === undefined ? row.named_by_person.includes(language) : title[language] !== null;
  return {
    title_zh: textOf('zh', row.title_zh),
    title_en: textOf('en', row.title_en),
    named_by_person: (['zh', 'en'] as const).filter(isNamed) as string[],
  };
}
