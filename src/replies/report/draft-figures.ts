import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Tables } from '../../db/tables.ts';
import type { Period } from './period.ts';

/** By what figures are told apart; `all` is the whole. */
export const DIMENSIONS = ['all', 'period', 'language', 'channel', 'situation', 'approach'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Whom a figure is about; key `''` where there is none, such as a set without a situation. */
export interface Keyed {
  readonly dimension: Dimension;
  readonly key: string;
}

export interface DraftFigures extends Keyed {
  readonly offered: number;
  readonly accepted: number;
  readonly edited: number;
  readonly rejected: number;
  readonly mean_changed: number | null;
  readonly median_seconds: number | null;
}

export interface SetFigures extends Keyed {
  readonly sets: number;
  readonly without_draft: number;
  readonly used: number;
}

/** How often something was given as the reason. */
export interface ReasonFigures extends Keyed {
  readonly reason: string;
  readonly n: number;
}

const OF_DRAFTS = ['period', 'language', 'channel', 'situation', 'approach'] as const;
const OF_SETS = ['period', 'language', 'channel', 'situation'] as const;

/** One pass over the drafts of a period, in the memory of a hash of groups. */
export async function countDrafts(db: Kysely<Tables>, period: Period): Promise<DraftFigures[]> {
  const { rows } = await sql<DraftFigures>`
    with offered as (${offeredIn(period)})
    select ${dimensionOf(OF_DRAFTS)}, ${keyOf(OF_DRAFTS)},
      count(*)::int as offered,
      count(*) filter (where state = 'accepted')::int as accepted,
      count(*) filter (where state = 'edited')::int as edited,
      count(*) filter (where state = 'rejected')::int as rejected,
      avg(distance) filter (where state = 'edited') as mean_changed,
      percentile_cont(0.5) within group (order by seconds) as median_seconds
    from offered group by grouping sets (${groups(OF_DRAFTS)}) order by 1, 2`.execute(db);
  return rows;
}

/** Why drafts were rejected. */
export async function countRejections(db: Kysely<Tables>, period: Period): Promise<ReasonFigures[]> {
  const { rows } = await sql<ReasonFigures>`
    with offered as (${offeredIn(period)})
    select ${dimensionOf(OF_DRAFTS)}, ${keyOf(OF_DRAFTS)}, coalesce(reason, 'other') as reason, count(*)::int as n
    from offered where state = 'rejected'
    group by grouping sets (${groups(OF_DRAFTS, 'reason')}) order by n desc, reason`.execute(db);
  return rows;
}

/** Sets, those without a draft, and those of which one was sent. */
export async function countSets(db: Kysely<Tables>, period: Period): Promise<SetFigures[]> {
  const { rows } = await sql<SetFigures>`
    with made as (${madeIn(period)})
    select ${dimensionOf(OF_SETS)}, ${keyOf(OF_SETS)},
      count(*)::int as sets,
      count(*) filter (where "none" is not null)::int as without_draft,
      count(*) filter (where is_used)::int as used
    from made group by grouping sets (${groups(OF_SETS)}) order by 1, 2`.execute(db);
  return rows;
}

/** Why sets have no draft. */
export async function countNone(db: Kysely<Tables>, period: Period): Promise<ReasonFigures[]> {
  const { rows } = await sql<ReasonFigures>`
    with made as (${madeIn(period)})
    select ${dimensionOf(OF_SETS)}, ${keyOf(OF_SETS)}, "none" as reason, count(*)::int as n
    from made where "none" is not null
    group by grouping sets (${groups(OF_SETS, '"none"')}) order by n desc, reason`.execute(db);
  return rows;
}

/** The condition that a set was made in a period. */
export function isIn({ from, to }: Period): RawBuilder<boolean> {
  return sql`draft_set.at >= ${from} and draft_set.at < ${to}`;
}

/** The period that a moment lies in, as its first day. */
export function startOf({ every, zone }: Period, moment: RawBuilder<Date>): RawBuilder<string> {
  return sql`to_char(date_trunc(${every}::text, ${moment} at time zone ${zone}::text), 'YYYY-MM-DD')`;
}

/** Columns that say which of the groupings a row is of (bits of `grouping`, the first name highest). */
export function dimensionOf(names: readonly Dimension[]): RawBuilder<Dimension> {
  const whole = 2 ** names.length - 1;
  const cases = names.map((name, at) => `when ${whole - 2 ** (names.length - 1 - at)} then '${name}'`).join(' ');
  return sql`${sql.raw(`case grouping(${names.join(', ')}) ${cases} else 'all' end as dimension`)}`;
}

export function keyOf(names: readonly Dimension[]): RawBuilder<string> {
  return sql`${sql.raw(`coalesce(${names.join(', ')}, '') as key`)}`;
}

/** The whole and each name by itself, all of them beside `also`. */
export function groups(names: readonly Dimension[], also?: string): RawBuilder<unknown> {
  const beside = also === undefined ? '' : `, ${also}`;
  return sql.raw([`(${also ?? ''})`, ...names.map((name) => `(${name}${beside})`)].join(', '));
}

function offeredIn(period: Period): RawBuilder<unknown> {
  return sql`
    select draft.state, draft.reason, draft.distance, extract(epoch from draft.decided_at - draft.at) as seconds,
      draft.suggestion ->> 'approach' as approach, draft_set.language, draft_set.situation, feedback.channel,
      ${startOf(period, sql`draft_set.at`)} as period
    from draft_set
    join draft on draft.set_id = draft_set.id
    join feedback on feedback.id = draft_set.feedback_id
    where ${isIn(period)}`;
}

function madeIn(period: Period): RawBuilder<unknown> {
  return sql`
    select draft_set."none", draft_set.language, draft_set.situation, feedback.channel,
      ${startOf(period, sql`draft_set.at`)} as period,
      exists (
        select from draft where draft.set_id = draft_set.id and draft.state in ('accepted', 'edited')
      ) as is_used
    from draft_set
    join feedback on feedback.id = draft_set.feedback_id
    where ${isIn(period)}`;
}
