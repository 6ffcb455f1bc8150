import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../db/tables.ts';
import { dimensionOf, groups, isIn, type Keyed, keyOf, startOf } from './draft-figures.ts';
import type { Period } from './period.ts';

/** How an item was answered first in the period: by a draft as it was, by an edited one, or without one. */
export const WAYS = ['accepted', 'edited', 'self_written'] as const;
export type Way = (typeof WAYS)[number];

export interface AnswerFigures extends Keyed {
  readonly way: Way;
  readonly items: number;
  readonly rated: number;
  readonly mean_score: number | null;
  readonly reopened: number;
}

const OF_ANSWERS = ['period', 'language', 'channel'] as const;
/** From these an item goes back only by being reopened. */
const SOLVED = sql`('resolved', 'followed_up', 'closed')`;

/** Items answered in a period, by how, and what became of them after that. */
export async function countAnswers(db: Kysely<Tables>, period: Period): Promise<AnswerFigures[]> {
  const { rows } = await sql<AnswerFigures>`
    with answered as (
      select distinct on (message.feedback_id) message.feedback_id, message.at, feedback.channel,
        case when feedback.language in ('zh', 'mixed') then 'zh' else 'en' end as language,
        ${startOf(period, sql`message.at`)} as period
      from message
      join feedback on feedback.id = message.feedback_id
      where message.direction = 'outbound' and message.at >= ${period.from} and message.at < ${period.to}
      order by message.feedback_id, message.at
    ), told as (
      select answered.*, coalesce((
          select draft.state from reply join draft on draft.id = reply.draft_id
          where reply.feedback_id = answered.feedback_id and reply.kind = 'reply' and reply.state = 'sent'
            and draft.state in ('accepted', 'edited') and reply.sent_at = answered.at
          order by reply.id desc limit 1
        ), 'self_written') as way, (
          select satisfaction.score from satisfaction
          where satisfaction.feedback_id = answered.feedback_id and satisfaction.at >= answered.at
          order by satisfaction.id desc limit 1
        ) as score, exists (
          select from transition
          where transition.feedback_id = answered.feedback_id and transition.at >= answered.at
            and transition.from_status in ${SOLVED} and transition.to_status not in ${SOLVED}
        ) as is_reopened
      from answered
    )
    select ${dimensionOf(OF_ANSWERS)}, ${keyOf(OF_ANSWERS)}, way,
      count(*)::int as items, count(score)::int as rated, avg(score)::float8 as mean_score,
      count(*) filter (where is_reopened)::int as reopened
    from told group by grouping sets (${groups(OF_ANSWERS, 'way')}) order by way`.execute(db);
  return rows;
}

export interface SourceFigures {
  readonly kind: 'template' | 'article';
  readonly id: string;
  readonly language: string;
  readonly title: string | null;
  readonly offered: number;
  readonly accepted: number;
  readonly edited: number;
  readonly rejected: number;
}

/** Templates and articles that are told of; a business has fewer. */
const MAX_SOURCES = 1_000;

/** What people did with drafts that say a template or quote an article, each draft once. */
export async function countSources(db: Kysely<Tables>, period: Period): Promise<SourceFigures[]> {
  const { rows } = await sql<SourceFigures>`
    with used as (
      select distinct draft.id as draft_id, draft.state, draft_set.language,
        source ->> 'kind' as kind, source ->> 'id' as id, source ->> 'title' as title
      from draft_set
      join draft on draft.set_id = draft_set.id
      cross join lateral jsonb_array_elements(draft.suggestion -> 'sentences') as sentence
      cross join lateral jsonb_array_elements(sentence -> 'sources') as source
      where ${isIn(period)} and source ->> 'kind' in ('template', 'article')
    )
    select kind, id, language, max(title) as title,
      count(*)::int as offered,
      count(*) filter (where state = 'accepted')::int as accepted,
      count(*) filter (where state = 'edited')::int as edited,
      count(*) filter (where state = 'rejected')::int as rejected
    from used group by kind, id, language
    order by count(*) filter (where state in ('accepted', 'edited', 'rejected')) desc, kind, id, language
    limit ${MAX_SOURCES}`.execute(db);
  return rows;
}

export interface GuardFigures {
  readonly guard: string;
  readonly withheld: number;
  readonly withheld_from_model: number;
  readonly warned: number;
}

/** How often each guard fired: what it took out of drafts and of rewordings, and of what it warned. */
export async function countGuards(db: Kysely<Tables>, period: Period): Promise<GuardFigures[]> {
  const { rows } = await sql<GuardFigures>`
    with fired as (
      select held -> 'finding' ->> 'guard' as guard, 'withheld' as how
      from draft_set cross join lateral jsonb_array_elements(draft_set.withheld) as held
      where ${isIn(period)}
      union all
      select held, 'model'
      from draft_set join rewording on rewording.set_id = draft_set.id
      cross join lateral jsonb_array_elements_text(rewording.guards) as held
      where ${isIn(period)}
      union all
      select found ->> 'guard', 'warned'
      from draft_set join draft on draft.set_id = draft_set.id
      cross join lateral jsonb_array_elements(draft.suggestion -> 'findings') as found
      where ${isIn(period)}
    )
    select guard,
      count(*) filter (where how = 'withheld')::int as withheld,
      count(*) filter (where how = 'model')::int as withheld_from_model,
      count(*) filter (where how = 'warned')::int as warned
    from fired group by guard order by count(*) desc, guard`.execute(db);
  return rows;
}

export interface RewordingFigures {
  readonly outcome: string;
  readonly n: number;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly estimated: number;
}

/** What a model was asked for, by what became of it, and the tokens. */
export async function countRewordings(db: Kysely<Tables>, period: Period): Promise<RewordingFigures[]> {
  const { rows } = await sql<RewordingFigures>`
    select coalesce(rewording.reason, rewording.state) as outcome, count(*)::int as n,
      coalesce(sum(prompt_tokens), 0)::float8 as prompt_tokens,
      coalesce(sum(completion_tokens), 0)::float8 as completion_tokens,
      count(*) filter (where not is_counted and prompt_tokens > 0)::int as estimated
    from rewording join draft_set on draft_set.id = rewording.set_id
    where ${isIn(period)}
    group by 1 order by n desc, outcome`.execute(db);
  return rows;
}
