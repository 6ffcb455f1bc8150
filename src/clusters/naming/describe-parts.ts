import type { Kysely, Transaction } from 'kysely';
import type { Context } from '../../context.ts';
import type { Tables } from '../../db/tables.ts';
import { type LanguageMeans, languageMeans } from '../centre.ts';
import { readFeatures } from '../recluster/recluster.ts';
import { getStoredItems, toClusterItem } from '../stored-items.ts';
import { type ClusterName, NAMELESS, nameClusters } from './name.ts';
import type { InBoth } from './name-lexicon.ts';
import { chooseQuotes } from './quotes.ts';
import { topicOf } from './topic-of.ts';

/** Messages of a part that its name and its quotes are found from; to cut more into words would block others for too long. */
const SAMPLE = 60;

export interface Beside {
  /** Items that tell what is said everywhere. */
  readonly items: readonly string[];
  /** Titles from which those of the parts are to be told. */
  readonly titles: readonly InBoth[];
}

export interface PartDescription extends ClusterName {
  /** Messages that show best what it is about, masked. */
  readonly quotes: readonly { readonly feedback_id: string; readonly text: string }[];
}

/**
 * Names and quotes for groups of stored items; what tells them from each other comes first.
 *
 * @param beside what there is beside them
 */
export async function describeParts(
  db: Kysely<Tables> | Transaction<Tables>,
  context: Pick<Context, 'policy' | 'segmenter' | 'matters' | 'encoder'>,
  parts: readonly (readonly string[])[],
  beside: Beside = { items: [], titles: [] },
): Promise<PartDescription[]> {
  const { policy, encoder } = context;
  const groups = [];
  for (const ids of parts) {
    const sample = sampleOf(ids);
    const stored = await getStoredItems(db, context, encoder.info.hash, sample);
    const rows = await db.selectFrom('feedback').select('topics').where('id', 'in', sample).execute();
    const topics = rows.map((row) => row.topics);
    groups.push({ stored, items: stored.map(toClusterItem), topic: topicOf(policy.taxonomy, topics) });
  }
  const means: LanguageMeans = languageMeans(groups.flatMap(({ items }) => items));
  const rest = await getStoredItems(db, context, encoder.info.hash, beside.items);
  const names = nameClusters(groups, rest.map(toClusterItem), policy.naming, beside.titles);
  return groups.map(({ items, stored }, at) => ({
    ...(names[at] ?? NAMELESS),
    quotes: chooseQuotes(items, readFeatures(items, means))
      .flatMap((row) => stored[row] ?? [])
      .map(({ id, text }) => ({ feedback_id: id, text })),
  }));
}

/** Evenly over all of them, so that neither the first nor the last say what it is about. */
function sampleOf(ids: readonly string[]): string[] {
  const step = Math.max(1, ids.length / SAMPLE);
  return Array.from({ length: Math.min(ids.length, SAMPLE) }, (_, at) => ids[Math.floor(at * step)] ?? '');
}
