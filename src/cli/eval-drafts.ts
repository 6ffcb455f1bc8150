import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { openEngine } from '../context.ts';
import { AppError } from '../errors.ts';
import { type DraftEvaluation, evaluateDrafts } from '../eval/drafts.ts';
import { renderDrafts } from '../eval/render-drafts.ts';
import { readItems } from '../intake/read-items.ts';
import type { FeedbackRequest } from '../intake/request.ts';
import { openShipped } from '../replies/knowledge.ts';
import { createRuntime } from './command.ts';
import { showProgress } from './progress.ts';
import { printable, renderTable } from './table.ts';

interface Flags {
  readonly json?: string;
  readonly markdown?: string;
  readonly drafts: boolean;
}

const WIDTH = 100;

/** `eval drafts`: what would be suggested as replies, and what guards have against it. */
export function addDraftsEvaluation(command: Command, signal: AbortSignal): void {
  command
    .command('drafts')
    .description('drafted replies to messages: how many, their sources, what guards say, and the drafts themselves')
    .argument('<file>', 'JSON Lines or CSV of messages, as `triage` reads them')
    .option('--json <file>', 'write all figures and every draft to a file')
    .option('--markdown <file>', 'write the drafts as a page to read')
    .option('--no-drafts', 'do not print the drafts')
    .action(async (file: string, flags: Flags) => {
      const result = await run(file, signal);
      if (flags.json) await writeFile(flags.json, `${JSON.stringify(result, undefined, 2)}\n`);
      if (flags.markdown) await writeFile(flags.markdown, `${renderDrafts(result)}\n`);
      print(result, flags.drafts);
    });
}

async function run(file: string, signal: AbortSignal): Promise<DraftEvaluation> {
  const requests: FeedbackRequest[] = [];
  for await (const item of readItems({ file, encoding: 'utf-8', signal })) {
    if ('problem' in item) throw new AppError('file_error', `${file}, line ${item.line}: ${item.problem}`);
    requests.push(item.request);
  }
  const runtime = createRuntime(signal, 'interactive');
  const progress = showProgress('eval');
  await using engine = await openEngine({ ...runtime, onProgress: progress.update });
  const retrieve = await openShipped(engine);
  try {
    return await evaluateDrafts(engine, requests, retrieve, { signal, onProgress: progress.update });
  } finally {
    progress.end();
  }
}

function print(result: DraftEvaluation, withDrafts: boolean): void {
  const percent = (value: number) => `${(value * 100).toFixed(1)} %`;
  if (withDrafts) {
    for (const { id, text, drafts, none } of result.drafted) {
      console.log(`\n=== ${printable(id)}  ${printable(text.replace(/\s+/gu, ' ').slice(0, 160))}`);
      if (none !== null) console.log(`  no suggestion: ${none}`);
      for (const draft of drafts)
        console.log(`--- ${draft.approach}, ${draft.expected_acceptance.toFixed(2)}\n${printableLines(draft.text)}`);
    }
    console.log('');
  }
  const rows = [
    ['messages', String(result.items)],
    ['with a draft', percent(result.with_draft)],
    ['sentences with a source', percent(result.cited)],
    ['in the right language', percent(result.language_match)],
    ['characters per sentence, zh', result.sentence_length.zh.toFixed(1)],
    ['words per sentence, en', result.sentence_length.en.toFixed(1)],
    ...Object.entries(result.guard_hits).map(([guard, hits]) => [`guard ${guard}`, String(hits)]),
  ];
  console.log(renderTable([{ title: 'drafts' }, { title: '', align: 'right' }], rows, WIDTH));
}

function printableLines(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line))
    .join('\n');
}
