import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { openEngine } from '../context.ts';
import { evaluateRetrieval, type RetrievalEvaluation } from '../eval/retrieve.ts';
import { readEvalArticles, readEvalQueries } from '../eval/retrieve-set.ts';
import { createRuntime } from './command.ts';
import { showProgress } from './progress.ts';
import { printable, renderTable } from './table.ts';

interface Flags {
  readonly articles: string;
  readonly queries: string;
  readonly json?: string;
  readonly misses: boolean;
}

const MAX_MISSES = 40;
const WIDTH = 120;

/** `eval retrieve`: how often the article that answers is found, and whether it is told that none does. */
export function addRetrieveEvaluation(command: Command, signal: AbortSignal): void {
  command
    .command('retrieve')
    .description('articles found for questions, in the same language and across')
    .requiredOption(
      '--articles <place>',
      'JSON Lines {"id","lang","title","body"}, or a folder such as data/articles (ids then are lang/slug)',
    )
    .requiredOption('--queries <file>', 'JSON Lines {"id","lang","text","answer_ids":[]}; no ids: nothing answers it')
    .option('--json <file>', 'write all figures and what was found to a file')
    .option('--no-misses', 'do not list the misses')
    .action(async (flags: Flags) => {
      const articles = await readEvalArticles(flags.articles);
      const queries = await readEvalQueries(flags.queries, articles);
      const runtime = createRuntime(signal, 'interactive');
      const progress = showProgress('eval');
      await using engine = await openEngine({ ...runtime, onProgress: progress.update });
      const result = await evaluateRetrieval(engine, articles, queries, { signal, onProgress: progress.update });
      progress.end();
      if (flags.json) await writeFile(flags.json, `${JSON.stringify(result, undefined, 2)}\n`);
      print(result, flags.misses);
    });
}

function print(result: RetrievalEvaluation, withMisses: boolean): void {
  const titles = ['question → article', 'n', 'recall@1', 'recall@3', 'recall@5', 'MRR'];
  const rows = Object.entries({ all: { n: result.answerable, ...result }, ...result.by_pair }).flatMap(
    ([name, scores]) =>
      scores === null
        ? []
        : [
            [
              name.replace('_', ' → '),
              String(scores.n),
              ...[scores.recall_at_1, scores.recall_at_3, scores.recall_at_5, scores.mrr].map((value) =>
                value.toFixed(3),
              ),
            ],
          ],
  );
  console.log(
    renderTable(
      titles.map((title, at) => ({ title, ...(at > 0 && { align: 'right' as const }) })),
      rows,
      WIDTH,
    ),
  );
  const figure = (value: number | null) => value?.toFixed(3) ?? '—';
  console.log(
    `\nNothing fits: precision ${figure(result.no_answer_precision)}, recall ${figure(result.no_answer_recall)}, AUROC ${figure(result.no_answer_auroc)}. ${result.articles} articles, ${result.queries} questions, ${result.ms_per_query.toFixed(1)} ms per question.`,
  );
  if (withMisses) printMisses(result);
}

function printMisses({ results }: RetrievalEvaluation): void {
  const misses = results.filter(({ answer_ids, rank, fits }) => (answer_ids.length === 0 ? fits : rank !== 1));
  console.log(`\nNot first, or found although nothing answers: ${misses.length}`);
  for (const { id, text, answer_ids, found, rank, confidence } of misses.slice(0, MAX_MISSES)) {
    const wanted = answer_ids.length === 0 ? 'nothing' : `${answer_ids.join(', ')} (place ${rank ?? 'beyond 10'})`;
    console.log(`  ${id} ${printable(text).slice(0, 120)}\n      wanted ${wanted}`);
    console.log(`      found  ${found[0]?.id ?? 'nothing'} (${confidence.toFixed(2)})`);
  }
}
