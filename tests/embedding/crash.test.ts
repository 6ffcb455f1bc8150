import path from 'node:path';
import type { Worker } from 'node:worker_threads';
import pino from 'pino';
import { afterEach, expect, test } from 'vitest';
import { PROJECT_ROOT, refuseRuntimeTelemetry } from '../../src/config.ts';
import { WorkerLink } from '../../src/embedding/link.ts';
import { Pool } from '../../src/embedding/pool.ts';
import type { EmbedReply, EmbedRequest, ModelSource, SessionInfo } from '../../src/embedding/protocol.ts';
import { tokenizerWorker } from '../../src/embedding/workers.ts';
import { spawnWorker } from '../../src/worker-file.ts';

const source: ModelSource = {
  folder: path.join(PROJECT_ROOT, 'models/multilingual-e5-small'),
  dtype: 'q8',
  pooling: 'sentence_embedding',
};

let pool: Pool;
afterEach(() => pool[Symbol.asyncDispose]());

test('sessions that crash in the middle of their work lose no text, and the vectors stay the same', async () => {
  refuseRuntimeTelemetry();
  const threads: Worker[] = [];
  pool = new Pool({
    tokenizer: tokenizerWorker(source),
    session: (events) => {
      const worker = spawnWorker('../../src/embedding/session-worker', import.meta.url, { workerData: source });
      threads.push(worker);
      return new WorkerLink<EmbedRequest, EmbedReply, SessionInfo>(worker, events);
    },
    sessions: 2,
    queue: 1_000,
    deadlineMs: 60_000,
    logger: pino({ level: 'silent' }),
  });
  await pool.loaded;
  const texts = Array.from({ length: 60 }, (_, index) => `query: My transfer number ${index} has not arrived`);
  const before = await Promise.all(texts.map((text) => pool.embed(text)));

  const again = texts.map((text) => pool.embed(text));
  for (const [after, victim] of [10, 30].entries()) {
    await again[victim];
    threads[after]?.postMessage(undefined); // Nothing that a pool would send: the thread dies of it.
  }
  const results = await Promise.all(again);
  expect(results.map(({ vector }) => vector)).toEqual(before.map(({ vector }) => vector));
  expect(threads).toHaveLength(4);
  expect(pool.stats().restarts).toBe(2);
}, 120_000);
