import { InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { openDatabase } from '../db/connect.ts';
import { migrateToLatest } from '../db/migrate.ts';
import { zonedTime } from '../intake/request.ts';
import { GRAINS, reportQuerySchema } from '../replies/report/period.ts';
import { reportReplies } from '../replies/report/report.ts';
import { type AddCommand, createRuntime, languageOption, languageSchema } from './command.ts';
import { renderReplyReport } from './render-replies.ts';
import { print } from './write-to.ts';

const flagsSchema = z.object({
  lang: languageSchema,
  json: z.boolean().default(false),
  ...reportQuerySchema.shape,
});

/** `replies report`: what became of drafted replies. */
export const addReplies: AddCommand = (program, signal) => {
  const replies = program.command('replies').description('what became of drafted replies');
  replies
    .command('report')
    .description('print how drafts of a period were accepted, as Markdown')
    .option('--from <time>', 'RFC 3339 with a zone; 30 days before --to unless given', moment)
    .option('--to <time>', 'the period ends before it; now unless given', moment)
    .addOption(new Option('--every <grain>', 'length of the periods').choices(GRAINS).default('month'))
    .option('--json', 'print JSON for programs')
    .addOption(languageOption())
    .action(async (values: unknown) => {
      const { lang, json, ...query } = flagsSchema.parse(values);
      const runtime = createRuntime(signal, 'interactive');
      await using database = await openDatabase(runtime);
      await migrateToLatest(database, runtime.logger);
      const report = await reportReplies({ ...runtime, database, now: () => new Date() }, query);
      await print(json ? JSON.stringify(report) : renderReplyReport(report, lang), signal);
    });
};

function moment(value: string): string {
  const { data, error } = zonedTime.safeParse(value);
  if (data === undefined) throw new InvalidArgumentError(`It ${error?.issues[0]?.message}.`);
  return data;
}
