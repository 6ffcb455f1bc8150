import type { Context } from '../../context.ts';
import {
  countDrafts,
  countNone,
  countRejections,
  countSets,
  DIMENSIONS,
  type DraftFigures,
  type Keyed,
  type ReasonFigures,
  type SetFigures,
} from './draft-figures.ts';
import {
  type AnswerFigures,
  countAnswers,
  countGuards,
  countRewordings,
  countSources,
  type RewordingFigures,
  type SourceFigures,
} from './other-figures.ts';
import { periodOf, type ReportQuery } from './period.ts';
import type { ReplyReport, ReportGroup, ReportSource } from './schema.ts';
import { decidedOf, isWeak, MIN_TO_SAY, meanOf, shareOf, sharesOf } from './share.ts';
import { countWordings, toWordings } from './wordings.ts';

const NO_DRAFTS = { offered: 0, accepted: 0, edited: 0, rejected: 0, mean_changed: null, median_seconds: null };
const MILLION = 1_000_000;

/**
 * What became of the drafts of a period, counted by the database.
 *
 * @throws AppError `invalid_input` for a period that is empty or too long, and those of the database
 */
export async function reportReplies(
  context: Pick<Context, 'database' | 'config' | 'now'>,
  query: ReportQuery,
): Promise<ReplyReport> {
  const period = periodOf(query, context);
  const db = context.database.kysely;
  const drafts = await countDrafts(db, period);
  const figures = {
    drafts,
    rejections: await countRejections(db, period),
    sets: await countSets(db, period),
    none: await countNone(db, period),
    answers: await countAnswers(db, period),
  };
  const sources = toSources(await countSources(db, period), drafts);
  return {
    from: period.from.toISOString(),
    to: period.to.toISOString(),
    every: period.every,
    time_zone: period.zone,
    too_few_below: MIN_TO_SAY,
    groups: toGroups(figures),
    weak: sources.filter(({ is_weak }) => is_weak),
    sources,
    wordings: toWordings(await countWordings(db, period)),
    guards: await countGuards(db, period),
    model: toModel(await countRewordings(db, period), context.config),
  };
}

interface Figures {
  readonly drafts: readonly DraftFigures[];
  readonly rejections: readonly ReasonFigures[];
  readonly sets: readonly SetFigures[];
  readonly none: readonly ReasonFigures[];
  readonly answers: readonly AnswerFigures[];
}

function toGroups(figures: Figures): ReportGroup[] {
  const named = new Map<string, Keyed>([['all ', { dimension: 'all', key: '' }]]);
  for (const { dimension, key } of [...figures.drafts, ...figures.sets, ...figures.answers])
    named.set(`${dimension} ${key}`, { dimension, key });
  return [...named.values()]
    .toSorted(
      (left, right) =>
        DIMENSIONS.indexOf(left.dimension) - DIMENSIONS.indexOf(right.dimension) || (left.key < right.key ? -1 : 1),
    )
    .map((group) => toGroup(group, figures));
}

function toGroup({ dimension, key }: Keyed, { drafts, rejections, sets, none, answers }: Figures): ReportGroup {
  const isOf = (row: Keyed) => row.dimension === dimension && row.key === key;
  const reasons = (rows: readonly ReasonFigures[]) => rows.filter(isOf).map(({ reason, n }) => ({ reason, n }));
  const own = drafts.find(isOf) ?? NO_DRAFTS;
  const set = sets.find(isOf) ?? { sets: 0, without_draft: 0, used: 0 };
  const hasAnswers = dimension !== 'situation' && dimension !== 'approach';
  return {
    ...{ dimension, key },
    sets:
      dimension === 'approach'
        ? null
        : {
            made: set.sets,
            without_draft: shareOf(set.without_draft, set.sets),
            reasons: reasons(none),
            used: shareOf(set.used, set.sets),
          },
    offered: own.offered,
    ...sharesOf(own),
    reasons: reasons(rejections),
    mean_changed: meanOf(own.mean_changed, own.edited),
    median_seconds: meanOf(own.median_seconds, decidedOf(own)),
    answers: hasAnswers ? answers.filter(isOf).map(toAnswer) : null,
  };
}

function toAnswer({ way, items, rated, mean_score, reopened }: AnswerFigures) {
  return { way, items, rated, mean_score: meanOf(mean_score, rated), reopened: shareOf(reopened, items) };
}

/** Each source beside the other drafts of its language. */
function toSources(sources: readonly SourceFigures[], drafts: readonly DraftFigures[]): ReportSource[] {
  const languages = new Map(drafts.filter(({ dimension }) => dimension === 'language').map((row) => [row.key, row]));
  return sources.map(({ kind, id, language, title, offered, ...decided }) => ({
    ...{ kind, id, language, title, offered },
    ...sharesOf(decided),
    is_weak: isWeak(decided, languages.get(language) ?? NO_DRAFTS),
  }));
}

function toModel(
  rows: readonly RewordingFigures[],
  {
    LLM_PRICE_PER_MILLION_INPUT_TOKENS: input,
    LLM_PRICE_PER_MILLION_OUTPUT_TOKENS: output,
  }: Pick<Context['config'], 'LLM_PRICE_PER_MILLION_INPUT_TOKENS' | 'LLM_PRICE_PER_MILLION_OUTPUT_TOKENS'>,
): ReplyReport['model'] {
  const sum = (of: (row: RewordingFigures) => number) => rows.reduce((total, row) => total + of(row), 0);
  const prompt_tokens = sum((row) => row.prompt_tokens);
  const completion_tokens = sum((row) => row.completion_tokens);
  const isPriced = input !== undefined || output !== undefined;
  return {
    outcomes: rows.map(({ outcome, n }) => ({ outcome, n })),
    ...{ prompt_tokens, completion_tokens },
    estimated: sum((row) => row.estimated),
    cost: isPriced ? (prompt_tokens * (input ?? 0) + completion_tokens * (output ?? 0)) / MILLION : null,
  };
}
