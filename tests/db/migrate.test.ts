import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/db/connect.ts';
import { MIGRATIONS, type MigrationList, migrateToLatest, pendingMigrations } from '../../src/db/migrate.ts';
import { isAppError } from '../../src/errors.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS, openTestDatabase, quiet } from '../_util/db.ts';

const SECOND: MigrationList = {
  ...MIGRATIONS,
  '9999-second': { up: async (db) => void (await sql`create table second (n int)`.execute(db)) },
};

describeOnEngines('migrations', (engine) => {
  it('run once, in order, and are remembered', { timeout: OPEN_TIMEOUT_MS }, async () => {
    await using test = await openTestDatabase(engine);
    expect(await pendingMigrations(test.database, SECOND)).toEqual(['9999-second']);
    expect(await migrateToLatest(test.database, quiet, SECOND)).toEqual(['9999-second']);
    expect(await migrateToLatest(test.database, quiet, SECOND)).toEqual([]);
    await sql`insert into second values (1)`.execute(test.database.kysely);
  });

  it('refuse a database that newer code has migrated', async () => {
    await using test = await openTestDatabase(engine);
    await migrateToLatest(test.database, quiet, SECOND);
    for (const attempt of [pendingMigrations, (database: Database) => migrateToLatest(database, quiet)]) {
      await expect(attempt(test.database)).rejects.toSatisfy((error) => isAppError(error, 'schema_too_new'));
    }
  });

  it('leave nothing of themselves when one fails', async () => {
    await using test = await openTestDatabase(engine);
    const broken: MigrationList = {
      ...SECOND,
      '9999-third': { up: async (db) => void (await sql`select 1 / 0`.execute(db)) },
    };
    await expect(migrateToLatest(test.database, quiet, broken)).rejects.toMatchObject({ code: '22012' });
    expect(await pendingMigrations(test.database, broken)).toEqual(['9999-second', '9999-third']);
    const { rows } = await sql`select to_regclass('second') as there`.execute(test.database.kysely);
    expect(rows).toEqual([{ there: null }]);
  });

  it('may take longer than a statement of the service', async () => {
    await using test = await openTestDatabase(engine, { STATEMENT_TIMEOUT_MS: '2000' });
    const slow: MigrationList = {
      ...MIGRATIONS,
      '9999-slow': { up: async (db) => void (await sql`select pg_sleep(2.5)`.execute(db)) },
    };
    expect(await migrateToLatest(test.database, quiet, slow)).toEqual(['9999-slow']);
  });

  if (engine === 'postgres') {
    it('run once when several replicas start together', async () => {
      await using test = await openTestDatabase(engine);
      const replicas = await Promise.all([1, 2, 3, 4].map(() => openDatabase({ config: test.config, logger: quiet })));
      const done = await Promise.all(replicas.map((replica) => migrateToLatest(replica, quiet, SECOND)));
      for (const replica of replicas) await replica[Symbol.asyncDispose]();
      expect(done.flat()).toEqual(['9999-second']);
    });
  }
});
