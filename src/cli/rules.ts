import type { Command } from 'commander';
import { z } from 'zod';
import { type Context, type Engine, openContext, openEngine } from '../context.ts';
import { PolicyInForce } from '../policies/policy-in-force.ts';
import { checkExamples } from '../rules/check-examples.ts';
import { explainMessage } from '../rules/explain.ts';
import { isKept, loadSource } from '../rules/load-source.ts';
import {
  type AddCommand,
  createRuntime,
  languageFlags,
  languageOption,
  languageSchema,
  type Runtime,
  wholeNumber,
} from './command.ts';
import { describeExplanation } from './describe-rules.ts';
import { EXIT } from './exit.ts';
import { addMessageOptions, messageFlags, toRequest } from './message-options.ts';
import { showProgress } from './progress.ts';
import { addRulesDiff } from './rules-diff.ts';
import { printable } from './table.ts';
import { TEXT, type UiLanguage } from './text.ts';
import { print } from './write-to.ts';

const SOURCE = 'a file or folder of rules, the hash of a version, active or shipped';

/** `rules …`: what rules do, before they are put in force. */
export const addRules: AddCommand = (program, signal) => {
  const command = program
    .command('rules')
    .description('test rules, explain what they do, and see what a change changes');
  addRulesTest(command, signal);
  addRulesExplain(command, signal);
  addRulesDiff(command, signal, openFor);
};

/** An engine, with the database where a source is kept in it. */
export async function openFor(
  sources: readonly string[],
  runtime: Runtime,
  language: UiLanguage,
): Promise<Engine | Context> {
  const training = showProgress(TEXT.training[language]);
  const options = { ...runtime, onProgress: training.update };
  try {
    return await (sources.some(isKept) ? openContext(options) : openEngine(options));
  } finally {
    training.end();
  }
}

function addRulesTest(command: Command, signal: AbortSignal): void {
  command
    .command('test')
    .description('run the examples of every rule; exit code 1 when one does not do what it says')
    .argument('[source]', `${SOURCE} (default: shipped)`, 'shipped')
    .addOption(languageOption())
    .action(async (source: string, values: unknown) => {
      const { lang } = languageFlags.parse(values);
      const runtime = createRuntime(signal, 'interactive');
      await using engine = await openFor([source], runtime, lang);
      const rules = await loadSource(engine, source);
      const progress = showProgress(TEXT.testing[lang]);
      const checked = await checkExamples(engine, rules, { signal, onProgress: progress.update });
      progress.end();
      for (const { rule, list, at, text, why } of checked.failures) {
        const said = list === 'fires' ? TEXT.shouldFire[lang] : TEXT.shouldBeSilent[lang];
        const reasons = why.map((note) => note[lang]).join('; ');
        await print(`${rule}: examples.${list}.${at}\n    «${printable(text)}»\n    ${said}: ${reasons}`, signal);
      }
      const { rules: count, examples, failures } = checked;
      await print(
        `${count} ${TEXT.rules[lang]}, ${examples} ${TEXT.examples[lang]}, ${failures.length} ${TEXT.failed[lang]}`,
        signal,
      );
      if (failures.length > 0) process.exitCode = EXIT.failed;
    });
}

const explainFlags = z.object({
  ...messageFlags,
  reports: z.int().optional(),
  rules: z.string(),
  json: z.boolean().default(false),
  lang: languageSchema,
});

function addRulesExplain(command: Command, signal: AbortSignal): void {
  const explain = command.command('explain').description('show how the rules come to their decision about one message');
  addMessageOptions(explain)
    .option('--reports <count>', 'distinct customers with the same matter', wholeNumber(0))
    .option('--rules <source>', SOURCE, 'shipped')
    .option('--json', 'print all of it as JSON')
    .addOption(languageOption())
    .action(async (text: string, values: unknown) => {
      const flags = explainFlags.parse(values);
      const request = { ...toRequest(explain, text, flags), reports: flags.reports };
      const runtime = createRuntime(signal, 'interactive');
      await using opened = await openFor([flags.rules], runtime, flags.lang);
      const engine = { ...opened, policy: new PolicyInForce(await loadSource(opened, flags.rules)) };
      const explanation = await explainMessage(engine, request, { signal });
      const shown = flags.json
        ? JSON.stringify(explanation, undefined, 2)
        : describeExplanation(explanation, engine.policy, runtime.config.TIME_ZONE, flags.lang);
      await print(shown, signal);
    });
}
