import pino from 'pino';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Pool } from '../../../src/embedding/pool.ts';
import type {
  EmbedReply,
  EmbedRequest,
  SessionInfo,
  TokenizeRequest,
  Tokens,
} from '../../../src/embedding/protocol.ts';
import { type ScriptedLink, scriptedWorkers } from './scripted-link.ts';

type Session = ScriptedLink<EmbedRequest, EmbedReply, SessionInfo>;

const logger = pino({ level: 'silent' });
/** Its ids say which text it was: one id per UTF-16 unit. */
const tokenize = ({ text }: TokenizeRequest): Tokens => ({
  ids: BigInt64Array.from(text, (character) => BigInt(character.charCodeAt(0))),
  truncated: false,
});
const textOf = ({ ids }: EmbedRequest) => String.fromCharCode(...Array.from(ids, Number));
const textsIn = (session: Session | undefined) => session?.open.map(({ request }) => textOf(request));
const vector = (value: number) => Float32Array.of(value);
/** Lets all promise callbacks run. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

const pools: Pool[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(pools.splice(0).map((pool) => pool[Symbol.asyncDispose]()));
});

async function startPool(options: { sessions?: number; queue?: number; deadlineMs?: number } = {}) {
  const tokenizers = scriptedWorkers<TokenizeRequest, Tokens, null>(tokenize);
  const sessions = scriptedWorkers<EmbedRequest, EmbedReply, SessionInfo>();
  const pool = new Pool({
    tokenizer: tokenizers.start,
    session: sessions.start,
    sessions: options.sessions ?? 1,
    queue: options.queue ?? 100,
    deadlineMs: options.deadlineMs ?? 60_000,
    logger,
  });
  pools.push(pool);
  for (const link of tokenizers.started) link.events.ready(null);
  for (const link of sessions.started) link.events.ready({ dimensions: 1 });
  await pool.loaded;
  return { pool, tokenizers: tokenizers.started, sessions: sessions.started };
}

/** Answers whatever sessions hold until nothing is left, so that a pool can be disposed of. */
async function drain(sessions: readonly Session[]): Promise<void> {
  for (let open = sessions.find((session) => session.open.length > 0); open; ) {
    open.answer(vector(1));
    await settle();
    open = sessions.find((session) => session.open.length > 0);
  }
}

describe('the order of work', () => {
  test('texts reach the sessions first come, first served, and one is with the session ahead of time', async () => {
    const { pool, sessions } = await startPool();
    const all = Promise.all(['a', 'b', 'c', 'd'].map((text) => pool.embed(text)));
    await settle();
    expect(textsIn(sessions[0])).toEqual(['a', 'b']);
    expect(pool.stats()).toEqual({ sessions: 1, busy: 1, waiting: 2, restarts: 0 });

    for (const value of [1, 2, 3, 4]) {
      sessions[0]?.answer(vector(value));
      await settle();
    }
    expect((await all).map((embedding) => embedding.vector[0])).toEqual([1, 2, 3, 4]);
    expect(pool.stats()).toEqual({ sessions: 1, busy: 0, waiting: 0, restarts: 0 });
  });

  test('every session gets a text before one gets a second', async () => {
    const { pool, sessions } = await startPool({ sessions: 3 });
    const all = ['a', 'b', 'c', 'd'].map((text) => pool.embed(text));
    await settle();
    expect(sessions.map((session) => session.open.length).sort()).toEqual([1, 1, 2]);
    await drain(sessions);
    await Promise.all(all);
  });
});

describe('the bounded queue', () => {
  test('refuses with `overloaded` and a time to come back, and takes texts again when it has room', async () => {
    const { pool, sessions } = await startPool({ queue: 3 });
    // Two are with the session, three wait.
    const accepted = ['a', 'b', 'c', 'd', 'e'].map((text) => pool.embed(text));
    await settle();
    await expect(pool.embed('f')).rejects.toMatchObject({ code: 'overloaded', retryAfter: expect.any(Number) });
    expect(pool.stats().waiting).toBe(3);

    sessions[0]?.answer(vector(1));
    await settle();
    accepted.push(pool.embed('g'));
    await drain(sessions);
    await expect(Promise.all(accepted)).resolves.toHaveLength(6);
  });

  test('a text that left makes room', async () => {
    const { pool, sessions } = await startPool({ queue: 1 });
    const running = ['a', 'b'].map((text) => pool.embed(text));
    const caller = new AbortController();
    await settle();
    const left = pool.embed('c', caller.signal);
    await expect(pool.embed('d')).rejects.toMatchObject({ code: 'overloaded' });
    caller.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    const next = pool.embed('e');
    await drain(sessions);
    await Promise.all([...running, next]);
  });
});

