import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { PROJECT_ROOT } from '../config.ts';
import { openEngine } from '../context.ts';
import { renderReport } from '../eval/render-report.ts';
import { evaluateShipped } from '../eval/shipped.ts';
import { createRuntime } from './command.ts';
import { showProgress } from './progress.ts';

const REPORT = path.join(PROJECT_ROOT, 'docs', 'evaluation.md');

/** `eval` without a part: every shipped set, into a page of the documents. */
export function addShippedEvaluation(command: Command, signal: AbortSignal): void {
  command
    .command('all', { isDefault: true })
    .description('every shipped set, into docs/evaluation.md; what `eval` alone does')
    .option('--out <file>', 'the page that is written', REPORT)
    .option('--json <file>', 'write all figures to a file')
    .action(async (flags: { out: string; json?: string }) => {
      const runtime = createRuntime(signal, 'interactive');
      const progress = showProgress('eval');
      await using engine = await openEngine({ ...runtime, onProgress: progress.update });
      const result = await evaluateShipped(engine, {
        signal,
        onProgress: progress.update,
        onSet: (name) => {
          progress.end();
          console.error(name);
        },
      });
      progress.end();
      await writeFile(flags.out, renderReport(result, engine.now().toISOString().slice(0, 10)));
      if (flags.json) await writeFile(flags.json, `${JSON.stringify(result, undefined, 2)}\n`);
      console.log(`Written: ${flags.out}`);
    });
}
