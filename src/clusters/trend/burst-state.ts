import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Tables } from '../../db/tables.ts';
import type { BurstState } from './burst.ts';

const pair = z.tuple([z.number(), z.number()]);
const stateSchema = z.object({
  baseline: z.object({
    hours: z.number(),
    level: pair,
    byHour: z.array(pair),
    byWeekday: z.array(pair),
    spread: pair,
  }),
  hour: z.number().optional(),
  inHour: z.array(z.string()),
  before: z.number().optional(),
  recent: z.array(z.tuple([z.string(), z.number()])),
  burst: z.object({ startedAt: z.number(), openedAt: z.number(), peak: z.number(), expected: z.number() }).optional(),
});

/** What the detector of a key has learned, and until when. */
export async function readBurstState(
  tx: Transaction<Tables>,
  key: string,
): Promise<{ state: BurstState; through: Date } | undefined> {
  const row = await tx.selectFrom('burst_state').select(['state', 'through']).where('key', '=', key).executeTakeFirst();
  if (row === undefined) return undefined;
  const { hour, before, burst, ...state } = stateSchema.parse(row.state);
  return { state: { ...state, hour, before, burst }, through: row.through };
}

export async function writeBurstState(
  tx: Transaction<Tables>,
  key: string,
  state: BurstState,
  through: Date,
): Promise<void> {
  const values = { state: JSON.stringify(state), through, updated_at: through };
  await tx
    .insertInto('burst_state')
    .values({ key, ...values })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(values))
    .execute();
}
