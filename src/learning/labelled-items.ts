import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../db/tables.ts';
import { parseVector } from '../db/vector.ts';
import type { Segmenter } from '../text/segment.ts';
import { readDocument } from '../triage/document.ts';
import type { TrainingExample } from './train.ts';

/** An item that a person confirmed or corrected, as an example. */
export interface LabelledItem extends TrainingExample {
  readonly language: string;
  /** Kept out of every training, so that versions can be compared on it. */
  readonly isHeldOut: boolean;
}

/** Items that are read: the newest; older ones have taught earlier versions and the business has moved on. */
const MOST_ITEMS = 20_000;
const PAGE = 500;
/** One item in five is held out, by its id: the same ones for ever. */
const HELD_OUT_OF = 5;

/** All items about which people have decided, newest first, that this encoder has embedded. */
export async function listLabelledItems(
  db: Kysely<Tables>,
  segmenter: Segmenter,
  encoderHash: string,
  signal?: AbortSignal,
): Promise<LabelledItem[]> {
  const items: LabelledItem[] = [];
  let before: string | undefined;
  while (items.length < MOST_ITEMS) {
    signal?.throwIfAborted();
    let query = db
      .selectFrom('feedback')
      .innerJoin('feedback_vector', 'feedback_vector.feedback_id', 'feedback.id')
      .leftJoin('decision', 'decision.id', 'feedback.decision_id')
      .select(['feedback.id', 'subject', 'body', 'language', 'type', 'topics', 'risk_flags', 'embedding'])
      // What a later message or a merged item added is not in this text.
      .select(sql<string[] | null>`decision.decision #> '{raised,before,risk_flags}'`.as('own_flags'))
      .where('reviewed_at', 'is not', null)
      .where('model_hash', '=', encoderHash);
    if (before !== undefined) query = query.where('feedback.id', '<', before);
    const rows = await query.orderBy('feedback.id', 'desc').limit(PAGE).execute();
    for (const row of rows) {
      const { words, cues, normal } = readDocument(segmenter, { text: row.body, subject: row.subject ?? undefined });
      items.push({
        id: row.id,
        type: row.type,
        topics: row.topics,
        flags: row.own_flags ?? row.risk_flags,
        language: row.language,
        vector: parseVector(row.embedding),
        words,
        cues,
        normal: { text: normal.text },
        isHeldOut: isHeldOut(row.id),
      });
    }
    before = rows.at(-1)?.id;
    if (rows.length < PAGE) break;
  }
  return items;
}

function isHeldOut(id: string): boolean {
  return createHash('sha256').update(id).digest().readUInt32BE(0) % HELD_OUT_OF === 0;
}
