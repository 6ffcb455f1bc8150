import { markdownTable } from '../text/markdown-table.ts';
import type { RankScores } from './retrieve-scores.ts';
import type { ShippedRetrieval } from './shipped-retrieval.ts';

/** The part of the page about articles, Markdown. */
export function renderRetrieval(sets: readonly ShippedRetrieval[]): string {
  const rows = sets.flatMap(({ name, references, result }) =>
    Object.entries(result.by_pair).flatMap(([pair, scores]) =>
      scores === null ? [] : [[name, pair.replace('_', ' → '), ...rankCells(scores), references]],
    ),
  );
  const refusals = sets.filter(({ result }) => result.no_answer_auroc !== null);
  return `## Articles

Articles found for questions, among the articles of one language; MRR counts the first ten places. \`crypto_faq\` asks the
articles of one language with the titles of the other. The questions to our own articles are customers' paraphrases,
written from the articles' titles; weights, thresholds and concepts were set with the first set and \`crypto_faq\` known,
the held one was only measured. \`apart\` has articles and questions by others; those of \`hard\` avoid the usual words.
Translations are not told to the search here; the service knows them.

${markdownTable(
  ['set', 'question → article', 'questions', 'recall@1', 'recall@3', 'recall@5', 'MRR', 'reference, recall@1 / @3'],
  rows,
)}

Questions that no article answers, among all articles:

${markdownTable(
  ['set', 'questions', 'of these without an answer', 'AUROC', '"nothing fits": precision', 'recall'],
  refusals.map(({ name, result }) => [
    name,
    String(result.queries),
    String(result.queries - result.answerable),
    figure(result.no_answer_auroc),
    figure(result.no_answer_precision),
    figure(result.no_answer_recall),
  ]),
)}
`;
}

function rankCells({ n, recall_at_1, recall_at_3, recall_at_5, mrr }: RankScores): string[] {
  return [String(n), ...[recall_at_1, recall_at_3, recall_at_5, mrr].map(figure)];
}

const figure = (value: number | null) => value?.toFixed(3) ?? '—';
