import { sql } from 'kysely';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { keepSetting } from '../db/settings.ts';
import { weekdayShape } from './trend.ts';

/** The setting that keeps how messages spread over the days of a week. */
export const WEEKDAY_SHAPE = 'clusters:weekday_shape';
/** Days of the past that it is learned from. */
const SHAPE_DAYS = 56;
const EVEN: readonly number[] = new Array(7).fill(1);

const schema = z.array(z.number().positive()).length(7);

/** The shape that was kept; an even week before there is one. */
export function readShape(kept: string | undefined): readonly number[] {
  return kept === undefined ? EVEN : schema.parse(JSON.parse(kept));
}

/** Learns from all items how customers spread over the days of a week, and keeps it for the trends of clusters. */
export async function learnShape({ database, now }: Pick<Context, 'database' | 'now'>): Promise<void> {
  const at = now();
  const from = new Date(at.getTime() - SHAPE_DAYS * 86_400_000);
  const { rows } = await sql<{ weekday: number; customers: string }>`
    select extract(dow from day)::int as weekday, count(f.customer) as customers
    from generate_series(date_trunc('day', ${from}::timestamptz at time zone 'utc'),
      date_trunc('day', ${at}::timestamptz at time zone 'utc') - interval '1 day', interval '1 day') as day
    left join (
      select distinct date_trunc('day', received_at at time zone 'utc') as day, coalesce(customer_id, id) as customer
      from feedback where received_at >= ${from}::timestamptz) f using (day)
    group by day`.execute(database.kysely);
  const days = rows.map(({ weekday, customers }) => ({ weekday, customers: Number(customers) }));
  await keepSetting(database.kysely, WEEKDAY_SHAPE, JSON.stringify(weekdayShape(days)), at);
}
