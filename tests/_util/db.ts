import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Logger, pino } from 'pino';
import { describe, it } from 'vitest';
import { type Config, loadConfig, PROJECT_ROOT } from '../../src/config.ts';
import { type Database, openDatabase } from '../../src/db/connect.ts';
import { lockFolder } from '../../src/db/lock.ts';
import { migrateToLatest } from '../../src/db/migrate.ts';
import { createTestPostgres } from './postgres.ts';

/** For hooks that open a database: a first PGlite takes 6 s alone and much longer on a busy machine. */
export const OPEN_TIMEOUT_MS = 240_000;
export const TEST_TIMEOUT_MS = 120_000;

export type Engine = Database['engine'];
export type Settings = Record<string, string>;

/** A migrated database of its own; disposing of it closes it and removes every trace. */
export interface TestDatabase extends AsyncDisposable {
  readonly database: Database;
  readonly config: Config;
}

export const quiet: Logger = pino({ level: 'silent' });

/** An empty folder; disposing of it removes it. */
export async function makeFolder(): Promise<AsyncDisposable & { readonly folder: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'triage-test-'));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** Opens a fresh migrated database: PGlite in a folder of its own, or a new database on TEST_DATABASE_URL. */
export async function openTestDatabase(engine: Engine = 'pglite', settings: Settings = {}): Promise<TestDatabase> {
  return engine === 'pglite' ? await openTestPglite(settings) : await openTestPostgres(settings);
}

/** The configuration for a folder with a fresh migrated PGlite that nobody has open. */
export async function makePgliteConfig(
  settings: Settings = {},
): Promise<AsyncDisposable & { readonly config: Config }> {
  const { folder, [Symbol.asyncDispose]: remove } = await makeFolder();
  await cp(await templateFolder(), folder, { recursive: true });
  return { config: loadConfig({ DATA_DIR: folder, ...settings }), [Symbol.asyncDispose]: remove };
}

/**
 * Runs one suite on PGlite and, where TEST_DATABASE_URL names a server, on PostgreSQL.
 * Without it the second half is skipped by name; with CI=true that is a failure.
 */
export function describeOnEngines(name: string, suite: (engine: Engine) => void): void {
  describe(`${name} on PGlite`, { timeout: TEST_TIMEOUT_MS }, () => suite('pglite'));
  if (process.env.TEST_DATABASE_URL) {
    describe(`${name} on PostgreSQL`, { timeout: TEST_TIMEOUT_MS }, () => suite('postgres'));
  } else if (process.env.CI === 'true') {
    it(`${name} on PostgreSQL`, () => {
      throw new Error('TEST_DATABASE_URL must be set in CI: see scripts/postgres-for-tests.sh');
    });
  } else {
    console.warn(
      `SKIPPED: ${name} on PostgreSQL, because TEST_DATABASE_URL is not set (scripts/postgres-for-tests.sh)`,
    );
    it.skip(`${name} on PostgreSQL`, () => undefined);
  }
}

async function openTestPglite(settings: Settings): Promise<TestDatabase> {
  const { config, [Symbol.asyncDispose]: remove } = await makePgliteConfig(settings);
  const database = await openDatabase({ config, logger: quiet });
  return {
    database,
    config,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await remove();
    },
  };
}

async function openTestPostgres(settings: Settings): Promise<TestDatabase> {
  const postgres = await createTestPostgres(process.env.TEST_DATABASE_URL ?? '');
  const config = loadConfig({ DATABASE_URL: postgres.url, DATABASE_POOL_SIZE: '5', ...settings });
  const database = await openDatabase({ config, logger: quiet });
  await migrateToLatest(database, quiet);
  return {
    database,
    config,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await postgres[Symbol.asyncDispose]();
    },
  };
}

/**
 * A migrated folder to copy from, made once per set of migrations: copying 40 MB takes 0.2 s, initdb 6 s.
 * It is made by the production path and opened by it; only the copying belongs to the tests.
 */
async function templateFolder(): Promise<string> {
  const cache = path.join(tmpdir(), 'feedback-triage-tests');
  const template = path.join(cache, `pglite-${await fingerprint()}`);
  await mkdir(cache, { recursive: true });
  while (!existsSync(template)) {
    // Test files run in parallel: one makes it, the others wait.
    const lock = await lockFolder(cache).catch(() => undefined);
    if (lock && !existsSync(template)) await makeTemplate(template);
    await lock?.[Symbol.asyncDispose]();
  }
  return template;
}

async function makeTemplate(template: string): Promise<void> {
  const making = `${template}.making`;
  await rm(making, { recursive: true, force: true });
  {
    await using database = await openDatabase({ config: loadConfig({ DATA_DIR: making }), logger: quiet });
    await migrateToLatest(database, quiet);
  }
  await rename(making, template);
}

/** Changes with the migrations and with PGlite. */
async function fingerprint(): Promise<string> {
  const folder = path.join(PROJECT_ROOT, 'src/db/migrations');
  const hash = createHash('sha256');
  for (const name of (await readdir(folder)).sort()) hash.update(await readFile(path.join(folder, name)));
  for (const name of ['pglite', 'pglite-pgvector']) {
    hash.update(await readFile(path.join(PROJECT_ROOT, `node_modules/@electric-sql/${name}/package.json`)));
  }
  return hash.digest('hex').slice(0, 16);
}
