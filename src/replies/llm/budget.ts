import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../db/tables.ts';

/** Tokens that are kept for a request while it runs. */
export interface Reservation {
  /** YYYY-MM-DD, UTC. */
  readonly day: string;
  readonly tokens: number;
}

/**
 * Takes tokens from the budget of the day (UTC) that all replicas share. A process that is killed before it settles
 * leaves its reservation spent, so that the budget holds.
 *
 * @returns undefined where that many are not left
 */
export async function reserveTokens(
  db: Kysely<Tables>,
  { tokens, limit, now }: { readonly tokens: number; readonly limit: number; readonly now: Date },
): Promise<Reservation | undefined> {
  if (tokens > limit) return undefined;
  const day = dayOf(now);
  const taken = await db
    .insertInto('model_spending')
    .values({ day, tokens })
    .onConflict((conflict) =>
      conflict
        .column('day')
        .doUpdateSet({ tokens: sql<number>`model_spending.tokens + excluded.tokens` })
        .where(sql<boolean>`model_spending.tokens + excluded.tokens <= ${limit}`),
    )
    .returning('tokens')
    .executeTakeFirst();
  return taken === undefined ? undefined : { day, tokens };
}

/** Puts what a request has cost in place of what was kept for it. */
export async function settleTokens(db: Kysely<Tables>, { day, tokens }: Reservation, cost: number): Promise<void> {
  await db
    .updateTable('model_spending')
    .set({ tokens: sql<number>`greatest(0, tokens + ${cost - tokens})` })
    .where('day', '=', day)
    .execute();
}

/** Tokens of the day (UTC), those that are kept for running requests included. */
export async function spentTokens(db: Kysely<Tables>, now: Date): Promise<number> {
  const row = await db
    .selectFrom('model_spending')
    .select(sql<number>`tokens::float8`.as('tokens'))
    .where('day', '=', dayOf(now))
    .executeTakeFirst();
  return row?.tokens ?? 0;
}

function dayOf(now: Date): string {
  return now.toISOString().slice(0, 10);
}