describe('callers who stop waiting', () => {
  test('an aborted text never reaches a session', async () => {
    const { pool, sessions } = await startPool();
    const caller = new AbortController();
    const running = [pool.embed('a'), pool.embed('b')];
    const left = pool.embed('c', caller.signal);
    const last = pool.embed('d');
    await settle();
    caller.abort(new Error('closed the page'));
    await expect(left).rejects.toThrow('closed the page');
    sessions[0]?.answer(vector(1));
    await settle();
    expect(textsIn(sessions[0])).toEqual(['b', 'd']);
    await drain(sessions);
    await Promise.all([...running, last]);
  });

  test('a signal that is aborted already is refused with its reason', async () => {
    const { pool } = await startPool();
    await expect(pool.embed('a', AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    expect(pool.stats().waiting).toBe(0);
  });

  test('a text whose deadline passes while it waits is refused; the running one goes on', async () => {
    const { pool, sessions } = await startPool({ deadlineMs: 5_000 });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const running = pool.embed('a');
    await settle();
    vi.advanceTimersByTime(3_000);
    const second = pool.embed('b');
    const waiting = pool.embed('c');
    await settle();
    sessions[0]?.answer(vector(1));
    await running;
    vi.advanceTimersByTime(5_000);
    await expect(second).rejects.toMatchObject({ code: 'deadline_exceeded' });
    await expect(waiting).rejects.toMatchObject({ code: 'deadline_exceeded', retryAfter: 1 });
    await drain(sessions);
  });
});

describe('a session that dies', () => {
  test('its texts are taken up again in their place, the running one once', async () => {
    const { pool, sessions } = await startPool();
    const all = Promise.all(['a', 'b', 'c'].map((text) => pool.embed(text)));
    await settle();
    sessions[0]?.die();
    await settle();
    expect(pool.stats()).toMatchObject({ sessions: 0, restarts: 1, waiting: 3 });
    sessions[1]?.events.ready({ dimensions: 1 });
    await settle();
    expect(textsIn(sessions[1])).toEqual(['a', 'b']);
    await drain(sessions);
    expect((await all).length).toBe(3);
  });

  test('a text over which two sessions died is given up; the one behind it is not', async () => {
    const { pool, sessions } = await startPool();
    const poison = pool.embed('poison');
    const innocent = pool.embed('b');
    await settle();
    sessions[0]?.die();
    sessions[1]?.events.ready({ dimensions: 1 });
    await settle();
    sessions[1]?.die();
    await expect(poison).rejects.toMatchObject({ code: 'text_unprocessable', errors: [{ pointer: '/text' }] });
    sessions[2]?.events.ready({ dimensions: 1 });
    await settle();
    expect(textsIn(sessions[2])).toEqual(['b']);
    sessions[2]?.answer(vector(7));
    expect((await innocent).vector[0]).toBe(7);
  });

  test('a text that fails alone is refused without a word of the library, and the session goes on', async () => {
    const { pool, sessions } = await startPool();
    const bad = pool.embed('bad');
    const good = pool.embed('good');
    await settle();
    sessions[0]?.refuse();
    await settle();
    expect(textsIn(sessions[0])).toEqual(['good', 'bad']);
    sessions[0]?.answer(vector(1));
    expect((await good).vector[0]).toBe(1);
    sessions[0]?.refuse();
    const error: unknown = await bad.catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'text_unprocessable', retryAfter: undefined });
    expect(`${error}`).toBe('AppError: The encoder cannot read this text. Sending it again does not help.');
    expect(pool.stats().restarts).toBe(0);
  });

  test('a text that failed once by chance is read the second time', async () => {
    const { pool, sessions } = await startPool();
    const text = pool.embed('a');
    await settle();
    sessions[0]?.refuse();
    await settle();
    sessions[0]?.answer(vector(3));
    expect((await text).vector[0]).toBe(3);
  });

  test('texts that kill, each sent again and again, do not stop the encoder for others', async () => {
    const { pool, sessions } = await startPool();
    const untilReplaced = async (life: number) => {
      await settle();
      sessions[life]?.die();
      sessions[life + 1]?.events.ready({ dimensions: 1 });
    };
    for (let at = 0; at < 10; at += 1) {
      const poison = pool.embed(`poison ${at}`);
      const told = expect(poison).rejects.toMatchObject({ code: 'text_unprocessable' });
      await untilReplaced(2 * at);
      await untilReplaced(2 * at + 1);
      await told;
      await expect(pool.embed(`poison ${at}`)).rejects.toMatchObject({ code: 'text_unprocessable' });
    }
    expect(sessions).toHaveLength(21);
    const good = pool.embed('good');
    await settle();
    sessions[20]?.answer(vector(1));
    expect((await good).vector[0]).toBe(1);
  });

  test('the other sessions take over meanwhile', async () => {
    const { pool, sessions } = await startPool({ sessions: 2 });
    const first = pool.embed('a');
    await settle();
    const [dead, alive] = sessions[0]?.open.length ? [sessions[0], sessions[1]] : [sessions[1], sessions[0]];
    dead?.die();
    await settle();
    expect(textsIn(alive)).toEqual(['a']);
    alive?.answer(vector(1));
    expect((await first).vector[0]).toBe(1);
    expect(pool.stats()).toMatchObject({ sessions: 1, restarts: 1 });
  });
});

