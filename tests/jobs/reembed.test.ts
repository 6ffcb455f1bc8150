import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Context } from '../../src/context.ts';
import { parseVector } from '../../src/db/vector.ts';
import type { Encoder } from '../../src/embedding/encoder.ts';
import { createFakeEncoder } from '../../src/embedding/fake.ts';
import { AppError } from '../../src/errors.ts';
import { hasForeignVectors, type ReembedPayload, reembed, reembedPayload } from '../../src/jobs/reembed.ts';
import { startJobs } from '../../src/jobs/runner.ts';
import { TASKS, type Task } from '../../src/jobs/tasks.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';

/** More than one batch of the job. */
const ITEMS = 130;
const NEW_DIMENSIONS = 96;
const never = new AbortController().signal;

describeOnEngines('after a change of the encoder', (engine) => {
  let service: TestService;
  beforeEach(async () => {
    service = await openTestService({ engine });
    await Promise.all(
      Array.from({ length: ITEMS }, (_, index) =>
        service.post('/v1/feedback', {
          text: `第 ${index} 条反馈 number ${index}`,
          subject: index % 2 ? 'Hello' : '主题',
        }),
      ),
    );
  }, OPEN_TIMEOUT_MS);
  afterEach(() => service[Symbol.asyncDispose]());

  /** The same service after a restart with another model. */
  const withEncoder = (encoder: Encoder): Context => ({ ...service.context, encoder });
  const countForeign = async (hash: string) => {
    const rows = await service.database.kysely
      .selectFrom('feedback_vector')
      .select('feedback_id')
      .where('model_hash', '<>', hash)
      .execute();
    return rows.length;
  };

  test('every vector is made anew from the masked text, subject included', async () => {
    const context = withEncoder(createFakeEncoder({ dimensions: NEW_DIMENSIONS }));
    expect(await hasForeignVectors(service.context)).toBe(false);
    expect(await hasForeignVectors(context)).toBe(true);
    expect(await reembed(context, {}, never)).toBeUndefined();
    expect(await hasForeignVectors(context)).toBe(false);
    const rows = await service.database.kysely
      .selectFrom('feedback_vector')
      .innerJoin('feedback', 'feedback.id', 'feedback_vector.feedback_id')
      .select(['subject', 'body', 'embedding', 'model_hash'])
      .execute();
    expect(rows).toHaveLength(ITEMS);
    for (const { subject, body, embedding, model_hash } of rows) {
      expect(model_hash).toBe(context.encoder.info.hash);
      const { vector } = await context.encoder.embed(`${subject}\n${body}`);
      expect(parseVector(embedding)).toEqual(vector);
    }
  });

  test('cut off in the middle, it keeps what is done and goes on from there', async () => {
    const encoder = countingEncoder();
    const context = withEncoder(encoder);
    const stop = new AbortController();
    encoder.onEmbed = (count) => count === 111 && stop.abort(new Error('power off'));
    await expect(reembed(context, {}, stop.signal)).rejects.toThrow('power off');
    expect(await countForeign(encoder.info.hash)).toBe(ITEMS - 110);
    encoder.onEmbed = () => false;
    await reembed(context, {}, never);
    expect(await countForeign(encoder.info.hash)).toBe(0);
    // The text that was in work when it was cut off is the only one that was begun twice.
    expect(encoder.count()).toBe(ITEMS + 1);
  });

  test('one run does no more than it may and says where the next goes on; a repeated run does nothing twice', async () => {
    const encoder = countingEncoder();
    const context = withEncoder(encoder);
    const limit = { items: 50, ms: 600_000 };
    const left: number[] = [];
    let rest: ReembedPayload | undefined = {};
    while (rest !== undefined) {
      rest = await reembed(context, reembedPayload.parse(rest), never, limit);
      left.push(await countForeign(encoder.info.hash));
    }
    expect(left).toEqual([80, 30, 0]);
    expect(await reembed(context, {}, never, limit)).toBeUndefined();
    expect(encoder.count()).toBe(ITEMS);
  });

  test('an encoder that is busy is waited for; a run that would wait beyond its time goes on in the next', async () => {
    const encoder = countingEncoder();
    const context = withEncoder(encoder);
    const busy = (retryAfter: number) => new AppError('overloaded', 'Too many texts are waiting.', { retryAfter });
    // Refused at the 10th to 13th try, then served again.
    encoder.onEmbed = (count) => {
      if (count >= 10 && count <= 13) throw busy(0.001);
    };
    expect(await reembed(context, {}, never)).toBeUndefined();
    expect(await countForeign(encoder.info.hash)).toBe(0);
    expect(encoder.count()).toBe(ITEMS + 4);

    const other = countingEncoder(NEW_DIMENSIONS / 2);
    other.onEmbed = (count) => {
      if (count > 20) throw busy(3_600);
    };
    // A wait is 30 s at most, which is more than this run has.
    const rest = await reembed(withEncoder(other), {}, never, { items: 1_000, ms: 25_000 });
    expect(rest).toEqual({ after: expect.any(String) });
    expect(await countForeign(other.info.hash)).toBe(ITEMS - 20);
    other.onEmbed = () => undefined;
    expect(await reembed(withEncoder(other), reembedPayload.parse(rest), never)).toBeUndefined();
    expect(await countForeign(other.info.hash)).toBe(0);
  });

  test('an encoder that is gone fails the run, which is tried again later', async () => {
    const encoder = countingEncoder();
    encoder.onEmbed = (count) => {
      if (count > 5) throw new AppError('encoder_unavailable', 'The encoder failed several times.');
    };
    await expect(reembed(withEncoder(encoder), {}, never)).rejects.toMatchObject({ code: 'encoder_unavailable' });
    expect(await countForeign(encoder.info.hash)).toBe(ITEMS - 5);
  });

  test('a stop ends the waiting for a busy encoder', async () => {
    const encoder = countingEncoder();
    const stop = new AbortController();
    encoder.onEmbed = () => {
      setImmediate(() => stop.abort(new Error('stopping')));
      throw new AppError('overloaded', 'Too many texts are waiting.', { retryAfter: 50 });
    };
    await expect(reembed(withEncoder(encoder), {}, stop.signal)).rejects.toThrow();
  });

  test('the next start begins it, a stop cuts it off, the start after that ends it', async () => {
    const encoder = countingEncoder();
    const context = withEncoder(encoder);
    let reached = () => {};
    const half = new Promise<void>((resolve) => {
      reached = resolve;
    });
    encoder.onEmbed = (count) => {
      if (count === 60) reached();
      // Slower than the stop, so that there is something left to do.
      return count > 60 ? sleep(20).then(() => false) : false;
    };
    {
      await using _jobs = await startJobs(context);
      await half;
    }
    const left = await countForeign(encoder.info.hash);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(ITEMS);
    encoder.onEmbed = () => false;
    await using _jobs = await startJobs(context);
    while ((await countForeign(encoder.info.hash)) > 0) await sleep(50);
    expect(encoder.count()).toBeLessThan(ITEMS + 5);
  });

  test('runs that leave something to do are followed by others until all is done', async () => {
    const encoder = countingEncoder();
    const context = withEncoder(encoder);
    const begun: unknown[] = [];
    const task: Task = {
      ...TASKS['feedback.reembed'],
      run: (to, data, signal) => {
        begun.push(data);
        return reembed(to, reembedPayload.parse(data), signal, { items: 50, ms: 600_000 });
      },
    };
    await using _jobs = await startJobs(context, { ...TASKS, 'feedback.reembed': task });
    while (begun.length < 3 || (await countForeign(encoder.info.hash)) > 0) await sleep(50);
    const goesOn = { after: expect.stringMatching(/^[0-9a-f-]{36}$/) };
    expect(begun).toEqual([{}, goesOn, goesOn]);
    expect(encoder.count()).toBe(ITEMS);
  });

  test('items that arrive meanwhile are embedded by the new encoder at once', async () => {
    const context = withEncoder(createFakeEncoder({ dimensions: NEW_DIMENSIONS }));
    await using fresh = await openTestService({
      engine,
      encoder: context.encoder,
      opened: { database: service.database, config: service.context.config, [Symbol.asyncDispose]: async () => {} },
    });
    expect((await fresh.post('/v1/feedback', { text: '新来的' })).status).toBe(201);
    expect(await countForeign(context.encoder.info.hash)).toBe(ITEMS);
    await reembed(fresh.context, {}, never);
    expect(await countForeign(context.encoder.info.hash)).toBe(0);
  });
});

interface CountingEncoder extends Encoder {
  /** Called with how many texts have been asked for; what it gives is waited for. */
  onEmbed(count: number): unknown;
  count(): number;
}

function countingEncoder(dimensions = NEW_DIMENSIONS): CountingEncoder {
  const inner = createFakeEncoder({ dimensions });
  let count = 0;
  const encoder: CountingEncoder = {
    ...inner,
    onEmbed: () => undefined,
    count: () => count,
    async embed(text, options) {
      count += 1;
      await encoder.onEmbed(count);
      return await inner.embed(text, options);
    },
  };
  return encoder;
}
