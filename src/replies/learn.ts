import { type Kysely, sql, type Transaction } from 'kysely';
import type { Context } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import { throwIfCancelled } from '../errors.ts';
import { type Learned, type Outcome, tallyOf } from './rank.ts';

const BATCH = 100;

/** All that was learned from decisions so far. */
export async function loadLearned(db: Kysely<Tables>): Promise<Learned> {
  const rows = await db.selectFrom('reply_tally').select(['feature', 'taken', 'refused']).execute();
  return new Map(rows.map(({ feature, taken, refused }) => [feature, { taken, refused }]));
}

/** Adds an outcome to the tallies of the features, in the transaction of what it comes from. */
export async function learn(
  tx: Transaction<Tables>,
  features: readonly string[],
  outcome: Outcome,
  at: Date,
): Promise<void> {
  const { taken, refused } = tallyOf(outcome);
  // One order for all, so that two decisions at once do not wait for each other.
  for (const feature of [...new Set(features)].sort()) {
    await tx
      .insertInto('reply_tally')
      .values({ feature, taken, refused, updated_at: at })
      .onConflict((conflict) =>
        conflict.column('feature').doUpdateSet({
          taken: sql`reply_tally.taken + excluded.taken`,
          refused: sql`reply_tally.refused + excluded.refused`,
          updated_at: at,
        }),
      )
      .execute();
  }
}

/**
 * Learns what became of items whose replies were sent: the customer’s score, or that they were opened again. Each reply
 * counts once; it is taken, learned from and marked in one transaction.
 *
 * @returns how many were learned from
 * @throws AppError `cancelled`, and those of the database
 */
export async function learnOutcomes({ database, now }: Context, signal: AbortSignal): Promise<number> {
  let done = 0;
  for (let taken = BATCH; taken === BATCH; ) {
    throwIfCancelled(signal);
    taken = await database.kysely.transaction().execute(async (tx) => {
      const at = now();
      const rows = await tx
        .selectFrom('reply')
        .innerJoin('feedback', 'feedback.id', 'reply.feedback_id')
        .innerJoin('draft', 'draft.id', 'reply.draft_id')
        .select(['reply.id', 'reply.reopened_before', 'feedback.reopened', 'feedback.satisfaction', 'draft.features'])
        .where('reply.state', '=', 'sent')
        .where('reply.learned_at', 'is', null)
        .where((or) =>
          or.or([
            or('feedback.satisfaction', 'is not', null),
            or('feedback.reopened', '>', or.ref('reply.reopened_before')),
          ]),
        )
        .orderBy('reply.id')
        .limit(BATCH)
        .forUpdate('reply')
        .skipLocked()
        .execute();
      for (const { id, features, reopened, reopened_before, satisfaction } of rows) {
        if (satisfaction !== null) await learn(tx, features, { kind: 'rated', score: satisfaction }, at);
        if (reopened > reopened_before) await learn(tx, features, { kind: 'reopened' }, at);
        await tx.updateTable('reply').set({ learned_at: at }).where('id', '=', id).execute();
      }
      return rows.length;
    });
    done += taken;
  }
  return done;
}
