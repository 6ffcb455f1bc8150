import type { Kysely } from 'kysely';
import type { Tables } from '../db/tables.ts';
import { parseVector } from '../db/vector.ts';
import { type FeatureSource, withoutCues } from '../learning/features.ts';
import { mainLanguageOf } from '../text/main-language.ts';
import { normalize } from '../text/normalize.ts';
import { indexUnits, type UnitIndex } from '../text/phrases.ts';
import type { Segmenter } from '../text/segment.ts';
import { track } from '../text/tracked.ts';
import { toUnits } from '../text/units.ts';
import { readDocument } from '../triage/document.ts';
import type { ArrivalEntry } from './arrival/arrival-index.ts';
import type { ClusterItem } from './item.ts';
import type { MatterSpace } from './matter-space.ts';

/** An item as clusters read it from the database; its words are cut when they are asked for. */
export interface StoredItem extends ArrivalEntry {
  /** Masked. */
  readonly text: string;
}

/** What reads a stored item. */
export interface ItemReader {
  readonly segmenter: Segmenter;
  readonly matters: MatterSpace;
}

export interface StoredRange {
  readonly encoderHash: string;
  /** Ids between which the items lie, neither of them among these. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Items that this encoder has embedded, newest first. */
export async function listStoredItems(
  db: Kysely<Tables>,
  reader: ItemReader,
  { encoderHash, before, after, limit }: StoredRange,
): Promise<StoredItem[]> {
  let query = selectItems(db, encoderHash);
  if (before !== undefined) query = query.where('feedback.id', '<', before);
  if (after !== undefined) query = query.where('feedback.id', '>', after);
  const rows = await query.orderBy('feedback.id', 'desc').limit(limit).execute();
  return rows.map((row) => toStored(reader, row));
}

/** The items of these ids that there are and that this encoder has embedded. */
export async function getStoredItems(
  db: Kysely<Tables>,
  reader: ItemReader,
  encoderHash: string,
  ids: readonly string[],
): Promise<StoredItem[]> {
  if (ids.length === 0) return [];
  const rows = await selectItems(db, encoderHash).where('feedback.id', 'in', ids).orderBy('feedback.id').execute();
  return rows.map((row) => toStored(reader, row));
}

/** When an item happened, milliseconds since 1970: what is told of it, and never after it came. */
export function momentOf(item: { readonly happened_at: Date | null; readonly received_at: Date }): number {
  return Math.min((item.happened_at ?? item.received_at).getTime(), item.received_at.getTime());
}

export function toClusterItem({ id, vector, language, customer, source }: StoredItem): ClusterItem {
  return { id, vector, language, customer, source: source() };
}

function selectItems(db: Kysely<Tables>, encoderHash: string) {
  return db
    .selectFrom('feedback')
    .innerJoin('feedback_vector', 'feedback_vector.feedback_id', 'feedback.id')
    .leftJoin('customer', 'customer.id', 'feedback.customer_id')
    .select(['feedback.id', 'language', 'subject', 'body', 'received_at', 'happened_at', 'topics', 'ref', 'embedding'])
    .where('model_hash', '=', encoderHash);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectItems>['execute']>>[number];

function toStored(
  { segmenter, matters }: ItemReader,
  { id, subject, body, language, topics, ref, embedding, ...times }: Row,
): StoredItem {
  const text = subject ? `${subject}\n${body}` : body;
  return {
    id,
    text,
    vector: matters.place(parseVector(embedding), indexOf(text), topics),
    language: mainLanguageOf(language),
    at: momentOf(times),
    customer: ref ?? undefined,
    source: () => sourceOf(segmenter, body, subject),
  };
}

/** The units of a masked text: its words are cut, which takes ten times as long, when they are asked for. */
function indexOf(text: string): UnitIndex {
  return indexUnits(toUnits(normalize(track(text)).text));
}

function sourceOf(segmenter: Segmenter, text: string, subject: string | null): FeatureSource {
  return withoutCues(readDocument(segmenter, { text, subject: subject ?? undefined }));
}
