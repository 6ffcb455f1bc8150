import { execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/db/connect.ts';
import { keepHouse } from '../../src/db/housekeeping.ts';
import { MIGRATIONS, migrateToLatest } from '../../src/db/migrate.ts';
import { isAppError } from '../../src/errors.ts';
import {
  makeFolder,
  makePgliteConfig,
  OPEN_TIMEOUT_MS,
  openTestDatabase,
  quiet,
  TEST_TIMEOUT_MS,
} from '../_util/db.ts';
import { feedbackRow, insertItems } from './rows.ts';

describe('the embedded database', { timeout: TEST_TIMEOUT_MS }, () => {
  it('makes its folder for the owner only, and keeps rows over a restart', { timeout: OPEN_TIMEOUT_MS }, async () => {
    await using place = await makeFolder();
    const config = loadConfig({ DATA_DIR: path.join(place.folder, 'new', 'var') });
    const row = feedbackRow();
    {
      await using database = await openDatabase({ config, logger: quiet });
      expect(await migrateToLatest(database, quiet)).toEqual(Object.keys(MIGRATIONS));
      await database.kysely.insertInto('feedback').values(row).execute();
    }
    for (const folder of [config.DATA_DIR, path.join(config.DATA_DIR, 'db')]) {
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
    }
    expect(await readdir(config.DATA_DIR)).toEqual(['db']);
    await using again = await openDatabase({ config, logger: quiet });
    expect(await migrateToLatest(again, quiet)).toEqual([]);
    expect(await again.kysely.selectFrom('feedback').select('id').execute()).toEqual([{ id: row.id }]);
  });

  it('is open in one place at a time', async () => {
    await using test = await openTestDatabase();
    await expect(openDatabase({ config: test.config, logger: quiet })).rejects.toSatisfy((error) =>
      isAppError(error, 'database_locked'),
    );
    await test.database.ping();
  });

  it('refuses a folder with other files and leaves them alone', async () => {
    await using place = await makeFolder();
    await mkdir(path.join(place.folder, 'db'));
    await writeFile(path.join(place.folder, 'db', 'letter.txt'), 'keep me');
    await expect(openDatabase({ config: loadConfig({ DATA_DIR: place.folder }), logger: quiet })).rejects.toSatisfy(
      (error) => isAppError(error, 'bad_configuration'),
    );
    expect(await readdir(path.join(place.folder, 'db'))).toEqual(['letter.txt']);
    expect(await readdir(place.folder)).toEqual(['db']);
  });

  it('refuses a DATA_DIR that is a file', async () => {
    await using place = await makeFolder();
    const file = path.join(place.folder, 'file');
    await writeFile(file, '');
    await expect(openDatabase({ config: loadConfig({ DATA_DIR: file }), logger: quiet })).rejects.toSatisfy((error) =>
      isAppError(error, 'file_error'),
    );
  });

  it('starts anew after a first start that was interrupted', { timeout: OPEN_TIMEOUT_MS }, async () => {
    await using place = await makeFolder();
    await mkdir(path.join(place.folder, 'db'));
    await writeFile(path.join(place.folder, 'db', 'PG_VERSION'), '18\n');
    await writeFile(path.join(place.folder, 'db.unfinished'), '');
    await using database = await openDatabase({ config: loadConfig({ DATA_DIR: place.folder }), logger: quiet });
    await database.ping();
    expect(await readdir(place.folder)).not.toContain('db.unfinished');
  });

  it('is opened no further when the caller gives up, and opens the next time', {
    timeout: OPEN_TIMEOUT_MS,
  }, async () => {
    await using place = await makeFolder();
    const config = loadConfig({ DATA_DIR: place.folder });
    for (const signal of [AbortSignal.abort(), AbortSignal.timeout(100)]) {
      await expect(openDatabase({ config, logger: quiet, signal })).rejects.toSatisfy((error) =>
        isAppError(error, 'cancelled'),
      );
    }
    await using database = await openDatabase({ config, logger: quiet });
    await database.ping();
  });

  it('says why it cannot open a damaged or a foreign database, and gives the lock back', async () => {
    await using copy = await makePgliteConfig();
    const folder = path.join(copy.config.DATA_DIR, 'db');
    const open = () => openDatabase({ config: copy.config, logger: quiet });
    await writeFile(path.join(folder, 'PG_VERSION'), '12\n');
    await expect(open()).rejects.toThrow(/initialized by PostgreSQL version 12/);
    await writeFile(path.join(folder, 'PG_VERSION'), '18\n');
    const control = path.join(folder, 'global/pg_control');
    const good = await readFile(control);
    await truncate(control, 0);
    await expect(open()).rejects.toThrow(/pg_control/);
    await writeFile(control, good);
    await using database = await open();
    await database.ping();
  });

  it('refuses those who wait when it closes, and lets the one at work finish', async () => {
    const test = await openTestDatabase();
    const { kysely } = test.database;
    const trx = await kysely.startTransaction().execute();
    const waiting = kysely.selectFrom('feedback').selectAll().execute();
    const refused = expect(waiting).rejects.toSatisfy((error) => isAppError(error, 'database_unavailable'));
    await expect.poll(() => test.database.health().waiting).toBe(1);
    const closed = test[Symbol.asyncDispose]();
    await trx.insertInto('feedback').values(feedbackRow()).execute();
    await trx.commit().execute();
    await closed;
    await refused;
    await expect(test.database.ping()).rejects.toSatisfy((error) => isAppError(error, 'database_unavailable'));
  });

  it('gives every waiting caller an answer when a statement of another costs it the worker', async () => {
    await using test = await openTestDatabase('pglite', { STATEMENT_TIMEOUT_MS: '2500' });
    const { kysely } = test.database;
    const ids = await insertItems(test.database, 3);
    const trx = await kysely.startTransaction().execute();
    await trx.deleteFrom('feedback').execute();
    const others = [1, 2, 3].map(() => kysely.selectFrom('feedback').select('id').execute());
    const settled = Promise.allSettled(others);
    await expect(sql`select pg_sleep(60)`.execute(trx)).rejects.toSatisfy((error) =>
      isAppError(error, 'deadline_exceeded'),
    );
    await trx.rollback().execute();
    for (const outcome of await settled) {
      if (outcome.status === 'fulfilled') expect(outcome.value).toHaveLength(ids.length);
      else expect(isAppError(outcome.reason, 'database_unavailable')).toBe(true);
    }
    expect(await kysely.selectFrom('feedback').select('id').execute()).toHaveLength(ids.length);
    expect(test.database.health().restarts).toBe(1);
  });

  it('keeps the statements of one exec together and undoes a transaction that one left open', async () => {
    await using test = await openTestDatabase();
    const { database } = test;
    if (database.engine !== 'pglite') throw new Error('this suite is about PGlite');
    const { client } = database;
    const results = await client.exec('create temp table t (n int); insert into t values (1), (2); select n from t');
    expect(results.at(-1)?.rows).toEqual([{ n: 1 }, { n: 2 }]);
    await expect(client.exec('begin; insert into t values (3); select 1/0; commit')).rejects.toMatchObject({
      code: '22012',
    });
    await client.exec('begin; insert into t values (4)');
    expect((await client.query('select n from t order by n')).rows).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('is checkpointed and analysed by its housekeeping', async () => {
    await using test = await openTestDatabase();
    const { kysely } = test.database;
    const redo = () => sql<{ at: string }>`select redo_lsn::text as at from pg_control_checkpoint()`.execute(kysely);
    const known = () => sql`select reltuples::int as n from pg_class where relname = 'feedback'`.execute(kysely);
    const before = await redo();
    const stop = new AbortController();
    const plan = { tickMs: 20, checkpointEveryMs: 0, checkpointAfterRows: 1, vacuumEveryMs: 0 };
    const housekeeping = keepHouse(test.database, { logger: quiet, signal: stop.signal, plan });
    await insertItems(test.database, 10);
    await expect.poll(async () => (await known()).rows, { timeout: 20_000 }).toEqual([{ n: 10 }]);
    await expect.poll(async () => (await redo()).rows, { timeout: 20_000 }).not.toEqual(before.rows);
    stop.abort();
    await housekeeping;
  });
});

describe('the embedded database on a full disk', { timeout: TEST_TIMEOUT_MS }, () => {
  it('says so, and works again when there is room', async (context) => {
    await using place = await makeFolder();
    const disk = path.join(place.folder, 'disk');
    await mkdir(disk);
    if (!mountSmallDisk(disk)) context.skip('SKIPPED: mounting a small disk needs root on Linux');
    try {
      await fillAndFree(disk);
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});

async function fillAndFree(disk: string): Promise<void> {
  await using source = await makePgliteConfig();
  await cp(source.config.DATA_DIR, path.join(disk, 'var'), { recursive: true });
  const ballast = path.join(disk, 'ballast');
  await writeFile(ballast, Buffer.alloc(10 * 2 ** 20));
  const config = loadConfig({ DATA_DIR: path.join(disk, 'var') });
  await using database = await openDatabase({ config, logger: quiet });
  const { kysely } = database;
  const acknowledged: string[] = [];
  const fill = async () => {
    for (;;) {
      const row = feedbackRow({ body: Array.from({ length: 4_000 }, () => Math.random().toString(36)).join('') });
      await kysely.insertInto('feedback').values(row).execute();
      acknowledged.push(row.id);
    }
  };
  await expect(fill()).rejects.toSatisfy((error) => isAppError(error, 'storage_full'));
  const read = () => kysely.selectFrom('feedback').select('id').execute();
  const count = () =>
    read().then(
      (rows) => rows.length,
      (error: unknown) => (isAppError(error) ? error.code : error),
    );
  // It depends on which file met the end whether PostgreSQL can go on reading.
  expect([acknowledged.length, 'storage_full']).toContain(await count());
  await rm(ballast);
  await expect.poll(count, { timeout: 30_000 }).toBe(acknowledged.length);
  await kysely.insertInto('feedback').values(feedbackRow()).execute();
}

function mountSmallDisk(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=80m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
