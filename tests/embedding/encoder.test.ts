import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadConfig, PROJECT_ROOT } from '../../src/config.ts';
import { createEncoder } from '../../src/embedding/create.ts';
import type { Encoder } from '../../src/embedding/encoder.ts';

const LOADING_MS = 120_000;
const goldenSchema = z.object({
  items: z.array(
    z.object({
      text: z.string(),
      prefix: z.string(),
      token_ids: z.array(z.number()),
      embedding: z.array(z.number()),
    }),
  ),
});

let encoder: Encoder;
let golden: z.infer<typeof goldenSchema>['items'];
const logged: string[] = [];

beforeAll(async () => {
  const config = loadConfig({ ENCODER_SESSIONS: '2', ENCODER_CACHE: '50' });
  const logger = pino({ level: 'debug' }, { write: (line: string) => logged.push(line) });
  encoder = await createEncoder({ config, logger });
  const file = path.join(PROJECT_ROOT, 'models/multilingual-e5-small/golden.json');
  golden = goldenSchema.parse(JSON.parse(await readFile(file, 'utf8'))).items;
}, LOADING_MS);
afterAll(() => encoder[Symbol.asyncDispose]());

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    Array.from(x).reduce((sum, value, index) => sum + value * (y[index] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

const kindOf = (prefix: string) => (prefix === 'passage: ' ? 'passage' : 'query');

describe('the shipped model', () => {
  test('gives the golden vectors, of unit length, each text alone', async () => {
    expect(golden).toHaveLength(12);
    const results = await Promise.all(golden.map(({ text, prefix }) => encoder.embed(text, { kind: kindOf(prefix) })));
    for (const [index, { vector, tokens, truncated }] of results.entries()) {
      const item = golden[index];
      if (item === undefined) throw new Error('more results than texts');
      expect(cosine(vector, item.embedding)).toBeGreaterThanOrEqual(0.999);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
      expect({ tokens, truncated }).toEqual({ tokens: item.token_ids.length, truncated: false });
    }
    expect(encoder.info).toMatchObject({ id: 'multilingual-e5-small', dimensions: 384 });
    expect(encoder.info.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('a vector does not depend on what else is being encoded', async () => {
    const texts = Array.from({ length: 12 }, (_, index) => `My card payment ${index} is still pending`);
    const together = await Promise.all(texts.map((text) => encoder.embed(text)));
    const other = await createEncoder({
      config: loadConfig({ ENCODER_SESSIONS: '1' }),
      logger: pino({ level: 'silent' }),
    });
    for (const [index, text] of texts.entries()) {
      expect((await other.embed(text)).vector).toEqual(together[index]?.vector);
    }
    await other[Symbol.asyncDispose]();
  }, 60_000);

  test('kinds have prefixes of their own', async () => {
    const [query, passage] = await Promise.all([
      encoder.embed('提现多久到账', { kind: 'query' }),
      encoder.embed('提现多久到账', { kind: 'passage' }),
    ]);
    expect(query.vector).not.toEqual(passage.vector);
  });

  test.each(['', ' ', '\u0000', '\ud83d', '<s></s><pad>'])('odd text %j has a vector', async (text) => {
    const { vector, tokens } = await encoder.embed(text);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
    expect(tokens).toBeGreaterThan(2);
  });
});

describe('long texts', () => {
  test('use the whole window and say that the middle was left out', async () => {
    const text = 'The withdrawal is still pending and support does not answer. '.repeat(400).slice(0, 20_000);
    expect(await encoder.embed(text)).toMatchObject({ tokens: 512, truncated: true });
  });

  test('are read at both ends, not in the middle', async () => {
    const filler = (sentence: string) => sentence.repeat(150);
    const build = (start: string, middle: string, end: string) =>
      `${start} ${filler('Nothing much to say here. ')}${middle} ${filler('Nothing much to say here. ')}${end}`;
    const [plain, middle, start, end] = await Promise.all([
      encoder.embed(build('Hello.', 'Hello.', 'Hello.')),
      encoder.embed(build('Hello.', 'My account was hacked!', 'Hello.')),
      encoder.embed(build('My account was hacked!', 'Hello.', 'Hello.')),
      encoder.embed(build('Hello.', 'Hello.', 'My account was hacked!')),
    ]);
    expect(middle.vector).toEqual(plain.vector);
    expect(cosine(start.vector, plain.vector)).toBeLessThan(0.9999);
    expect(cosine(end.vector, plain.vector)).toBeLessThan(0.9999);
  });
});

describe('what callers and operators see', () => {
  test('a text that was encoded is found in the cache', async () => {
    const first = await encoder.embed('I was charged twice');
    const { cacheHits } = encoder.stats();
    expect(await encoder.embed('I was charged twice')).toBe(first);
    expect(encoder.stats().cacheHits).toBe(cacheHits + 1);
  });

  test('all sessions are usable and nothing waits', () => {
    expect(encoder.stats()).toMatchObject({ sessions: 2, busy: 0, waiting: 0, restarts: 0 });
  });

  test('no text was logged', () => {
    expect(logged.join('')).toContain('encoder ready');
    for (const { text } of golden) expect(logged.join('')).not.toContain(text);
  });
});
