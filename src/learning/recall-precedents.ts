import type { Kysely } from 'kysely';
import type { Database } from '../db/connect.ts';
import type { Tables } from '../db/tables.ts';
import { parseVector } from '../db/vector.ts';
import type { Encoder } from '../embedding/encoder.ts';
import type { Policy } from '../policy.ts';
import { settledValuesSchema, withoutRetired } from '../triage/settled.ts';
import type { Taxonomy } from '../triage/taxonomy.ts';
import { MOST_PRECEDENTS, type Precedent, type Precedents } from './precedents.ts';

export interface RecallOptions {
  readonly database: Database;
  readonly precedents: Precedents;
  readonly encoder: Encoder;
  readonly policy: Policy;
}

/**
 * Reads what people have decided since the last call: all of it at the start, afterwards what is new, and all of it
 * again when something is gone.
 */
export async function recallPrecedents({ database, precedents, encoder, policy }: RecallOptions): Promise<void> {
  const db = database.kysely;
  const { seen } = precedents;
  const { count, newest } = await db
    .selectFrom('correction')
    .select((row) => [row.fn.countAll<string>().as('count'), row.fn.max('seq').as('newest')])
    .executeTakeFirstOrThrow();
  const now = { count: Number(count), newest: newest ?? '0' };
  if (now.count === seen.count && now.newest === seen.newest) return;
  const read = (since: string) => readPrecedents(db, encoder.info.hash, policy.taxonomy, since);
  const added = await read(seen.newest);
  if (seen.count > 0 && now.count === seen.count + added.corrections)
    for (const one of added.found) precedents.put(one);
  else precedents.replace(seen.newest === '0' ? added.found : (await read('0')).found);
  precedents.seen = now;
}

/** Items whose newest correction came after `since`, oldest first, and how many corrections did. */
async function readPrecedents(db: Kysely<Tables>, encoderHash: string, taxonomy: Taxonomy, since: string) {
  const { n } = await db
    .selectFrom('correction')
    .select((row) => row.fn.countAll<string>().as('n'))
    .where('seq', '>', since)
    .executeTakeFirstOrThrow();
  const rows = await db
    .selectFrom('correction')
    .innerJoin('feedback', 'feedback.id', 'correction.feedback_id')
    .innerJoin('feedback_vector', 'feedback_vector.feedback_id', 'correction.feedback_id')
    .select(['feedback.id', 'feedback.settled', 'embedding', 'machine'])
    .where('correction.seq', '>', since)
    .where('model_hash', '=', encoderHash)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('correction as later')
            .select('later.seq')
            .whereRef('later.feedback_id', '=', 'correction.feedback_id')
            .whereRef('later.seq', '>', 'correction.seq'),
        ),
      ),
    )
    .orderBy('correction.seq', 'desc')
    .limit(MOST_PRECEDENTS)
    .execute();
  const found = rows.toReversed().map(
    ({ id, settled, embedding, machine }): Precedent => ({
      feedbackId: id,
      vector: parseVector(embedding),
      values: withoutRetired(settledValuesSchema.parse(settled), taxonomy),
      machineFlags: settledValuesSchema.parse(machine).risk_flags ?? [],
    }),
  );
  return { corrections: Number(n), found };
}
