import { auroc } from './selective.ts';

const PAIRS = ['zh_zh', 'en_en', 'zh_en', 'en_zh'] as const;

/** What was found for one question. */
export interface QueryResult {
  readonly id: string;
  readonly lang: string;
  readonly text: string;
  readonly answer_ids: readonly string[];
  readonly found: readonly { readonly id: string; readonly score: number }[];
  /** Place of the first answer among all articles, from 1; null beyond the tenth. */
  readonly rank: number | null;
  /** The same among the articles of one language, by language of question and article. */
  readonly pair_ranks: Readonly<Record<string, number | null>>;
  readonly confidence: number;
  readonly fits: boolean;
}

export interface RankScores {
  readonly n: number;
  readonly recall_at_1: number;
  readonly recall_at_3: number;
  readonly recall_at_5: number;
  /** Mean of 1 / rank, 0 beyond the tenth place. */
  readonly mrr: number;
}

export interface RetrievalScores extends Omit<RankScores, 'n'> {
  readonly queries: number;
  readonly answerable: number;
  /** Of the questions said to have no answer, the share that has none; null where none was said to. */
  readonly no_answer_precision: number | null;
  /** Of the questions without an answer, the share that is said to have none; null where all have one. */
  readonly no_answer_recall: number | null;
  /** How well the confidence tells questions with an answer from those without. */
  readonly no_answer_auroc: number | null;
  readonly by_pair: Readonly<Record<(typeof PAIRS)[number], RankScores | null>>;
}

/** Counts how often the right article stands where. */
export function scoreRetrieval(results: readonly QueryResult[]): RetrievalScores {
  const answerable = results.filter(({ answer_ids }) => answer_ids.length > 0);
  const without = results.filter(({ answer_ids }) => answer_ids.length === 0);
  const refused = results.filter(({ fits }) => !fits);
  const { n: _, ...scores } = scoreRanks(answerable.map(({ rank }) => rank));
  const pair = (name: string) => {
    const ranks = answerable.flatMap(({ pair_ranks: ranks }) => (name in ranks ? [ranks[name] ?? null] : []));
    return ranks.length === 0 ? null : scoreRanks(ranks);
  };
  const confidences = (list: readonly QueryResult[]) => list.map(({ confidence }) => confidence);
  return {
    queries: results.length,
    answerable: answerable.length,
    ...scores,
    no_answer_precision: shareOf(refused, ({ answer_ids }) => answer_ids.length === 0),
    no_answer_recall: shareOf(without, ({ fits }) => !fits),
    no_answer_auroc:
      without.length === 0 || answerable.length === 0 ? null : auroc(confidences(answerable), confidences(without)),
    by_pair: { zh_zh: pair('zh_zh'), en_en: pair('en_en'), zh_en: pair('zh_en'), en_zh: pair('en_zh') },
  };
}

function scoreRanks(ranks: readonly (number | null)[]): RankScores {
  const within = (depth: number) => shareOf(ranks, (rank) => rank !== null && rank <= depth) ?? 0;
  const mrr = ranks.reduce<number>((sum, rank) => sum + (rank === null ? 0 : 1 / rank), 0) / Math.max(1, ranks.length);
  return { n: ranks.length, recall_at_1: within(1), recall_at_3: within(3), recall_at_5: within(5), mrr };
}

function shareOf<T>(list: readonly T[], isCounted: (one: T) => boolean): number | null {
  return list.length === 0 ? null : list.filter(isCounted).length / list.length;
}
