import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../src/db/connect.ts';
import { isUniqueViolation, SqlError } from '../../src/db/errors.ts';
import { pendingMigrations } from '../../src/db/migrate.ts';
import { decodeCursor, toPage } from '../../src/db/paginate.ts';
import { asVector, cosineDistance, parseVector } from '../../src/db/vector.ts';
import { isAppError } from '../../src/errors.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS, openTestDatabase, type TestDatabase } from '../_util/db.ts';
import { direction, feedbackRow, insertItems } from './rows.ts';

/** Short enough to wait for, long enough for an ordinary statement on a machine with much else to do. */
const SHORT_MS = '2000';
const NUL = String.fromCharCode(0);

describeOnEngines('the database', (engine) => {
  let test: TestDatabase;
  let db: Database['kysely'];

  beforeAll(async () => {
    test = await openTestDatabase(engine);
    db = test.database.kysely;
  }, OPEN_TIMEOUT_MS);
  afterAll(async () => await test[Symbol.asyncDispose]());
  beforeEach(async () => {
    await sql`truncate feedback, customer, audit, outbox, setting restart identity cascade`.execute(db);
  });

  it('is the engine that was asked for, migrated and alive', async () => {
    expect(test.database.engine).toBe(engine);
    expect(await pendingMigrations(test.database)).toEqual([]);
    await test.database.ping();
    expect(test.database.health()).toMatchObject({ engine, busy: 0, waiting: 0, restarts: 0 });
  });

  it('gives the same JavaScript values on both engines', async () => {
    const { rows } = await sql`select
      '2026-03-01 20:00:00.123456+08'::timestamptz as timestamptz,
      9007199254740993::int8 as int8, 42::int4 as int4, 1.10::numeric as numeric, 0.1::float8 as float8,
      '{"a": [1, null, "ü"]}'::jsonb as jsonb, 'null'::jsonb as json_null,
      array['a', 'b"c,d', null, '']::text[] as texts, '{}'::text[] as empty, array[true, false] as flags,
      '\\x00ff10'::bytea as bytea, '[1,-0.5,0]'::vector as vector, true as yes, null::text as nothing,
      '2026-03-01'::date as date, '2026-03-01 12:00'::timestamp as timestamp,
      '0190a0b0-0000-7000-8000-000000000001'::uuid as uuid, current_setting('timezone') as zone`.execute(db);
    expect(rows).toStrictEqual([
      {
        timestamptz: new Date('2026-03-01T12:00:00.123Z'),
        int8: '9007199254740993',
        int4: 42,
        numeric: '1.10',
        float8: 0.1,
        jsonb: { a: [1, null, 'ü'] },
        json_null: null,
        texts: ['a', 'b"c,d', null, ''],
        empty: [],
        flags: [true, false],
        bytea: Uint8Array.of(0, 255, 16),
        vector: '[1,-0.5,0]',
        yes: true,
        nothing: null,
        date: '2026-03-01',
        timestamp: '2026-03-01 12:00:00',
        uuid: '0190a0b0-0000-7000-8000-000000000001',
        zone: 'UTC',
      },
    ]);
  });

  it('takes every kind of parameter and gives it back', async () => {
    const sent = {
      when: new Date('2026-03-01T12:00:00.123Z'),
      bytes: Uint8Array.of(0, 1, 254, 255),
      texts: ['plain', 'quote " comma , brace } backslash \\', 'NULL', '', '中文 🙏'],
      object: { nested: { list: [1, 2] }, text: 'x' },
      whole: -7,
      truth: false,
      nothing: null,
    };
    const { rows } = await sql`select ${sent.when}::timestamptz as when, ${sent.bytes}::bytea as bytes,
      ${sent.texts}::text[] as texts, ${sent.object}::jsonb as object, ${sent.whole}::int4 as whole,
      ${sent.truth}::bool as truth, ${sent.nothing}::text as nothing`.execute(db);
    expect(rows).toStrictEqual([sent]);
  });

  it('keeps a whole item', async () => {
    const row = feedbackRow({ body: '好'.repeat(9_999) + '🧾'.repeat(5_000) });
    await db.insertInto('feedback').values(row).execute();
    const kept = await db.selectFrom('feedback').selectAll().where('id', '=', row.id).executeTakeFirstOrThrow();
    expect(kept.body).toBe(row.body);
    expect(kept.topics).toEqual(row.topics);
    expect(kept.metadata).toEqual({ order: 17, vip: true, note: null });
    expect(kept.received_at).toEqual(new Date(String(row.received_at)));
    expect(kept.version).toBe(1);
  });

  it.each([
    ['in text', (row: ReturnType<typeof feedbackRow>) => ({ ...row, body: `a${NUL}b` })],
    ['in JSON', (row: ReturnType<typeof feedbackRow>) => ({ ...row, metadata: JSON.stringify({ a: NUL }) })],
  ])('refuses U+0000 %s as bad input and goes on', async (_, spoil) => {
    const inserting = db.insertInto('feedback').values(spoil(feedbackRow())).execute();
    await expect(inserting).rejects.toSatisfy((error) => isAppError(error, 'invalid_input'));
    await test.database.ping();
  });

  it('tells a unique violation by its constraint, without the values', async () => {
    const first = feedbackRow({ source: 'secret-source', external_id: '17' });
    await db.insertInto('feedback').values(first).execute();
    const error: unknown = await db
      .insertInto('feedback')
      .values(feedbackRow({ source: 'secret-source', external_id: '17' }))
      .execute()
      .catch((caught: unknown) => caught);
    expect(isUniqueViolation(error)).toBe(true);
    expect(isUniqueViolation(error, 'feedback_source_external')).toBe(true);
    expect(isUniqueViolation(error, 'feedback_pkey')).toBe(false);
    expect(`${JSON.stringify(error)} ${String(error)}`).not.toContain('secret-source');
  });

  it('names a refused statement by its code, without the values', async () => {
    const error: unknown = await sql`select ${'not-a-uuid'}::uuid`.execute(db).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SqlError);
    expect(error).toMatchObject({ code: '22P02' });
    expect(String(error)).not.toContain('not-a-uuid');
    const unknown: unknown = await sql`select nowhere`.execute(db).catch((caught: unknown) => caught);
    expect(String(unknown)).toContain('"nowhere" does not exist');
  });

  it('rolls a failed transaction back as a whole', async () => {
    const row = feedbackRow();
    const failing = db.transaction().execute(async (trx) => {
      await trx.insertInto('feedback').values(row).execute();
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await db.selectFrom('feedback').select('id').execute()).toEqual([]);
  });

  it('does not report a commit that the database turned into a rollback', async () => {
    const failing = db.transaction().execute(async (trx) => {
      await trx.insertInto('feedback').values(feedbackRow()).execute();
      await sql`select 1 / 0`.execute(trx).catch(() => undefined);
    });
    await expect(failing).rejects.toThrow('rolled back instead of committed');
    expect(await db.selectFrom('feedback').select('id').execute()).toEqual([]);
  });

  it('keeps concurrent transactions apart', async () => {
    await db.insertInto('setting').values({ name: 'n', value: '0', updated_at: new Date() }).execute();
    const increment = () =>
      db.transaction().execute(async (trx) => {
        const { value } = await trx
          .selectFrom('setting')
          .select('value')
          .where('name', '=', 'n')
          .forUpdate()
          .executeTakeFirstOrThrow();
        await trx
          .updateTable('setting')
          .set({ value: String(Number(value) + 1) })
          .where('name', '=', 'n')
          .execute();
      });
    await Promise.all(Array.from({ length: 20 }, increment));
    expect(await db.selectFrom('setting').select('value').execute()).toEqual([{ value: '20' }]);
  });

  it('shows an open transaction to nobody else', async () => {
    let outside: Promise<unknown[]> = Promise.resolve([]);
    await db
      .transaction()
      .execute(async (trx) => {
        await trx.insertInto('feedback').values(feedbackRow()).execute();
        outside = db.selectFrom('feedback').select('id').execute();
        if (engine === 'postgres') expect(await outside).toEqual([]);
        throw new Error('stop');
      })
      .catch(() => undefined);
    expect(await outside).toEqual([]);
  });

  it('undoes to a savepoint', async () => {
    const [kept, undone] = [feedbackRow(), feedbackRow()];
    const trx = await db.startTransaction().execute();
    await trx.insertInto('feedback').values(kept).execute();
    const saved = await trx.savepoint('before').execute();
    await saved.insertInto('feedback').values(undone).execute();
    await (await saved.rollbackToSavepoint('before').execute()).commit().execute();
    expect(await db.selectFrom('feedback').select('id').execute()).toEqual([{ id: kept.id }]);
  });

  it('pages by key through everything exactly once', async () => {
    const ids = (await insertItems(test.database, 7)).sort().reverse();
    const readPage = async (cursor: string | null) => {
      const query = db
        .selectFrom('feedback')
        .select('id')
        .orderBy('id', 'desc')
        .limit(3 + 1);
      const rows = cursor === null ? query : query.where('id', '<', decodeCursor('uuid', cursor));
      return toPage(await rows.execute(), 3, 'uuid', (row) => row.id);
    };
    const pages = [await readPage(null)];
    for (let next = pages[0]?.nextCursor; next; next = pages.at(-1)?.nextCursor) pages.push(await readPage(next));
    expect(pages.map((page) => page.items.length)).toEqual([3, 3, 1]);
    const seen = pages.flatMap((page) => page.items.map((row) => row.id));
    expect(seen).toEqual(ids);
  });

  it('finds the nearest vectors by cosine and gives them back exactly', async () => {
    const ids = await insertItems(test.database, 30);
    const target = direction(11.2);
    const nearest = await db
      .selectFrom('feedback_vector')
      .select(['feedback_id', 'embedding', cosineDistance('embedding', target).as('distance')])
      .orderBy('distance')
      .limit(3)
      .execute();
    expect(nearest.map((row) => row.feedback_id)).toEqual([ids[11], ids[12], ids[10]]);
    expect(nearest[0]?.distance).toBeCloseTo(1 - Math.cos(0.002), 5);
    expect(parseVector(nearest[0]?.embedding ?? '')).toEqual(direction(11));
    expect(asVector(parseVector(nearest[1]?.embedding ?? ''))).toBe(asVector(direction(12)));
  });

  it('ends a statement that runs too long and serves the next one', async () => {
    await using slow = await openTestDatabase(engine, { STATEMENT_TIMEOUT_MS: SHORT_MS });
    await expect(sql`select pg_sleep(30)`.execute(slow.database.kysely)).rejects.toSatisfy((error) =>
      isAppError(error, 'deadline_exceeded'),
    );
    await slow.database.ping();
  });

  it('fails a call from inside a transaction that waits for the only connection, and goes on', async () => {
    await using one = await openTestDatabase(engine, { STATEMENT_TIMEOUT_MS: SHORT_MS, DATABASE_POOL_SIZE: '1' });
    const nested = one.database.kysely.transaction().execute(async (trx) => {
      await trx.insertInto('feedback').values(feedbackRow()).execute();
      await one.database.kysely.selectFrom('feedback').select('id').execute();
    });
    await expect(nested).rejects.toSatisfy((error) => isAppError(error, 'database_unavailable'));
    expect(await one.database.kysely.selectFrom('feedback').select('id').execute()).toEqual([]);
  });

  it('takes the connection from a transaction that has stopped working', async () => {
    await using one = await openTestDatabase(engine, { STATEMENT_TIMEOUT_MS: SHORT_MS, DATABASE_POOL_SIZE: '2' });
    const { kysely } = one.database;
    const trx = await kysely.startTransaction().execute();
    await trx.insertInto('feedback').values(feedbackRow()).execute();
    const open = sql<{ n: string }>`select count(*) as n from pg_stat_activity
      where datname = current_database() and state = 'idle in transaction'`;
    // On PGlite the question itself has to wait until the connection is free.
    const ask = () =>
      open.execute(kysely).then(
        ({ rows }) => rows[0]?.n,
        () => 'busy',
      );
    await expect.poll(ask, { timeout: 20_000 }).toBe('0');
    const late: unknown = await trx
      .insertInto('feedback')
      .values(feedbackRow())
      .execute()
      .catch((error: unknown) => error);
    expect(isAppError(late)).toBe(true);
    await trx.rollback().execute();
    expect(await kysely.selectFrom('feedback').select('id').execute()).toEqual([]);
  });

  it('closes although somebody never gave a transaction back', async () => {
    await using one = await openTestDatabase(engine, { STATEMENT_TIMEOUT_MS: SHORT_MS });
    const trx = await one.database.kysely.startTransaction().execute();
    await trx.insertInto('feedback').values(feedbackRow()).execute();
    await one.database[Symbol.asyncDispose]();
    const late: unknown = await trx
      .commit()
      .execute()
      .catch((error: unknown) => error);
    expect(isAppError(late)).toBe(true);
    expect(trx.isCommitted).toBe(false);
  });

  it('stops waiting when the caller aborts', async () => {
    await expect(test.database.ping(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    await test.database.ping(new AbortController().signal);
  });
});
