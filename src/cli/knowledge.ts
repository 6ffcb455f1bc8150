import { openContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { importArticles } from '../knowledge/import.ts';
import { readFolder } from '../knowledge/read-folder.ts';
import { type AddCommand, createRuntime } from './command.ts';
import { showProgress } from './progress.ts';

/** `knowledge import`: a folder of Markdown articles into the database. */
export const addKnowledge: AddCommand = (program, signal) => {
  const command = program.command('knowledge').description('the articles that answers quote');
  command
    .command('import')
    .description('import a folder of Markdown articles with front matter; see data/articles/README.md')
    .argument('<folder>', 'it and the folders in it are read; README.md is left out')
    .option('--replace-edited', 'also overwrite what a person changed or retired since')
    .action(async (folder: string, { replaceEdited = false }: { replaceEdited?: boolean }) => {
      const { articles, problems: unread } = await readFolder(folder);
      const runtime = createRuntime(signal, 'interactive');
      await using context = await openContext(runtime);
      const progress = showProgress('import');
      const report = await importArticles(context, articles, {
        actor: { kind: 'operator', command: 'knowledge import' },
        source: 'import',
        replaceEdited,
        signal,
        onProgress: progress.update,
      });
      progress.end();
      const problems = [...unread, ...report.problems];
      for (const problem of problems) console.error(problem);
      for (const name of report.kept)
        console.error(`${name}: kept as a person wrote it; --replace-edited overwrites it`);
      for (const contradiction of report.contradictions) console.error(`warning: ${contradiction}`);
      const { created, changed, unchanged, kept } = report;
      console.log(
        `${created} added, ${changed} changed, ${unchanged} as they were, ${kept.length} kept, ${problems.length} problems.`,
      );
      if (problems.length > 0) throw new AppError('file_error', `${problems.length} problems: see above.`);
    });
};
