import { execFileSync } from 'node:child_process';
import { open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newTally, type TriageFileOptions, type TriageResult, triageFile } from '../../src/cli/triage-file.ts';
import type { Context, Engine } from '../../src/context.ts';
import { AppError } from '../../src/errors.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { makeFolder, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { createHeldEncoder, type HeldEncoder } from '../_util/held-encoder.ts';

let service: TestService;
let held: HeldEncoder;
let root: Awaited<ReturnType<typeof makeFolder>>;
beforeAll(async () => {
  root = await makeFolder();
  held = createHeldEncoder();
  service = await openTestService({ encoder: held.encoder });
}, OPEN_TIMEOUT_MS);
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await root[Symbol.asyncDispose]();
});

async function makeFile(name: string, items: readonly unknown[]): Promise<string> {
  const file = path.join(root.folder, name);
  await writeFile(file, items.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))).join('\n'));
  return file;
}

async function run(context: Context | Engine, file: string, options: Partial<TriageFileOptions> = {}) {
  const results: TriageResult[] = [];
  const problems: { line: number; problem: string }[] = [];
  const { signal } = new AbortController();
  const tally = await triageFile(
    context,
    { file, encoding: 'utf-8', language: 'en', signal, ...options },
    (outcome) => {
      if ('problem' in outcome) problems.push(outcome);
      else results.push(outcome);
    },
  );
  expect(tally).toMatchObject({ decided: results.length, written: results.length, problems: problems.length });
  return { results, problems, stored: { created: tally.created, existed: tally.existed } };
}

/** The context as a command without --store has it. */
function engineOf(context: Context): Engine {
  const { config, logger, policy, segmenter, matters, encoder, learned, precedents, now } = context;
  return {
    config,
    logger,
    policy,
    segmenter,
    matters,
    encoder,
    learned,
    precedents,
    now,
    [Symbol.asyncDispose]: async () => {},
  };
}
const countItems = async () => (await service.database.kysely.selectFrom('feedback').select('id').execute()).length;

