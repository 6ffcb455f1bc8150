import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Config, loadConfig } from '../../src/config.ts';
import { backupDatabase } from '../../src/db/backup.ts';
import { type Database, openDatabase } from '../../src/db/connect.ts';
import { MIGRATIONS, migrateToLatest } from '../../src/db/migrate.ts';
import { restoreDatabase } from '../../src/db/restore.ts';
import { isAppError } from '../../src/errors.ts';
import {
  describeOnEngines,
  type Engine,
  makeFolder,
  makePgliteConfig,
  OPEN_TIMEOUT_MS,
  openTestDatabase,
  quiet,
  TEST_TIMEOUT_MS,
} from '../_util/db.ts';
import { createTestPostgres } from '../_util/postgres.ts';
import { insertItems } from './rows.ts';

const TABLES = 'setting customer feedback feedback_vector decision pii_vault audit outbox idempotency'.split(' ');
const ENGINES: Engine[] = process.env.TEST_DATABASE_URL ? ['pglite', 'postgres'] : ['pglite'];

let place: Awaited<ReturnType<typeof makeFolder>>;
beforeAll(async () => {
  place = await makeFolder();
});
afterAll(async () => await place[Symbol.asyncDispose]());

describeOnEngines('a backup', (engine) => {
  let file: string;
  let original: Record<string, unknown[]>;

  beforeAll(async () => {
    file = path.join(place.folder, `${engine}.backup`);
    await using source = await openTestDatabase(engine);
    await fill(source.database);
    original = await readAll(source.database);
    const seen: number[] = [];
    const rows = await backupDatabase(source.database, file, {
      onProgress: (step) => seen.push(step.done / step.total),
    });
    expect(rows).toMatchObject({ feedback: 1_203, audit: 1_202, idempotency: 1_100, customer: 1 });
    expect(seen.at(-1)).toBe(1);
  }, OPEN_TIMEOUT_MS);

  it('is one file for its owner only', async () => {
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readdir(place.folder)).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it.each(ENGINES)('restores into an empty %s with every value equal, and numbers go on', async (target) => {
    await using empty = await makeEmpty(target);
    const rows = await restoreDatabase(empty.config, file, { logger: quiet });
    expect(rows).toMatchObject({ feedback: 1_203, outbox: 0 });
    await using restored = await openDatabase({ config: empty.config, logger: quiet });
    expect(await readAll(restored)).toEqual(original);
    const [id] = await insertItems(restored, 1);
    const { seq } = await restored.kysely
      .selectFrom('audit')
      .select('seq')
      .where('subject_id', '=', id ?? '')
      .executeTakeFirstOrThrow();
    // 1 203 were given out and the last was deleted before the backup: its number is not given again.
    expect(seq).toBe('1204');
  });

  it('asks before it replaces rows, and then replaces all of them', async () => {
    await using target = await makeEmpty(engine);
    {
      await using database = await openDatabase({ config: target.config, logger: quiet });
      await migrateToLatest(database, quiet);
      await insertItems(database, 2);
    }
    const restore = (force: boolean) => restoreDatabase(target.config, file, { logger: quiet, force });
    await expect(restore(false)).rejects.toSatisfy((error) => isAppError(error, 'conflict'));
    await restore(true);
    await using restored = await openDatabase({ config: target.config, logger: quiet });
    expect(await readAll(restored)).toEqual(original);
  });

  it('of an older schema is migrated on the way in', async () => {
    await using target = await makeEmpty(engine);
    const migrations = {
      ...MIGRATIONS,
      '9999-shout': {
        up: async (db: Database['kysely']) =>
          void (await sql`alter table feedback add loud boolean default true`.execute(db)),
      },
    };
    await restoreDatabase(target.config, file, { logger: quiet, migrations });
    await using restored = await openDatabase({ config: target.config, logger: quiet });
    const { rows } = await sql`select count(*)::int as n from feedback where loud`.execute(restored.kysely);
    expect(rows).toEqual([{ n: 1_203 }]);
  });

  it('is left out when it fails half-way, and leaves the database as it was', async () => {
    await using target = await makeEmpty(engine);
    const spoilt = path.join(place.folder, `${engine}.spoilt`);
    // A whole and correctly sealed file whose last table breaks a constraint.
    await rewrite(file, spoilt, (lines) => {
      const decision = lines.findLastIndex((line) => line.startsWith('["decision"'));
      return lines.with(
        decision,
        (lines[decision] ?? '').replace(/"feedback_id":"[^"]+"/, `"feedback_id":"${crypto.randomUUID()}"`),
      );
    });
    await expect(restoreDatabase(target.config, spoilt, { logger: quiet })).rejects.toMatchObject({ code: '23503' });
    await using database = await openDatabase({ config: target.config, logger: quiet });
    const { rows } = await sql<{ there: boolean }>`select to_regclass('feedback') is not null as there`.execute(
      database.kysely,
    );
    if (rows[0]?.there) expect(await database.kysely.selectFrom('feedback').select('id').execute()).toEqual([]);
  });
});

describe('a backup file', { timeout: TEST_TIMEOUT_MS }, () => {
  let good: string;

  beforeAll(async () => {
    good = path.join(place.folder, 'good.backup');
    await using source = await openTestDatabase();
    await insertItems(source.database, 20);
    await backupDatabase(source.database, good);
  }, OPEN_TIMEOUT_MS);

  const refusal = async (file: string): Promise<unknown> => {
    // A folder that does not exist shows that the database was not even opened.
    const config = loadConfig({ DATA_DIR: path.join(place.folder, 'untouched') });
    const error: unknown = await restoreDatabase(config, file, { logger: quiet, force: true }).catch((e: unknown) => e);
    expect(await readdir(place.folder)).not.toContain('untouched');
    return error;
  };

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['cut off', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['cut off by one byte', (bytes) => bytes.subarray(0, -1)],
    ['changed in one bit', (bytes) => Buffer.from(bytes.map((byte, i) => (i === 3_000 ? byte ^ 1 : byte)))],
    ['not a backup', () => Buffer.from('hello')],
    ['another gzip file', () => gzipSync('{"hello": "world"}\n')],
    ['empty', () => Buffer.alloc(0)],
    ['without its last line', (bytes) => regzip(bytes, (lines) => lines.slice(0, -1))],
    ['without one row', (bytes) => regzip(bytes, (lines) => lines.toSpliced(5, 1))],
    ['with a changed row', (bytes) => regzip(bytes, (lines) => lines.with(3, (lines[3] ?? '').replace('zh', 'en')))],
    ['followed by something', (bytes) => regzip(bytes, (lines) => [...lines, lines[3] ?? ''])],
  ])('that is %s is refused before anything is touched', async (_, damage) => {
    const file = path.join(place.folder, 'damaged.backup');
    await writeFile(file, damage(await readFile(good)));
    expect(await refusal(file)).toSatisfy((error) => isAppError(error, 'bad_data_file'));
  });

  it('that was sealed with other counts than it has rows is refused', async () => {
    const file = path.join(place.folder, 'miscounted.backup');
    await rewrite(good, file, (lines) => lines.toSpliced(5, 1));
    expect(await refusal(file)).toSatisfy((error) => isAppError(error, 'bad_data_file'));
  });

  it('of a newer version is refused', async () => {
    const file = path.join(place.folder, 'newer.backup');
    await rewrite(good, file, (lines) => lines.with(0, (lines[0] ?? '').replace(/\d{4}-[a-z]+/, '0999-future')));
    expect(await refusal(file)).toSatisfy((error) => isAppError(error, 'schema_too_new'));
  });

  it('that does not exist is named as such', async () => {
    expect(await refusal(path.join(place.folder, 'nowhere'))).toSatisfy((error) => isAppError(error, 'file_error'));
  });

  it('keeps its predecessor when the new one is aborted or cannot be written', async () => {
    await using source = await openTestDatabase();
    await insertItems(source.database, 1);
    const before = await readFile(good);
    const stop = new AbortController();
    const aborted = backupDatabase(source.database, good, {
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('changed my mind')),
    });
    await expect(aborted).rejects.toThrow();
    expect(await readFile(good)).toEqual(before);
    await expect(backupDatabase(source.database, path.join(place.folder, 'no', 'such', 'folder'))).rejects.toSatisfy(
      (error) => isAppError(error, 'file_error'),
    );
    expect((await readdir(place.folder)).filter((name) => name.includes('partial'))).toEqual([]);
    await source.database.ping();
  });

  it('holds every table of the database but the one that triggers write while others are restored', async () => {
    await using source = await openTestDatabase();
    const { rows } = await sql<{ name: string }>`select tablename as name from pg_tables
      where schemaname = current_schema() and tablename not like 'kysely%' and tablename <> 'cluster_change'`.execute(
      source.database.kysely,
    );
    const backed = await backupDatabase(source.database, path.join(place.folder, 'tables.backup'));
    expect(Object.keys(backed).sort()).toEqual(rows.map((row) => row.name).sort());
  });
});

