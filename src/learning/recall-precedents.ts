import { sql } from 'kysely';
import type { Database } from '../db/connect.ts';
import { parseVector } from '../db/vector.ts';
import type { Encoder } from '../embedding/encoder.ts';
import { settledValuesSchema } from '../triage/settled.ts';
import type { Precedents } from './precedents.ts';

/** Precedents that are remembered: the newest. The others have been learned from. */
const MOST = 5_000;

export interface RecallOptions {
  readonly database: Database;
  readonly precedents: Precedents;
  readonly encoder: Encoder;
}

/** Reads what people have decided from the database: at the start, and when another replica was told something. */
export async function recallPrecedents({ database, precedents, encoder }: RecallOptions): Promise<void> {
  const rows = await database.kysely
    .selectFrom('feedback')
    .innerJoin('feedback_vector', 'feedback_vector.feedback_id', 'feedback.id')
    .innerJoin('correction', 'correction.feedback_id', 'feedback.id')
    .select(['feedback.id', 'feedback.settled', 'embedding', 'machine'])
    .where('model_hash', '=', encoder.info.hash)
    .where('correction.seq', '=', (latest) =>
      latest
        .selectFrom('correction as other')
        .select((row) => row.fn.max('other.seq').as('seq'))
        .whereRef('other.feedback_id', '=', 'feedback.id'),
    )
    .orderBy('correction.seq', 'desc')
    .limit(MOST)
    .execute();
  precedents.replace(
    rows.map(({ id, settled, embedding, machine }) => ({
      feedbackId: id,
      vector: parseVector(embedding),
      values: settledValuesSchema.parse(settled),
      machineFlags: settledValuesSchema.parse(machine).risk_flags ?? [],
    })),
  );
}

/** Changes whenever a correction is added or goes away with its item. */
export async function correctionsMark(database: Database): Promise<string> {
  const { rows } = await sql<{ mark: string }>`
    select concat(count(*), ':', max(seq)) as mark from correction`.execute(database.kysely);
  return rows[0]?.mark ?? '';
}
