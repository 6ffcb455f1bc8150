import { type RawBuilder, sql } from 'kysely';
import { DateTime } from 'luxon';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { decodeCursor, toPage } from '../db/paginate.ts';
import { throwIfCancelled } from '../errors.ts';
import { bilingualSchema } from '../triage/taxonomy.ts';
import type { PageQuery } from './page-query.ts';
import { toView } from './rows.ts';
import { feedbackSchema } from './view.ts';

/** The business promises that items are assigned within 24 h. */
const ASSIGNED_WITHIN_H = 24;
/** After so long the customer will hardly write any more. */
const WAITING_DAYS = 14;
const BATCH = 500;

/** Why an item counts as forgotten. */
export const FORGOTTEN_NOTES = {
  no_owner: { zh: '超过 24 小时没有人负责', en: 'Nobody has had it for more than 24 hours' },
  overdue: { zh: '已超过期限', en: 'It is past its due time' },
  untouched: { zh: '长时间没有任何进展', en: 'Nothing has happened to it for long' },
  not_assigned: { zh: '超过 24 小时还没有分派', en: 'It was not assigned within 24 hours' },
  waiting_too_long: { zh: '等待客户回复超过 14 天', en: 'The customer has been waited for for more than 14 days' },
} as const;
const CODES = ['no_owner', 'overdue', 'untouched', 'not_assigned', 'waiting_too_long'] as const;

export const forgottenSchema = feedbackSchema
  .extend({ reasons: z.array(z.object({ code: z.enum(CODES), note: bilingualSchema })) })
  .meta({ id: 'ForgottenItem' });
export type ForgottenItem = z.infer<typeof forgottenSchema>;

type Needed = Pick<Context, 'database' | 'config' | 'now'>;

/** Open items that nobody seems to think of, oldest first. */
export async function listForgotten(
  { database, config, now }: Needed,
  { limit, cursor }: PageQuery,
): Promise<{ items: ForgottenItem[]; next_cursor: string | null }> {
  const reasons = reasonsAt(now(), config);
  let forgotten = database.kysely
    .selectFrom('feedback')
    .selectAll()
    .select(reasons.as('reasons'))
    .where(IS_OPEN)
    .where(sql<boolean>`cardinality(${reasons}) > 0`);
  if (cursor !== undefined) forgotten = forgotten.where('id', '>', decodeCursor('uuid', cursor));
  const found = await forgotten
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  const page = toPage(found, limit, 'uuid', (row) => row.id);
  const items = page.items.map(({ reasons: codes, ...row }) => ({
    ...toView(row),
    reasons: z
      .array(z.enum(CODES))
      .parse(codes)
      .map((code) => ({ code, note: FORGOTTEN_NOTES[code] })),
  }));
  return { items, next_cursor: page.nextCursor };
}

/**
 * Tells of every forgotten item once a day (of the business time zone), by an event `feedback.forgotten`. The item is
 * marked and told of in one statement, so that of two runs at once one tells.
 *
 * @returns events written
 * @throws AppError `cancelled`, and those of the database
 */
export async function tellForgotten({ database, config, now }: Needed, signal: AbortSignal): Promise<number> {
  const at = now();
  const reasons = reasonsAt(at, config);
  const day = DateTime.fromJSDate(at, { zone: config.TIME_ZONE }).toISODate();
  let told = 0;
  for (let count = BATCH; count === BATCH; told += count) {
    throwIfCancelled(signal);
    const { rows } = await sql`
      with late as (
        select id, ${reasons} as reasons from feedback
        where ${IS_OPEN} and (forgotten_on is null or forgotten_on < ${day}::date) and cardinality(${reasons}) > 0
        order by id limit ${sql.lit(BATCH)} for update skip locked
      ), marked as (
        update feedback set forgotten_on = ${day}::date from late where feedback.id = late.id
        returning feedback.id, late.reasons, feedback.priority, feedback.queue, feedback.assignee
      )
      insert into outbox (at, event, subject_id, payload)
      select ${at}, 'feedback.forgotten', id::text,
        jsonb_build_object('reasons', reasons, 'priority', priority, 'queue', queue, 'assignee', assignee, 'day', ${day}::text)
      from marked returning seq`.execute(database.kysely);
    count = rows.length;
  }
  return told;
}

const IS_OPEN = sql<boolean>`(status not in ('resolved', 'followed_up', 'closed') and merged_into is null)`;

/** The codes that hold for a row of `feedback` at a time. Who snoozed an item thinks of it until then. */
function reasonsAt(at: Date, { FORGOTTEN_AFTER_HOURS }: Pick<Context['config'], 'FORGOTTEN_AFTER_HOURS'>) {
  const ago = (hours: number) => sql`${at}::timestamptz - make_interval(hours => ${sql.lit(hours)})`;
  const isAwake = sql`(snoozed_until is null or snoozed_until <= ${at})`;
  const isWaiting = sql`status = 'waiting_for_customer'`;
  const conditions: Readonly<Record<(typeof CODES)[number], RawBuilder<unknown>>> = {
    no_owner: sql`assignee is null and status not in ('received', 'classified') and ${isAwake}
      and received_at < ${ago(ASSIGNED_WITHIN_H)}`,
    overdue: sql`(first_responded_at is null and first_response_due_at < ${at})
      or (not (${isWaiting}) and resolve_due_at < ${at})`,
    untouched: sql`not (${isWaiting}) and ${isAwake} and updated_at < ${ago(FORGOTTEN_AFTER_HOURS)}`,
    not_assigned: sql`status in ('received', 'classified', 'prioritised') and received_at < ${ago(ASSIGNED_WITHIN_H)}`,
    waiting_too_long: sql`${isWaiting} and (pauses -> -1 ->> 'from')::timestamptz < ${ago(24 * WAITING_DAYS)}`,
  };
  const cases = CODES.map((code) => sql`case when ${conditions[code]} then ${sql.lit(code)}::text end`);
  return sql<string[]>`array_remove(array[${sql.join(cases)}], null)`;
}