/** Every table with values that are hard to carry, more rows than one read takes, and a gap at the end of a sequence. */
async function fill(database: Database): Promise<void> {
  const { kysely } = database;
  await insertItems(database, 1_203);
  await sql`update feedback set received_at = '2026-03-01 12:00:00.123456+08',
    body = E'line\\nbreak, tab\\t, "quotes", \\\\, \\u2028, 🧾 and <b>' where id = (select min(id::text)::uuid from feedback)`.execute(
    kysely,
  );
  await sql`delete from audit where seq = 1203`.execute(kysely);
  await sql`insert into customer values (gen_random_uuid(), 'ref', null, now(), now())`.execute(kysely);
  await sql`update feedback set customer_id = (select id from customer)`.execute(kysely);
  // One that was merged into an item that a restore reaches much later.
  await sql`update feedback set merged_into = (select max(id::text)::uuid from feedback)
    where id = (select min(id::text)::uuid from feedback)`.execute(kysely);
  await sql`insert into setting values ('vector_size', '384', now())`.execute(kysely);
  await sql`update decision set decision = '{"big": 12345678901234567890.123456789, "n": null}'`.execute(kysely);
  await sql`insert into idempotency select 'scope ' || n % 7, 'key ' || n, 'hash', null, null, now()
    from generate_series(1, 1100) n`.execute(kysely);
}

