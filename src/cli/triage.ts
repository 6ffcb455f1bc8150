import { Option } from 'commander';
import { z } from 'zod';
import { openContext, openEngine } from '../context.ts';
import { checkReadable, FORMATS } from '../intake/read-items.ts';
import { accountFor } from './account.ts';
import {
  type AddCommand,
  createRuntime,
  encodingName,
  languageOption,
  languageSchema,
  wholeNumber,
} from './command.ts';
import { EXIT } from './exit.ts';
import { openOutput } from './output.ts';
import { showProgress } from './progress.ts';
import { describeProblem, Report } from './report.ts';
import { TEXT } from './text.ts';
import { TriageClusters } from './triage-clusters.ts';
import { type LineOutcome, newTally, triageFile } from './triage-file.ts';
import { print, writeTo } from './write-to.ts';

const flagsSchema = z.object({
  text: z.string().optional(),
  format: z.enum(FORMATS).optional(),
  encoding: z.string(),
  limit: z.int().optional(),
  json: z.boolean().default(false),
  out: z.string().optional(),
  store: z.boolean().default(false),
  lang: languageSchema,
});
type Flags = z.infer<typeof flagsSchema>;

/** `triage FILE`: the main job, from a file to a table of decisions. */
export const addTriage: AddCommand = (program, signal) => {
  program
    .command('triage')
    .description('decide about every message of a file and show the most urgent first')
    .argument('<file>', 'JSON Lines, CSV or one message per line; - reads standard input')
    .option('--text <column>', 'the CSV column that holds the text (default: text)')
    .addOption(new Option('--format <format>', 'what the file is (default: by its name)').choices(FORMATS))
    .option('--encoding <name>', 'encoding of the file, such as gb18030', encodingName, 'utf-8')
    .option('--limit <count>', 'read at most this many messages', wholeNumber(1))
    .option('--json', 'print one JSON object per message, in the order of the file, as they are decided')
    .option('--out <file>', 'write those JSON objects to a file, whole or not at all; a pipe gets them at once')
    .option('--store', 'keep the items in the database (DATABASE_URL, or DATA_DIR)')
    .addOption(languageOption())
    .action(async (file: string, values: unknown) => await run(file, flagsSchema.parse(values), signal));
};

async function run(file: string, flags: Flags, signal: AbortSignal): Promise<void> {
  const runtime = createRuntime(signal, 'interactive');
  const { lang: language } = flags;
  await checkReadable(file);
  await using output = await openOutput(flags.out, signal);
  const training = showProgress(TEXT.training[language]);
  const options = { ...runtime, onProgress: training.update };
  await using context = flags.store ? await openContext(options) : await openEngine(options);
  training.end();
  const report = new Report({ policy: context.policy, timeZone: runtime.config.TIME_ZONE, language });
  const clusters = new TriageClusters(context);
  const tally = newTally();
  const started = performance.now();
  const take = async (outcome: LineOutcome) => {
    if (flags.json) await printLine(outcome, language, signal);
    else report.add(outcome);
    if (!('problem' in outcome)) await output?.write(`${JSON.stringify(outcome)}\n`);
  };
  try {
    const { format, text: textColumn, encoding, limit } = flags;
    const options = { file, format, textColumn, encoding, limit, language, signal };
    const onDecided = flags.json ? undefined : clusters.add.bind(clusters);
    await triageFile(context, { ...options, ...(onDecided && { onDecided }) }, take, tally);
    await output?.commit();
  } catch (error) {
    const out = flags.out !== undefined && output ? { file: flags.out, isWhole: output.isWhole } : undefined;
    throw accountFor(error, { language, tally, stores: flags.store, out });
  }
  if (!flags.json) {
    await print(report.decisions(flags.store ? tally : undefined, performance.now() - started), signal);
    const recurring = clusters.describe(language, signal);
    if (recurring !== '') await print(recurring, signal);
    if (tally.problems > 0) await writeTo(process.stderr, `${report.problems()}\n`, signal);
  }
  if (tally.problems > 0) process.exitCode = EXIT.badLines;
}

async function printLine(outcome: LineOutcome, language: Flags['lang'], signal: AbortSignal): Promise<void> {
  if ('problem' in outcome) await writeTo(process.stderr, `${describeProblem(outcome, language)}\n`, signal);
  else await print(JSON.stringify(outcome), signal);
}
