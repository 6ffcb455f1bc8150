import type { Command } from 'commander';
import { z } from 'zod';
import type { Engine } from '../context.ts';
import { readMessage } from '../feedback/read-message.ts';
import { checkReadable, type FileItem, readItems } from '../intake/read-items.ts';
import type { Policy } from '../policy.ts';
import { ChangeCounter, type RuleChange } from '../rules/changes.ts';
import { compareOn } from '../rules/compare.ts';
import { loadSource } from '../rules/load-source.ts';
import { createRuntime, languageOption, languageSchema, type Runtime } from './command.ts';
import { describeChange, describeTotals } from './describe-rules.ts';
import { EXIT } from './exit.ts';
import { inOrder } from './in-order.ts';
import { openOutput } from './output.ts';
import { showProgress } from './progress.ts';
import { TEXT, type UiLanguage } from './text.ts';
import { print, writeTo } from './write-to.ts';

const flagsSchema = z.object({ on: z.string(), json: z.string().optional(), lang: languageSchema });

/** Messages in work at once, and those that may wait for an earlier one. */
const CONCURRENCY = 16;
const WINDOW = 512;

type Outcome =
  | { readonly line: number; readonly problem: string }
  | { readonly line: number; readonly text: string; readonly change: RuleChange | undefined };

type Open = (sources: readonly string[], runtime: Runtime, language: UiLanguage) => Promise<Engine>;

/** `rules diff OLD NEW --on FILE`: what other rules would make of real messages. */
export function addRulesDiff(command: Command, signal: AbortSignal, open: Open): void {
  command
    .command('diff')
    .description('show what changes in the decisions about the messages of a file when rules change')
    .argument('<old>', 'a file or folder of rules, the hash of a version, active or shipped')
    .argument('<new>', 'the same for the rules to compare with')
    .requiredOption('--on <file>', 'JSON Lines, CSV or one message per line; - reads standard input')
    .option('--json <file>', 'write totals and every change to a file')
    .addOption(languageOption())
    .action(async (from: string, to: string, values: unknown) => {
      const flags = flagsSchema.parse(values);
      const { on: file, lang } = flags;
      const runtime = createRuntime(signal, 'interactive');
      await checkReadable(file);
      await using output = await openOutput(flags.json, signal);
      await using engine = await open([from, to], runtime, lang);
      const policies = { from: await loadSource(engine, from), to: await loadSource(engine, to) };
      const counter = new ChangeCounter();
      const changes: object[] = [];
      let problems = 0;
      const progress = showProgress(TEXT.comparing[lang]);
      try {
        await compareFile(engine, { file, policies, signal }, async (outcome) => {
          if ('problem' in outcome) {
            problems++;
            await writeTo(process.stderr, `${TEXT.line[lang]} ${outcome.line}: ${outcome.problem}\n`, signal);
            return;
          }
          counter.add(outcome.change);
          progress.update(counter.totals.items);
          if (outcome.change === undefined) return;
          if (output) changes.push(outcome);
          await print(describeChange({ ...outcome, change: outcome.change }, engine.policy, lang), signal);
        });
      } finally {
        progress.end();
      }
      const { totals } = counter;
      const versions = { old: policies.from.versions.rules, new: policies.to.versions.rules };
      await output?.write(`${JSON.stringify({ ...versions, totals, changes }, undefined, 2)}\n`);
      await output?.commit();
      await print(describeTotals(totals, lang), signal);
      if (problems > 0) process.exitCode = EXIT.badLines;
    });
}

async function compareFile(
  engine: Engine,
  { file, policies, signal }: { file: string; policies: { from: Policy; to: Policy }; signal: AbortSignal },
  emit: (outcome: Outcome) => Promise<void>,
): Promise<void> {
  await inOrder({
    source: (stop) => readItems({ file, encoding: 'utf-8', signal: stop }),
    work: async (item: FileItem, stop): Promise<Outcome> => {
      if ('problem' in item) return item;
      const message = await readMessage(engine, item.request, { signal: stop });
      const { change } = compareOn(engine, policies, message);
      return { line: item.line, text: message.document.masked.text, change };
    },
    emit,
    concurrency: Math.min(CONCURRENCY, engine.config.ENCODER_QUEUE),
    window: WINDOW,
    signal,
  });
}
