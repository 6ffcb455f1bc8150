import { type Kysely, sql } from 'kysely';
import type { Tables } from '../db/tables.ts';
import { parseVector } from '../db/vector.ts';
import type { Policy } from '../policy.ts';
import { center } from './features.ts';
import type { HeadModel } from './head.ts';
import { rowAt } from './quantized.ts';

/** A labelled text: a shipped example, or an item about which a person decided. */
export interface LabelledRow {
  readonly id: string;
  readonly type: string;
  readonly topics: readonly string[];
  readonly risk_flags: readonly string[];
  /** Centred, of unit length. */
  readonly vector: Float32Array;
}

/** Items that are read: the newest. Each is compared with all others. */
const MOST_ITEMS = 5_000;
const PAGE = 500;

/** Shipped examples that the version in force learned from, with their vectors as it keeps them. */
export function listSeedRows({ seeds }: Pick<Policy, 'seeds'>, model: HeadModel): LabelledRow[] {
  const rowOf = new Map(model.exampleIds.map((id, row) => [id, row]));
  return seeds.flatMap(({ id, type, topics, risk_flags }) => {
    const row = rowOf.get(id);
    return row === undefined ? [] : [{ id, type, topics, risk_flags, vector: rowAt(model.exampleVectors, row) }];
  });
}

/** Items as people have labelled them by now, the newest first: also those that no version was trained from. */
export async function listItemRows(
  db: Kysely<Tables>,
  { encoderHash, mean }: { readonly encoderHash: string; readonly mean: Float32Array },
  signal?: AbortSignal,
): Promise<LabelledRow[]> {
  const found: LabelledRow[] = [];
  let before: string | undefined;
  while (found.length < MOST_ITEMS) {
    signal?.throwIfAborted();
    let query = db
      .selectFrom('feedback')
      .innerJoin('feedback_vector', 'feedback_vector.feedback_id', 'feedback.id')
      .leftJoin('decision', 'decision.id', 'feedback.decision_id')
      .select(['feedback.id', 'type', 'topics', 'risk_flags', 'embedding'])
      // What a later message or a merged item added is not in this text.
      .select(sql<string[] | null>`decision.decision #> '{raised,before,risk_flags}'`.as('own_flags'))
      .where('reviewed_at', 'is not', null)
      .where('model_hash', '=', encoderHash);
    if (before !== undefined) query = query.where('feedback.id', '<', before);
    const rows = await query.orderBy('feedback.id', 'desc').limit(PAGE).execute();
    for (const { id, type, topics, risk_flags, own_flags, embedding } of rows)
      found.push({
        id,
        type,
        topics,
        risk_flags: own_flags ?? risk_flags,
        vector: center(parseVector(embedding), mean),
      });
    before = rows.at(-1)?.id;
    if (rows.length < PAGE) break;
  }
  return found;
}
