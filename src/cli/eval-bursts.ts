import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { DATA_FOLDER } from '../context.ts';
import { type BurstScores, evaluateBursts } from '../eval/bursts.ts';
import { renderTable } from './table.ts';

const WIDTH = 140;
const NAB_FOLDER = path.join(DATA_FOLDER, 'eval', 'nab_tweets');

/** `eval bursts`: how soon bursts are seen, and how often something is called one that is none. */
export function addBurstsEvaluation(command: Command, signal: AbortSignal): void {
  command
    .command('bursts')
    .description('burst detection on the NAB series of tweets and on generated streams, beside two plain detectors')
    .option('--nab <folder>', 'folder with the series and windows.json', NAB_FOLDER)
    .option('--json <file>', 'write all figures to a file')
    .action(async (flags: { nab: string; json?: string }) => {
      const result = await evaluateBursts(flags.nab, signal);
      if (flags.json) await writeFile(flags.json, `${JSON.stringify(result, undefined, 2)}\n`);
      const parts = [
        ...result.streams,
        { name: 'NAB, all', scores: result.nab },
        { name: 'generated, all', scores: result.generated },
      ];
      const titles = [
        'stream',
        'detector',
        'bursts',
        'found',
        'within 1 h',
        'delay, min',
        'false per 1000 h',
        'false hours',
        'alarmed hours',
      ];
      const columns = titles.map((title, at) => ({ title, ...(at > 1 && { align: 'right' as const }) }));
      const rows = parts.flatMap(({ name, scores }) => scores.map((one) => cells(name, one)));
      console.log(renderTable(columns, rows, WIDTH));
    });
}

function cells(name: string, scores: BurstScores): string[] {
  return [
    name,
    scores.detector,
    String(scores.bursts),
    String(scores.found),
    String(scores.found_within_1h),
    scores.delay_minutes?.toFixed(1) ?? '—',
    scores.false_alarms_per_1000h.toFixed(2),
    `${(scores.false_hour_share * 100).toFixed(2)} %`,
    `${(scores.alarmed_hour_share * 100).toFixed(2)} %`,
  ];
}