describe('the restart budget', () => {
  test('after five restarts in five minutes everything is refused, and later it is tried again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const { pool, sessions } = await startPool();
    for (let life = 0; life < 5; life += 1) {
      sessions[life]?.die();
      sessions[life + 1]?.events.ready({ dimensions: 1 });
    }
    const running = pool.embed('a');
    await settle();
    sessions[5]?.die();
    await expect(running).rejects.toMatchObject({ code: 'encoder_unavailable', retryAfter: 60 });
    await expect(pool.embed('b')).rejects.toMatchObject({ code: 'encoder_unavailable' });
    expect(pool.stats()).toEqual({ sessions: 0, busy: 0, waiting: 0, restarts: 5 });

    vi.advanceTimersByTime(300_000);
    expect(sessions).toHaveLength(7);
    sessions[6]?.events.ready({ dimensions: 1 });
    const again = pool.embed('c');
    await settle();
    sessions[6]?.answer(vector(1));
    expect((await again).vector[0]).toBe(1);
  });

  test('a tokenizer that dies is started again too, and its texts are not lost', async () => {
    const { pool, tokenizers, sessions } = await startPool();
    tokenizers[0]?.die();
    expect(pool.stats().sessions).toBe(0);
    const waiting = pool.embed('a');
    await settle();
    expect(textsIn(sessions[0])).toEqual([]);
    tokenizers[1]?.events.ready(null);
    await settle();
    sessions[0]?.answer(vector(1));
    expect((await waiting).vector[0]).toBe(1);
  });
});

describe('starting and stopping', () => {
  test('a worker that cannot load is not started again: the pool reports it', async () => {
    const tokenizers = scriptedWorkers<TokenizeRequest, Tokens, null>(tokenize);
    const sessions = scriptedWorkers<EmbedRequest, EmbedReply, SessionInfo>();
    const pool = new Pool({
      tokenizer: tokenizers.start,
      session: sessions.start,
      sessions: 2,
      queue: 1,
      deadlineMs: 1_000,
      logger,
    });
    sessions.started[1]?.die('could not load: no such file');
    await expect(pool.loaded).rejects.toThrow('session 2 could not load: no such file');
    await pool[Symbol.asyncDispose]();
    expect(sessions.started.map((link) => link.stopped)).toEqual([true, false]);
    expect(sessions.started).toHaveLength(2);
  });

  test('disposal lets texts in a session finish, refuses the others and ends every worker', async () => {
    const { pool, tokenizers, sessions } = await startPool();
    const inside = [pool.embed('a'), pool.embed('b')];
    const outside = [pool.embed('c'), pool.embed('d')];
    await settle();
    const disposed = pool[Symbol.asyncDispose]();
    for (const waiting of outside) await expect(waiting).rejects.toMatchObject({ code: 'encoder_unavailable' });
    await expect(pool.embed('e')).rejects.toMatchObject({ code: 'encoder_unavailable' });
    expect(sessions[0]?.stopped).toBe(false);
    sessions[0]?.answer(vector(1));
    sessions[0]?.answer(vector(2));
    await disposed;
    expect((await Promise.all(inside)).map((embedding) => embedding.vector[0])).toEqual([1, 2]);
    expect([...sessions, ...tokenizers].every((link) => link.stopped)).toBe(true);
  });
});
