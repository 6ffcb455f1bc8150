import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FifoLock } from '../../src/db/fifo-lock.ts';
import { decodeCursor, encodeCursor, toPage } from '../../src/db/paginate.ts';
import { asVector, parseVector } from '../../src/db/vector.ts';
import { AppError, isAppError } from '../../src/errors.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS, openTestDatabase, type TestDatabase } from '../_util/db.ts';

describe('a cursor', () => {
  it('gives back the key it was made from', () => {
    const keys = fc.oneof(
      fc.record({ kind: fc.constant('uuid' as const), key: fc.uuid() }),
      fc.record({ kind: fc.constant('seq' as const), key: fc.maxSafeNat().map(String) }),
    );
    fc.assert(
      fc.property(keys, ({ kind, key }) => {
        expect(decodeCursor(kind, encodeCursor(kind, key))).toBe(key);
      }),
    );
  });

  it.each(['', 'x', '!!!', 'dXVpZDo', encodeCursor('uuid', "' or 1=1"), encodeCursor('seq', '-1'), '../../etc', '中'])(
    'that was not given out (%s) is refused with a pointer',
    (cursor) => {
      for (const kind of ['uuid', 'seq'] as const) {
        expect(() => decodeCursor(kind, cursor, '/query/cursor')).toThrow(
          expect.objectContaining({
            code: 'invalid_input',
            errors: [{ pointer: '/query/cursor', message: expect.any(String) }],
          }),
        );
      }
    },
  );

  it('is not taken for another kind of list', () => {
    const uuid = encodeCursor('uuid', '0190a0b0-0000-7000-8000-000000000001');
    expect(() => decodeCursor('seq', uuid)).toThrow(AppError);
    expect(() => decodeCursor('uuid', encodeCursor('seq', '7'))).toThrow(AppError);
  });

  it('is given only when more follows', () => {
    expect(toPage(['1', '2', '3'], 2, 'seq', (n) => n)).toEqual({
      items: ['1', '2'],
      nextCursor: encodeCursor('seq', '2'),
    });
    expect(toPage(['1', '2'], 2, 'seq', (n) => n)).toEqual({ items: ['1', '2'], nextCursor: null });
    expect(toPage([], 2, 'seq', String)).toEqual({ items: [], nextCursor: null });
  });
});

describe('a vector in text', () => {
  it('comes back bit for bit', () => {
    const vectors = fc.float32Array({ noNaN: true, noDefaultInfinity: true, minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(vectors, (vector) => {
        // PostgreSQL has one zero, and so has the text.
        const expected = vector.map((value) => value + 0);
        expect(parseVector(asVector(vector))).toEqual(expected);
      }),
    );
  });

  it('cannot hold what is not a number', () => {
    expect(() => asVector(Float32Array.of(1, Number.NaN))).toThrow(RangeError);
    expect(() => asVector(Float32Array.of(Number.POSITIVE_INFINITY))).toThrow(RangeError);
  });
});

describe('the queue for the one connection', () => {
  it('serves in the order of asking, one at a time', async () => {
    const lock = new FifoLock();
    const served: number[] = [];
    let inside = 0;
    const visit = async (n: number) => {
      const release = await lock.acquire(10_000);
      inside += 1;
      expect(inside).toBe(1);
      served.push(n);
      await Promise.resolve();
      inside -= 1;
      release();
      release();
    };
    await Promise.all([1, 2, 3, 4, 5].map(visit));
    expect(served).toEqual([1, 2, 3, 4, 5]);
    expect([lock.held, lock.waiting]).toEqual([false, 0]);
  });

  it('lets nobody in between the one who leaves and the one who is next', async () => {
    const lock = new FifoLock();
    const leave = await lock.acquire(10);
    const next = lock.acquire(10_000);
    leave();
    const newcomer = lock.acquire(20);
    await next;
    await expect(newcomer).rejects.toSatisfy((error) => isAppError(error, 'database_unavailable'));
  });

  it('refuses a caller that waited too long, and forgets it', async () => {
    const lock = new FifoLock();
    const release = await lock.acquire(10);
    await expect(lock.acquire(10)).rejects.toSatisfy((error) => isAppError(error, 'database_unavailable'));
    expect(lock.waiting).toBe(0);
    release();
    expect(lock.held).toBe(false);
    await lock.acquire(10);
  });

  it('closes: those who wait and come later are refused, the holder is waited for', async () => {
    const lock = new FifoLock();
    const release = await lock.acquire(10);
    const waiting = lock.acquire(10_000);
    const closing = lock.close(new AppError('database_unavailable', 'closing'), 10_000);
    await expect(waiting).rejects.toThrow('closing');
    await expect(lock.acquire(10)).rejects.toThrow('closing');
    release();
    expect(await closing).toBe(true);
    const stuck = new FifoLock();
    await stuck.acquire(10);
    expect(await stuck.close(new AppError('database_unavailable', 'closing'), 10)).toBe(false);
  });
});

describeOnEngines('any value', (engine) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase(engine);
  }, OPEN_TIMEOUT_MS);
  afterAll(async () => await test[Symbol.asyncDispose]());

  // Without U+0000, which PostgreSQL refuses, and with whole surrogate pairs only.
  const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes(String.fromCharCode(0)));

  it('of text, list, JSON and bytes comes back as it was sent', async () => {
    const values = fc.record({
      text,
      texts: fc.array(fc.option(text)),
      json: fc.record({ list: fc.array(text), deep: fc.dictionary(text, fc.option(text)) }),
      bytes: fc.uint8Array(),
      whole: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      real: fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
      when: fc.date({ min: new Date('1000-01-01'), max: new Date('9000-01-01'), noInvalidDate: true }),
    });
    await fc.assert(
      fc.asyncProperty(values, async (sent) => {
        const { rows } = await sql`select ${sent.text}::text as text, ${sent.texts}::text[] as texts,
          ${sent.json}::jsonb as json, ${sent.bytes}::bytea as bytes, ${sent.whole}::int4 as whole,
          ${sent.real}::float8 as real, ${sent.when}::timestamptz as when`.execute(test.database.kysely);
        expect(rows).toEqual([sent]);
      }),
      { numRuns: 60 },
    );
  });
});
