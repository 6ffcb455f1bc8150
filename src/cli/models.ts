import { readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { DATA_FOLDER } from '../context.ts';
import { type Database, openDatabase } from '../db/connect.ts';
import { migrateToLatest } from '../db/migrate.ts';
import { hashEncoder } from '../embedding/create.ts';
import { AppError, isAppError } from '../errors.ts';
import { exportVersion } from '../learning/export-version.ts';
import { importVersion } from '../learning/import-version.ts';
import { listVersions, type ModelVersion } from '../learning/model-versions.ts';
import { MAX_FILE_BYTES } from '../learning/version-file.ts';
import { loadPolicy } from '../policy.ts';
import { type AddCommand, createRuntime, languageOption, type Runtime } from './command.ts';
import { openOutput } from './output.ts';
import { renderTable } from './table.ts';
import { TEXT, type UiLanguage } from './text.ts';
import { print } from './write-to.ts';

interface Flags {
  readonly lang: UiLanguage;
  readonly json?: true;
}

const WIDTH = 120;
const jsonFlag = ['--json', 'print JSON for programs'] as const;

/** `models`: versions of what is learned, between databases. */
export const addModels: AddCommand = (program, signal) => {
  const models = program.command('models').description('versions of what is learned: list, export, import');
  const work = async <T>(run: (runtime: Runtime, database: Database) => Promise<T>): Promise<T> => {
    const runtime = createRuntime(signal, 'interactive');
    await using database = await openDatabase(runtime);
    await migrateToLatest(database, runtime.logger);
    return await run(runtime, database);
  };
  const tell = (flags: Flags, value: object, text: string) => print(flags.json ? JSON.stringify(value) : text, signal);
  models
    .command('list')
    .description('list the versions that are kept, newest first')
    .option(...jsonFlag)
    .addOption(languageOption())
    .action(async (flags: Flags) => {
      const items = await work((_, database) => listVersions(database.kysely));
      await tell(flags, { items }, tableOf(items, flags.lang));
    });
  models
    .command('export')
    .description('write a version to one file')
    .argument('<version>', 'as `models list` names it')
    .argument('<file>', 'appears when it is complete')
    .option(...jsonFlag)
    .addOption(languageOption())
    .action(async (version: string, file: string, flags: Flags) => {
      const bytes = await work((_, database) => exportNamed(database, version));
      await using output = await openOutput(file, signal);
      await output?.write(bytes);
      await output?.commit();
      const size = `${(bytes.length / 1e6).toFixed(1)} MB`;
      await tell(
        flags,
        { version, file, bytes: bytes.length },
        `${TEXT.exported[flags.lang]} ${version}: ${file}, ${size}`,
      );
    });
  models
    .command('import')
    .description('keep the version of a file beside the others; it decides nothing until it is activated')
    .argument('<file>', 'a file that `models export` or GET /v1/models/{version}/file has written')
    .option('--by <name>', 'who does it, for the audit; the name of the system’s user when it is missing')
    .option(...jsonFlag)
    .addOption(languageOption())
    .action(async (file: string, flags: Flags & { by?: string }) => {
      const imported = await work((runtime, database) => importFile(runtime, database, file, flags.by ?? systemUser()));
      const said = imported.isNew ? TEXT.imported : TEXT.importedBefore;
      const { version, isNew } = imported;
      await tell(flags, { version, imported: isNew }, `${version}: ${said[flags.lang]}`);
    });
};

async function exportNamed({ kysely }: Database, version: string): Promise<Uint8Array> {
  try {
    return await exportVersion(kysely, version);
  } catch (error) {
    if (!isAppError(error, 'not_found')) throw error;
    const names = (await listVersions(kysely)).map((one) => one.version).join(', ');
    throw new AppError('not_found', `There is no model version ${version}; there are: ${names || 'none'}.`);
  }
}

async function importFile({ config, logger }: Runtime, { kysely }: Database, file: string, by: string | null) {
  const bytes = await readBounded(file);
  const [policy, encoderHash] = await Promise.all([loadPolicy(DATA_FOLDER), hashEncoder({ config, logger })]);
  const actor = { kind: 'operator', command: 'models import' } as const;
  try {
    return await importVersion(kysely, bytes, { policy, encoderHash, actor, by, at: new Date() });
  } catch (error) {
    if (!isAppError(error, 'bad_data_file')) throw error;
    throw new AppError(error.code, `${file}: ${error.message}`, { cause: error });
  }
}

/** @throws AppError `file_error`, or `bad_data_file` for one that is too large to be a version */
async function readBounded(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file);
    if (size > MAX_FILE_BYTES)
      throw new AppError('bad_data_file', `${file} is no model version: it is larger than ${MAX_FILE_BYTES} bytes.`);
    return await readFile(file);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('file_error', `${file} cannot be read.`, { cause });
  }
}

function systemUser(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null; // a container may run under a number that has no name
  }
}

function tableOf(items: readonly ModelVersion[], language: UiLanguage): string {
  const say = (key: 'version' | 'inForce' | 'trainedAt' | 'outcome' | 'corrections') => TEXT[key][language];
  const columns = [
    { title: say('version') },
    { title: say('inForce') },
    { title: say('trainedAt'), flexible: true },
    { title: say('outcome') },
    { title: say('corrections'), align: 'right' as const },
  ];
  const rows = items.map(({ version, active, created_at, outcome, corrections }) => [
    version,
    active ? TEXT.yes[language] : '',
    created_at,
    TEXT.outcomes[outcome][language],
    String(corrections),
  ]);
  return renderTable(columns, rows, WIDTH);
}
