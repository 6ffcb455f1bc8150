import type { Kysely } from 'kysely';
import type { Tables } from '../db/tables.ts';
import { parseVector } from '../db/vector.ts';
import { type FeatureSource, withoutCues } from '../learning/features.ts';
import { mainLanguageOf } from '../text/main-language.ts';
import type { Segmenter } from '../text/segment.ts';
import { readDocument } from '../triage/document.ts';
import type { ArrivalEntry } from './arrival/arrival-index.ts';
import type { ClusterItem } from './item.ts';

/** An item as clusters read it from the database; its words are cut when they are asked for. */
export interface StoredItem extends ArrivalEntry {
  /** Masked. */
  readonly text: string;
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
  segmenter: Segmenter,
  { encoderHash, before, after, limit }: StoredRange,
): Promise<StoredItem[]> {
  let query = selectItems(db, encoderHash);
  if (before !== undefined) query = query.where('feedback.id', '<', before);
  if (after !== undefined) query = query.where('feedback.id', '>', after);
  const rows = await query.orderBy('feedback.id', 'desc').limit(limit).execute();
  return rows.map((row) => toStored(segmenter, row));
}

/** The items of these ids that there are and that this encoder has embedded. */
export async function getStoredItems(
  db: Kysely<Tables>,
  segmenter: Segmenter,
  encoderHash: string,
  ids: readonly string[],
): Promise<StoredItem[]> {
  if (ids.length === 0) return [];
  const rows = await selectItems(db, encoderHash).where('feedback.id', 'in', ids).orderBy('feedback.id').execute();
  return rows.map((row) => toStored(segmenter, row));
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
    .select(['feedback.id', 'language', 'subject', 'body', 'received_at', 'happened_at', 'ref', 'embedding'])
    .where('model_hash', '=', encoderHash);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectItems>['execute']>>[number];

function toStored(segmenter: Segmenter, { id, subject, body, language, ref, embedding, ...times }: Row): StoredItem {
  return {
    id,
    text: subject ? `${subject}\n${body}` : body,
    vector: parseVector(embedding),
    language: mainLanguageOf(language),
    at: momentOf(times),
    customer: ref ?? undefined,
    source: () => sourceOf(segmenter, body, subject),
  };
}

function sourceOf(segmenter: Segmenter, text: string, subject: string | null): FeatureSource {
  return withoutCues(readDocument(segmenter, { text, subject: subject ?? undefined }));
}