async function readAll({ kysely }: Database): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {};
  for (const table of TABLES) {
    const { rows } = await sql<{ row: string }>`
      select row_to_json(t)::text as row from ${sql.table(table)} t`.execute(kysely);
    all[table] = rows.map(({ row }) => row).sort();
  }
  return all;
}

async function makeEmpty(engine: Engine): Promise<AsyncDisposable & { readonly config: Config }> {
  if (engine === 'pglite') return await makePgliteConfig();
  const postgres = await createTestPostgres(process.env.TEST_DATABASE_URL ?? '');
  return {
    config: loadConfig({ DATABASE_URL: postgres.url }),
    [Symbol.asyncDispose]: () => postgres[Symbol.asyncDispose](),
  };
}

function regzip(bytes: Buffer, change: (lines: string[]) => string[]): Buffer {
  const lines = gunzipSync(bytes).toString('utf8').trimEnd().split('\n');
  return gzipSync(`${change(lines).join('\n')}\n`);
}

/** Changes lines and seals the file again, as a program with that content would have written it. */
async function rewrite(from: string, to: string, change: (lines: string[]) => string[]): Promise<void> {
  const sealed = regzip(await readFile(from), (lines) => {
    const changed = change(lines);
    const body = changed.slice(0, -1);
    const sha256 = createHash('sha256')
      .update(`${body.join('\n')}\n`)
      .digest('hex');
    return [...body, JSON.stringify({ ...JSON.parse(changed.at(-1) ?? '{}'), sha256 })];
  });
  await writeFile(to, sealed);
}
