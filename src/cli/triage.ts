import { Option } from 'commander';
import { openContext, openEngine } from '../context.ts';
import { checkReadable, FORMATS } from '../intake/read-items.ts';
import { type AddCommand, createRuntime, languageOption, wholeNumber } from './command.ts';
import { EXIT } from './exit.ts';
import { openOutput } from './output.ts';
import { showProgress } from './progress.ts';
import { printReport } from './report.ts';
import { TEXT } from './text.ts';
import { type TriageFileOptions, triageFile } from './triage-file.ts';

/** `triage FILE`: the main job, from a file to a table of decisions. */
export const addTriage: AddCommand = (program, signal) => {
  program
    .command('triage')
    .description('decide about every message of a file and show the most urgent first')
    .argument('<file>', 'JSON Lines, CSV or one message per line; - reads standard input')
    .option('--text <column>', 'the CSV column that holds the text (default: text)')
    .addOption(new Option('--format <format>', 'what the file is (default: by its name)').choices(FORMATS))
    .option('--encoding <name>', 'encoding of the file, such as gb18030', 'utf-8')
    .option('--limit <count>', 'read at most this many messages', wholeNumber(1))
    .option('--json', 'print one JSON object per message, in the order of the file')
    .option('--out <file>', 'write those JSON objects to a file, whole or not at all')
    .option('--store', 'keep the items in the database (DATABASE_URL, or DATA_DIR)')
    .addOption(languageOption())
    .addHelpText(
      'after',
      '\nExit codes: 0 all decided, 65 some lines were not, 66 no such file, 69 database unreachable, 74 disk full, 75 data folder in use, 78 bad configuration.',
    )
    .action(async (file: string, flags) => {
      const runtime = createRuntime(signal, 'interactive');
      const training = showProgress(TEXT.training[flags.lang as 'zh' | 'en']);
      const options = { ...runtime, onProgress: training.update };
      await checkReadable(file);
      await using output = await openOutput(flags.out);
      await using context = flags.store ? await openContext(options) : await openEngine(options);
      training.end();
      const run: TriageFileOptions = {
        file,
        format: flags.format,
        textColumn: flags.text,
        encoding: flags.encoding,
        limit: flags.limit,
        language: flags.lang,
        signal,
      };
      const report = await triageFile(context, run, (result) => {
        if (flags.json) process.stdout.write(`${JSON.stringify(result)}\n`);
        return output?.write(`${JSON.stringify(result)}\n`);
      });
      await output?.commit();
      if (!flags.json) printReport(report, context.policy, runtime.config.TIME_ZONE, flags.lang);
      else
        for (const { line, problem } of report.problems)
          process.stderr.write(`${TEXT.line[flags.lang as 'zh' | 'en']} ${line}: ${problem}\n`);
      if (report.problems.length > 0) process.exitCode = EXIT.badLines;
    });
};