describe('deciding about a file', () => {
  test('gives results in the order of the file, although many are in work at once', async () => {
    const texts = Array.from({ length: 700 }, (_, at) => `订单 ${at} 一直没有成交`);
    const file = await makeFile(
      'order.jsonl',
      texts.map((text) => ({ text })),
    );
    // Later lines are ready before earlier ones.
    const encoder = {
      ...held.encoder,
      embed: async (text: string) => {
        if (text.includes('0 ')) await new Promise((resolve) => setImmediate(resolve));
        return await held.encoder.embed(text);
      },
    };
    const { results, problems, stored } = await run({ ...engineOf(service.context), encoder }, file);
    expect(results.map(({ line }) => line)).toEqual(texts.map((_, at) => at + 1));
    expect(results.map(({ text }) => text)).toEqual(texts);
    expect(problems).toEqual([]);
    expect(stored).toEqual({ created: 0, existed: 0 });
    expect(await countItems()).toBe(0);
  });

  test('each result is handed on as soon as it is decided, before the next line is there', async () => {
    const pipe = path.join(root.folder, 'live');
    execFileSync('mkfifo', [pipe]);
    const lines = await open(pipe, 'r+');
    const seen: number[] = [];
    let heard = () => {};
    const { signal } = new AbortController();
    const running = triageFile(
      engineOf(service.context),
      { file: pipe, format: 'lines', limit: 2, encoding: 'utf-8', language: 'en', signal },
      ({ line }) => {
        seen.push(line);
        heard();
      },
    );
    for (const text of ['first\n', 'second\n']) {
      const handedOn = new Promise<void>((resolve) => {
        heard = resolve;
      });
      await lines.write(text);
      await handedOn;
    }
    expect(seen).toEqual([1, 2]);
    await running;
    await lines.close();
  });

  test('10 000 lines and nobody who takes the results: reading waits, memory is bounded', async () => {
    const file = await makeFile(
      'many.jsonl',
      Array.from({ length: 10_000 }, (_, at) => ({ text: `line ${at}` })),
    );
    let begun = 0;
    const encoder = {
      ...held.encoder,
      embed: async (text: string) => {
        begun += 1;
        return await held.encoder.embed(text);
      },
    };
    let free = () => {};
    const taken = new Promise<void>((resolve) => {
      free = resolve;
    });
    const { signal } = new AbortController();
    const running = triageFile(
      { ...engineOf(service.context), encoder },
      { file, encoding: 'utf-8', language: 'en', signal },
      () => taken,
    );
    // Until it comes to rest: twice the same count over many turns of the event loop.
    for (let before = -1; begun === 0 || begun !== before; ) {
      before = begun;
      await sleep(200);
    }
    expect(begun).toBeLessThanOrEqual(512);
    free();
    expect(await running).toMatchObject({ decided: 10_000, written: 10_000, problems: 0 });
  });

  test('whoever cannot take a result ends it with that reason', async () => {
    const file = await makeFile(
      'taker.jsonl',
      Array.from({ length: 600 }, (_, at) => ({ text: `taker ${at}` })),
    );
    const tally = newTally();
    const { signal } = new AbortController();
    const running = triageFile(
      engineOf(service.context),
      { file, encoding: 'utf-8', language: 'en', signal },
      ({ line }) => {
        if (line === 20) throw new AppError('storage_full', 'The disk is full.');
      },
      tally,
    );
    await expect(running).rejects.toMatchObject({ code: 'storage_full' });
    expect(tally.written).toBe(19);
    expect(tally.decided).toBeGreaterThanOrEqual(19);
    expect(tally.decided).toBeLessThan(600);
  });

  test('a file that breaks off gives what stands before the break', async () => {
    const file = await makeFile('broken.csv', ['text', 'a', 'b', '"never closed']);
    const tally = newTally();
    const { signal } = new AbortController();
    const options = { file, encoding: 'utf-8', language: 'en', signal } as const;
    await expect(triageFile(engineOf(service.context), options, () => undefined, tally)).rejects.toMatchObject({
      code: 'file_error',
    });
    expect(tally).toMatchObject({ decided: 2, written: 2 });
  });

  test('bad lines are listed by number beside the good ones', async () => {
    const file = await makeFile('bad.jsonl', [{ text: 'a' }, '{', { text: '' }, { text: 'b' }, '[]', { text: 'c' }]);
    const { results, problems } = await run(engineOf(service.context), file);
    expect(results.map(({ line, text }) => [line, text])).toEqual([
      [1, 'a'],
      [4, 'b'],
      [6, 'c'],
    ]);
    expect(problems.map(({ line }) => line)).toEqual([2, 3, 5]);
  });

  test('personal data is masked in what it gives', async () => {
    const file = await makeFile('masked.jsonl', [{ text: '回电 13912345678', subject: 'li@example.com' }]);
    const { results } = await run(engineOf(service.context), file);
    expect(results[0]?.text).toBe('[EMAIL]\n回电 [PHONE]');
  });

  test('a limit ends the reading', async () => {
    const file = await makeFile(
      'limit.jsonl',
      Array.from({ length: 50 }, (_, at) => ({ text: `number ${at}` })),
    );
    expect((await run(engineOf(service.context), file, { limit: 7 })).results).toHaveLength(7);
  });

  test('never has more in work than the encoder lets wait', async () => {
    const file = await makeFile(
      'queue.jsonl',
      Array.from({ length: 40 }, (_, at) => ({ text: `queue ${at}` })),
    );
    let inWork = 0;
    const encoder = {
      ...held.encoder,
      embed: async (text: string) => {
        inWork += 1;
        if (inWork > 3) throw new AppError('overloaded', 'Too many texts wait.');
        await new Promise((resolve) => setImmediate(resolve));
        return await held.encoder.embed(text).finally(() => {
          inWork -= 1;
        });
      },
    };
    const config = { ...service.context.config, ENCODER_QUEUE: 3 };
    const { problems, results } = await run({ ...engineOf(service.context), encoder, config }, file);
    expect([problems, results.length]).toEqual([[], 40]);
  });

  test.each(['deadline_exceeded', 'text_unprocessable'] as const)('%s is a problem of its line', async (code) => {
    held.failWith(new AppError(code, 'The text waited too long.'));
    const file = await makeFile('late.jsonl', [{ text: 'a' }, { text: 'b' }]);
    const { results, problems } = await run(engineOf(service.context), file);
    held.release();
    expect(results).toEqual([]);
    expect(problems).toEqual([1, 2].map((line) => ({ line, problem: 'The text waited too long.' })));
  });

  test('an encoder that is gone ends it: the next line would fare no better', async () => {
    held.failWith(new AppError('encoder_unavailable', 'The encoder cannot be restarted.'));
    const file = await makeFile('gone-encoder.jsonl', [{ text: 'a' }, { text: 'b' }]);
    await expect(run(engineOf(service.context), file)).rejects.toMatchObject({ code: 'encoder_unavailable' });
    held.release();
  });

  test('stopped, it ends with the reason, however many lines are in work', async () => {
    const file = await makeFile(
      'stop.jsonl',
      Array.from({ length: 60 }, (_, at) => ({ text: `stop ${at}` })),
    );
    const stop = new AbortController();
    held.hold();
    const running = run(engineOf(service.context), file, { signal: stop.signal });
    await held.untilWaiting(16);
    stop.abort(new Error('stopped by SIGINT'));
    held.release();
    await expect(running).rejects.toThrow();
  });
});

