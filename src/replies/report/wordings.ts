import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../db/tables.ts';
import { isIn } from './draft-figures.ts';
import type { Period } from './period.ts';
import type { ReportWording } from './schema.ts';
import { type Decided, decidedOf, isWeak, MIN_TO_SAY, sharesOf } from './share.ts';

/** Wordings that are told of; the shipped templates have fewer. */
const MAX_WORDINGS = 1_000;

/** What people did with drafts of one approach and language: with one wording of a template, or all of them. */
export interface WordingFigures extends Decided {
  /** Null, like `wording`, in the row of all drafts. */
  readonly id: string | null;
  readonly wording: string | null;
  readonly language: string;
  readonly approach: string;
  readonly offered: number;
}

const COUNTS = sql`count(*)::int as offered,
  count(*) filter (where state = 'accepted')::int as accepted,
  count(*) filter (where state = 'edited')::int as edited,
  count(*) filter (where state = 'rejected')::int as rejected`;

/** Drafts of a period by approach and language, as a whole and by the wordings of templates that they say. */
export async function countWordings(db: Kysely<Tables>, period: Period): Promise<WordingFigures[]> {
  const { rows } = await sql<WordingFigures>`
    with shown as (
      select draft.id as draft_id, draft.state, draft.suggestion, draft.suggestion ->> 'approach' as approach,
        draft_set.language
      from draft_set join draft on draft.set_id = draft_set.id
      where ${isIn(period)}
    ), used as (
      select distinct draft_id, state, approach, language, source ->> 'id' as id, source ->> 'wording' as wording
      from shown
      cross join lateral jsonb_array_elements(suggestion -> 'sentences') as sentence
      cross join lateral jsonb_array_elements(sentence -> 'sources') as source
      where source ->> 'kind' = 'template' and source ->> 'wording' is not null
    )
    select null::text as id, null::text as wording, language, approach, ${COUNTS}
    from shown group by language, approach
    union all
    select id, wording, language, approach, ${COUNTS}
    from used group by id, wording, language, approach
    order by id, language, approach, wording`.execute(db);
  return rows;
}

/**
 * Each wording beside the other drafts of its approach and language, because a plan takes a wording of its own: a brief
 * reply the short one. Told are those of templates that were said in several, where enough drafts were decided about.
 */
export function toWordings(figures: readonly WordingFigures[]): ReportWording[] {
  const keyOf = ({ language, approach }: WordingFigures) => `${language} ${approach}`;
  const all = new Map(figures.filter(({ id }) => id === null).map((row) => [keyOf(row), row]));
  return figures
    .flatMap((row): ReportWording[] => {
      const { id, wording, language, approach, offered } = row;
      const rest = all.get(keyOf(row));
      if (id === null || wording === null || rest === undefined || decidedOf(row) < MIN_TO_SAY) return [];
      const isOnly = figures.every(
        (other) => other.id !== id || other.language !== language || other.wording === wording,
      );
      if (isOnly) return [];
      return [{ id, wording, language, approach, offered, ...sharesOf(row), is_weak: isWeak(row, rest) }];
    })
    .slice(0, MAX_WORDINGS);
}
