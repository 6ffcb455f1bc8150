import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { DATA_FOLDER, SEED_VECTORS } from '../../src/context.ts';
import { createEncoder } from '../../src/embedding/create.ts';
import type { Encoder } from '../../src/embedding/encoder.ts';
import { dotAt } from '../../src/learning/dot.ts';
import { readSeedVectors, textKey } from '../../src/learning/seed-vectors.ts';
import { loadPolicy } from '../../src/policy.ts';
import { redact } from '../../src/triage/redact.ts';
import { quiet } from '../_util/db.ts';

const SAMPLE_EVERY = 97;
let encoder: Encoder;

beforeAll(async () => {
  encoder = await createEncoder({ config: loadConfig({}), logger: quiet });
});

afterAll(() => encoder?.[Symbol.asyncDispose]());

it('holds what the shipped encoder says of every seed (otherwise: npm run embed-seeds)', async () => {
  const { seeds } = await loadPolicy(DATA_FOLDER);
  const texts = seeds.map(({ text }) => redact(text).masked.text);
  const kept = await readSeedVectors(SEED_VECTORS, encoder.info.hash, quiet);
  expect(texts.filter((text) => !kept.has(textKey(text)))).toEqual([]);
  for (let at = 0; at < texts.length; at += SAMPLE_EVERY) {
    const text = texts[at] ?? '';
    const { vector } = await encoder.embed(text);
    const stored = kept.get(textKey(text)) ?? new Float32Array(vector.length);
    const cosine = dotAt(stored, 0, vector) / Math.sqrt(dotAt(stored, 0, stored));
    expect(cosine, text).toBeGreaterThan(0.999);
  }
});