describe('keeping what was decided', () => {
  const items = [
    { text: '充值没到账', external_id: 'a' },
    { text: 'The chart is frozen', external_id: 'b', subject: 'Chart' },
    { text: '没有编号的反馈' },
  ];

  test('stores each item once; what has an id is known the second time', async () => {
    const file = await makeFile('store.jsonl', items);
    const first = await run(service.context, file);
    expect(first.stored).toEqual({ created: 3, existed: 0 });
    const second = await run(service.context, file);
    expect(second.stored).toEqual({ created: 1, existed: 2 });
    expect(second.results[0]?.id).toBe(first.results[0]?.id);
    expect(second.results[1]?.text).toBe('Chart\nThe chart is frozen');
    expect(await countItems()).toBe(4);
    const { rows } = await sql<{ actor: unknown }>`select distinct actor from decision`.execute(
      service.database.kysely,
    );
    expect(rows).toEqual([{ actor: { kind: 'operator', command: 'triage' } }]);
  });

  test('another text under a known id is a problem of its line', async () => {
    const file = await makeFile('conflict.jsonl', [{ text: 'something else', external_id: 'a' }, { text: 'fine' }]);
    const { problems, stored } = await run(service.context, file);
    expect(problems).toEqual([{ line: 1, problem: expect.stringContaining('external_id') }]);
    expect(stored).toEqual({ created: 1, existed: 0 });
  });

  test('a full disk ends it with that reason', async () => {
    const { kysely } = service.database;
    await sql`create function disk_full() returns trigger language plpgsql as
      $$ begin raise exception 'full' using errcode = '53100'; end $$`.execute(kysely);
    await sql`create trigger disk_full before insert on outbox for each row execute function disk_full()`.execute(
      kysely,
    );
    const before = await countItems();
    const file = await makeFile(
      'full.jsonl',
      Array.from({ length: 600 }, (_, at) => ({ text: `full ${at}` })),
    );
    await expect(run(service.context, file)).rejects.toMatchObject({ code: 'storage_full' });
    await sql`drop trigger disk_full on outbox`.execute(kysely);
    expect(await countItems()).toBe(before);
  });

  test('a database that goes away in the middle ends it with that reason', async () => {
    await using own = await openTestService();
    const file = await makeFile(
      'gone.jsonl',
      Array.from({ length: 600 }, (_, at) => ({ text: `gone ${at}` })),
    );
    const refusal = expect(run(own.context, file)).rejects.toMatchObject({ code: 'database_unavailable' });
    while ((await own.database.kysely.selectFrom('feedback').select('id').execute()).length < 20) await sleep(5);
    await own.database[Symbol.asyncDispose]();
    await refusal;
  });
});
