import { writeFile } from 'node:fs/promises';
import pino from 'pino';
import { loadConfig } from '../src/config.ts';
import { DATA_FOLDER, SEED_VECTORS } from '../src/context.ts';
import { createEncoder } from '../src/embedding/create.ts';
import { embedTexts } from '../src/learning/embed-texts.ts';
import { packVectors, textKey } from '../src/learning/seed-vectors.ts';
import { loadPolicy } from '../src/policy.ts';
import { Segmenter } from '../src/text/segment.ts';
import { readDocument } from '../src/triage/document.ts';

/** Writes data/seeds/vectors.bin anew; to be run after the seed examples or the shipped encoder have changed. */
const policy = await loadPolicy(DATA_FOLDER);
const segmenter = new Segmenter(policy.words);
await using encoder = await createEncoder({ config: loadConfig({}), logger: pino({ level: 'warn' }) });
const texts = policy.seeds.map(({ text }) => readDocument(segmenter, { text }).masked.text);
const vectors = await embedTexts(encoder, texts);
await writeFile(
  SEED_VECTORS,
  packVectors(encoder.info.hash, new Map(texts.map((text, at) => [textKey(text), vectors[at] ?? new Float32Array()]))),
);
