import { backupDatabase } from '../db/backup.ts';
import { openDatabase } from '../db/connect.ts';
import { migrateToLatest, pendingMigrations } from '../db/migrate.ts';
import { restoreDatabase } from '../db/restore.ts';
import { type AddCommand, createRuntime } from './command.ts';
import { showProgress } from './progress.ts';

/** `migrate`, `backup`, `restore`. */
export const addDatabaseCommands: AddCommand = (program, signal) => {
  program
    .command('migrate')
    .description('bring the database to this version; `serve` does it too')
    .option('--check', 'only say what is pending; exit code 1 when something is')
    .action(async ({ check }: { check?: boolean }) => {
      const { config, logger } = createRuntime(signal, 'interactive');
      await using database = await openDatabase({ config, logger, signal });
      const names = check ? await pendingMigrations(database) : await migrateToLatest(database, logger);
      console.log(
        names.length === 0 ? 'The database is up to date.' : `${check ? 'Pending' : 'Applied'}: ${names.join(', ')}`,
      );
      if (check && names.length > 0) process.exitCode = 1;
    });
  program
    .command('backup')
    .description('write the whole database to one file, as it stands at one moment')
    .argument('<file>', 'appears when it is complete')
    .action(async (file: string) => {
      const { config, logger } = createRuntime(signal, 'interactive');
      await using database = await openDatabase({ config, logger, signal });
      const progress = showProgress('backup');
      const rows = await backupDatabase(database, file, {
        signal,
        onProgress: ({ done, total }) => progress.update(done, total),
      });
      progress.end();
      console.log(
        `${file}: ${total(rows)} rows. Originals in it are sealed: keep the vault key (VAULT_KEY, or vault.key in DATA_DIR) too, but elsewhere.`,
      );
    });
  program
    .command('restore')
    .description('put a backup into the configured database, whichever engine it came from')
    .argument('<file>', 'a file that `backup` has written')
    .option('--force', 'replace what the database holds')
    .action(async (file: string, { force }: { force?: boolean }) => {
      const { config, logger } = createRuntime(signal, 'interactive');
      const progress = showProgress('restore');
      const rows = await restoreDatabase(config, file, {
        logger,
        signal,
        force: force === true,
        onProgress: ({ done, total: all }) => progress.update(done, all),
      });
      progress.end();
      console.log(`Restored ${total(rows)} rows from ${file}.`);
    });
};

function total(rows: Readonly<Record<string, number>>): number {
  return Object.values(rows).reduce((sum, count) => sum + count, 0);
}
