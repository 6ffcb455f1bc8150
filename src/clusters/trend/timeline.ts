import { sql } from 'kysely';
import { z } from 'zod';
import { isTimeZone } from '../../config.ts';
import type { Context } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { zonedTime } from '../../intake/request.ts';
import { getClusterRow } from '../find-cluster.ts';

/** When an item happened: what is told of it, and never after it came. */
const MOMENT = sql<Date>`least(coalesce(f.happened_at, f.received_at), f.received_at)`;
/** Who wrote it; an item of nobody known is somebody else each time. */
const VOICE = sql<string>`coalesce(f.customer_id, f.id)`;
const STEPS = ['hour', 'day', 'week'] as const;
const HOUR_MS = 3_600_000;
/** Length of a step, and of a timeline when nobody says from when. */
const LENGTHS = {
  hour: { step: HOUR_MS, span: 48 * HOUR_MS },
  day: { step: 24 * HOUR_MS, span: 30 * 24 * HOUR_MS },
  week: { step: 168 * HOUR_MS, span: 26 * 168 * HOUR_MS },
} as const;
/** Longest timeline: six weeks of hours, nearly three years of days. */
const MOST_STEPS = 1_000;

export const timelineQuerySchema = z.strictObject({
  by: z.enum(STEPS).default('day').describe('Length of a step; weeks begin on Mondays.').meta({ example: 'day' }),
  from: zonedTime
    .optional()
    .describe('Begins with the step of this time; 48 hours, 30 days or 26 weeks before the end unless told.')
    .meta({ example: '2026-11-01T00:00:00+08:00' }),
  before: zonedTime.optional().describe('Ends before this time; now unless told.'),
  time_zone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'must be an IANA time zone such as Asia/Shanghai')
    .optional()
    .describe('Whose days and weeks are counted; the service’s TIME_ZONE unless told.')
    .meta({ example: 'Asia/Shanghai' }),
});
export type TimelineQuery = z.infer<typeof timelineQuerySchema>;

export const timelineSchema = z
  .object({
    by: z.enum(STEPS),
    time_zone: z.string(),
    steps: z
      .array(
        z.object({
          from: z.iso.datetime(),
          items: z.int(),
          customers: z.int().describe('Distinct ones of this step.'),
        }),
      )
      .describe('Oldest first, those without anybody among them.'),
  })
  .meta({ id: 'ClusterTimeline' });
export type Timeline = z.infer<typeof timelineSchema>;

/**
 * How many items and distinct customers happened in each step, none left out.
 *
 * @throws AppError `not_found`; `invalid_input` for a period without length or of more than 1 000 steps
 */
export async function getTimeline(
  { database: { kysely }, config, now }: Pick<Context, 'database' | 'config' | 'now'>,
  id: string,
  query: TimelineQuery,
): Promise<Timeline> {
  const row = await getClusterRow(kysely, id);
  const { by, time_zone = config.TIME_ZONE } = query;
  const { step, span } = LENGTHS[by];
  const end = query.before === undefined ? now() : new Date(query.before);
  const start = query.from === undefined ? new Date(end.getTime() - span) : new Date(query.from);
  checkPeriod(end.getTime() - start.getTime(), step);
  const local = sql`at time zone ${time_zone}::text`;
  const cut = (at: Date) => sql`date_trunc(${by}, ${at}::timestamptz ${local})`;
  const last = new Date(end.getTime() - 1);
  const { rows } = await sql<{ at: Date; items: string; customers: string }>`
    with step as (
      select at from generate_series(${cut(start)}, ${cut(last)}, ${`1 ${by}`}::interval) as at),
    said as (
      select date_trunc(${by}, ${MOMENT} ${local}) as at, count(*) as items, count(distinct ${VOICE}) as customers
      from cluster_member m join feedback f on f.id = m.feedback_id
      where m.cluster_id = ${row.id}::uuid
        and ${MOMENT} >= ${cut(start)} ${local} and ${MOMENT} < ${end}::timestamptz
      group by 1)
    select step.at ${local} as at, coalesce(items, 0) as items, coalesce(customers, 0) as customers
    from step left join said using (at) order by step.at`.execute(kysely);
  const steps = rows.map(({ at, items, customers }) => ({
    from: at.toISOString(),
    items: Number(items),
    customers: Number(customers),
  }));
  return { by, time_zone, steps };
}

function checkPeriod(length: number, step: number): void {
  const message =
    length <= 0
      ? 'must be before the end of the period'
      : length / step > MOST_STEPS
        ? `must be at most ${MOST_STEPS} steps before the end of the period; choose longer steps`
        : undefined;
  if (message !== undefined)
    throw new AppError('invalid_input', `The period ${message}.`, { errors: [{ pointer: '/from', message }] });
}
