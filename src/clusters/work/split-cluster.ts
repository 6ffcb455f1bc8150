import type { Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { Tables } from '../../db/tables.ts';
import { AppError } from '../../errors.ts';
import { recordChange } from '../../feedback/record-change.ts';
import { person, remark } from '../../feedback/request-fields.ts';
import { bilingualSchema } from '../../triage/taxonomy.ts';
import { holdClusters } from '../find-cluster.ts';
import { listMemberIds } from '../member-ids.ts';
import { describeParts, type PartDescription } from '../naming/describe-parts.ts';
import { titleColumns } from '../recluster/keep-descriptions.ts';
import { addLineage } from '../recluster/keep-lineage.ts';
import { getStoredItems, type StoredItem } from '../stored-items.ts';
import { refreshNow } from '../trend/refresh-now.ts';
import { masked, type Occasion, occasionOf } from './by-person.ts';
import { applyClusterChange, type ClusterChangeOptions, type ClusterRow, lockClusters } from './change-cluster.ts';
import { recordDecision, type Superseded } from './decisions.ts';
import { ANCHORS, assignTo, selectedItems, takeSelection } from './move-items.ts';
import { suggestParts } from './suggest-parts.ts';

const MOST_PARTS = 5;
const CHUNK = 250;

export const splitClusterSchema = z
  .strictObject({
    items: selectedItems.optional().describe('Items that become a cluster of their own.'),
    parts: z
      .int()
      .min(2)
      .max(MOST_PARTS)
      .optional()
      .describe('In place of `items`: into how many parts it is divided by what the messages say.'),
    dry_run: z.boolean().default(false).describe('`true`: only shows the parts.'),
    reason: remark.optional().describe('Why. Personal data is masked.'),
    by: person.optional(),
  })
  .superRefine(({ items, parts }, context) => {
    if ((items === undefined) !== (parts === undefined)) return;
    const message = 'is needed, or `parts` in its place, but not both';
    context.addIssue({ code: 'custom', path: ['items'], message });
  })
  .meta({ id: 'ClusterSplitRequest' });

/** The parts as the API shows them. */
export const splitPartSchema = z.object({
  cluster_id: z.uuid().nullable().describe('Null in a dry run for what would be new.'),
  title: bilingualSchema.describe('What a machine would call it beside the other parts.'),
  phrases: z.object({ zh: z.array(z.string()), en: z.array(z.string()) }),
  items: z.int(),
  quotes: z.array(z.object({ feedback_id: z.uuid(), text: z.string().describe('Personal data masked.') })),
});

export interface SplitPart {
  /** The cluster: the first part keeps the one that there is; undefined for the others of a dry run. */
  readonly cluster: string | undefined;
  readonly items: readonly string[];
  readonly described: PartDescription;
}

export interface Split {
  readonly cluster: ClusterRow;
  readonly parts: readonly SplitPart[];
  readonly superseded: Superseded[];
}

type Source = Pick<Context, 'database' | 'policy' | 'segmenter' | 'matters' | 'encoder' | 'vault' | 'now'>;

/**
 * Takes a cluster apart, for ever: no reclustering puts items of two parts together again. The part that stays keeps the
 * id, the title and all that people said of it; the others are clusters of their own.
 *
 * @throws AppError `not_found`, `invalid_input` for a selection that leaves nothing and for messages that say all the
 *   same, `conflict`, `precondition_failed`
 */
export async function splitCluster(
  context: Source,
  id: string,
  { items, parts, dry_run, reason, by }: z.infer<typeof splitClusterSchema>,
  { actor, ifVersion }: ClusterChangeOptions,
): Promise<Split> {
  const occasion = occasionOf(context, actor, by);
  const why = { reason: reason === undefined ? null : masked(reason), by: occasion.person };
  return await context.database.kysely.transaction().execute(async (tx) => {
    if (!dry_run) await lockClusters(tx);
    const [row] = await holdClusters(tx, [id], { ifVersion });
    const groups =
      items === undefined
        ? await suggest(tx, context, row.id, parts ?? 2)
        : [await takeSelection(tx, row.id, items), items];
    const described = await describeParts(tx, context, groups);
    const [kept, ...others] = groups.map((ids, at) => ({ items: ids, described: described[at] as PartDescription }));
    if (kept === undefined) throw new Error('a split has at least one part');
    if (dry_run)
      return {
        cluster: row,
        parts: [{ ...kept, cluster: row.id }, ...others.map((part) => ({ ...part, cluster: undefined }))],
        superseded: [],
      };
    const superseded: Superseded[] = [];
    const made: SplitPart[] = [];
    for (const [at, part] of others.entries()) {
      const rest = groups.filter((_, place) => place !== at + 1).flat();
      const own = await separate(tx, row, { ...part, why: { ...why, from: row.id } }, occasion);
      made.push({ ...part, cluster: own });
      superseded.push(...(await decide(tx, part.items, rest, occasion)));
    }
    await holdTogether(tx, kept, occasion);
    await refreshNow(tx, context, [row.id, ...made.flatMap(({ cluster }) => cluster ?? [])]);
    const into = made.map(({ cluster, items: moved }) => ({ cluster, items: moved.length }));
    const change = { into, ...why, superseded: superseded.map((one) => one.id) };
    const changed = { action: 'cluster.split', change, set: { quotes: quoteIds(kept.described) } };
    const cluster = await applyClusterChange(tx, row, changed, occasion);
    return { cluster, parts: [{ ...kept, cluster: row.id }, ...made], superseded };
  });
}

async function decide(
  tx: Transaction<Tables>,
  items: readonly string[],
  rest: readonly string[],
  occasion: Occasion,
): Promise<Superseded[]> {
  const apart = await recordDecision(tx, { kind: 'apart', items, from: rest }, { ...occasion, moved: items });
  if (items.length < 2) return apart;
  const together = await recordDecision(tx, { kind: 'together', items }, { ...occasion, moved: items, joined: items });
  return [...apart, ...together.filter((one) => !apart.some((other) => other.id === one.id))];
}

/** Those who stand for the part that stays hold together, so that its id, and what people said of it, outlive it. */
async function holdTogether(tx: Transaction<Tables>, kept: Omit<SplitPart, 'cluster'>, occasion: Occasion) {
  const items = [...new Set([...quoteIds(kept.described), ...kept.items])].slice(0, ANCHORS);
  if (items.length > 1)
    await recordDecision(tx, { kind: 'together', items }, { ...occasion, moved: items, joined: items });
}

const quoteIds = ({ quotes }: PartDescription) => quotes.map(({ feedback_id }) => feedback_id);

/** Makes a cluster of a part. */
async function separate(
  tx: Transaction<Tables>,
  from: ClusterRow,
  { items, described, why }: Omit<SplitPart, 'cluster'> & { readonly why: Readonly<Record<string, unknown>> },
  { actor, at }: Occasion,
): Promise<string> {
  const id = uuidv7();
  await tx
    .insertInto('cluster')
    .values({
      id,
      created_at: at,
      updated_at: at,
      ...titleColumns(described),
      named_items: items.length,
      quotes: quoteIds(described),
      first_seen_at: from.first_seen_at,
      last_seen_at: from.last_seen_at,
    })
    .execute();
  await assignTo(tx, items, id, at);
  await addLineage(tx, { kind: 'split_from', cluster: id, other: from.id, items: items.length }, { actor, at });
  const change = { title: described.title, items: items.length, ...why };
  await recordChange(tx, { at, actor, action: 'cluster.created', subjectKind: 'cluster', subjectId: id, change });
  return id;
}

/** The members in parts by what they say. @throws AppError `invalid_input` when they say all the same */
async function suggest(tx: Transaction<Tables>, context: Source, cluster: string, count: number): Promise<string[][]> {
  const ids = await listMemberIds(tx, cluster);
  const items: StoredItem[] = [];
  for (let from = 0; from < ids.length; from += CHUNK)
    items.push(...(await getStoredItems(tx, context, context.encoder.info.hash, ids.slice(from, from + CHUNK))));
  const keys = items.map(({ text, language }) => `${language} ${text.toLowerCase().replaceAll(/[\s\d]+/gu, ' ')}`);
  const parts = suggestParts(items, keys, count).map((rows) => rows.flatMap((row) => items[row]?.id ?? []));
  const known = new Set(items.map(({ id }) => id));
  // What another encoder has embedded stays where it is.
  const [first, ...others] = parts;
  if (first !== undefined && others.length > 0) return [[...first, ...ids.filter((id) => !known.has(id))], ...others];
  const message = 'finds nothing to tell apart: its messages say the same';
  throw new AppError('invalid_input', `The split ${message}.`, { errors: [{ pointer: '/parts', message }] });
}

/** A part for the API. */
export function toPartView({ cluster, items, described }: SplitPart): z.infer<typeof splitPartSchema> {
  return {
    cluster_id: cluster ?? null,
    ...described,
    quotes: [...described.quotes],
    items: items.length,
    phrases: { zh: [...described.phrases.zh], en: [...described.phrases.en] },
  };
}
