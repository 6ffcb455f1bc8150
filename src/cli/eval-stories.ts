import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { openEngine } from '../context.ts';
import { evaluateStories, type StoriesEvaluation } from '../eval/stories.ts';
import type { StoryScores } from '../eval/story-scores.ts';
import { readStories } from '../eval/story-set.ts';
import { createRuntime, wholeNumber } from './command.ts';
import { showProgress } from './progress.ts';
import { printable, renderTable } from './table.ts';

interface Flags {
  readonly seed: number;
  readonly json?: string;
}

const WIDTH = 140;

/** `eval stories`: how soon recurring matters become clusters, and how clean these are. */
export function addStoriesEvaluation(command: Command, signal: AbortSignal): void {
  command
    .command('stories')
    .description(
      'messages fed in the order of their times: clusters, their names and bursts compared with known stories',
    )
    .argument('<file>', 'JSON Lines: {"id","ts","customer_id","lang","text","story"}, story null for none')
    .option('--seed <n>', 'seed of draws', wholeNumber(0), 1)
    .option('--json <file>', 'write all figures to a file')
    .action(async (file: string, flags: Flags) => {
      const result = await run(file, flags.seed, signal);
      if (flags.json) await writeFile(flags.json, `${JSON.stringify(result, undefined, 2)}\n`);
      print(result);
    });
}

async function run(file: string, seed: number, signal: AbortSignal): Promise<StoriesEvaluation> {
  const stories = await readStories(file);
  const progress = showProgress('eval');
  try {
    const run = { signal, onProgress: progress.update };
    await using engine = await openEngine({ ...createRuntime(signal, 'interactive'), ...run });
    return await evaluateStories(engine, stories, { seed, ...run });
  } finally {
    progress.end();
  }
}

function print(result: StoriesEvaluation): void {
  const right = { align: 'right' as const };
  const titles = ['cluster', 'items', 'customers', 'state', 'impact', 'stories'];
  const rows = result.clusters.map(({ title, items, customers, state, impact, stories }) => [
    printable(`${title.zh} · ${title.en}`),
    String(items),
    String(customers),
    state,
    impact.toFixed(1),
    Object.entries(stories)
      .map(([story, count]) => `${story || '—'} ${count}`)
      .join(', '),
  ]);
  const columns = titles.map((title, at) => ({
    title,
    ...(at > 0 && at < 5 && at !== 3 && right),
    ...(at === 5 && { flexible: true }),
  }));
  console.log(renderTable(columns, rows, WIDTH));
  console.log(
    `\n${result.items} messages, ${result.stories} stories, ${result.bursts} bursts; ${Math.round(result.ms)} ms`,
  );
  const names = ['', 'recall', 'precision', 'items until found', 'bursts found', 'delay, min', 'false bursts'];
  const figures = [cells('as they arrived', result), cells('clustered again', result.after_recluster)];
  console.log(
    `\n${renderTable(
      names.map((title, at) => ({ title, ...(at > 0 && right) })),
      figures,
      WIDTH,
    )}`,
  );
}

function cells(name: string, scores: StoryScores): string[] {
  return [
    name,
    scores.mean_story_recall.toFixed(3),
    scores.mean_story_precision.toFixed(3),
    scores.items_until_found?.toFixed(1) ?? '—',
    String(scores.bursts_found),
    scores.burst_delay_minutes?.toFixed(1) ?? '—',
    String(scores.false_bursts),
  ];
}
