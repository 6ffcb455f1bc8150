import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Logger } from 'pino';
import type { Encoder } from '../embedding/encoder.ts';
import type { Policy } from '../policy.ts';
import type { Segmenter } from '../text/segment.ts';
import { readDocument } from '../triage/document.ts';
import { HEAD_FORMAT, Head, type HeadModel } from './head.ts';
import type { TrainingExample, TrainSettings } from './train.ts';
import { trainInWorker } from './train-in-worker.ts';

/** Texts embedded at once: enough to keep every session busy without filling the queue. */
const CONCURRENCY = 16;
const TARGET_ERROR = 0.03;
const SEED = 20_261_101;

export interface LoadedHead {
  readonly head: Head;
  /** Content hash of all that the head was trained from, 12 hexadecimal digits. */
  readonly version: string;
  readonly trained: boolean;
}

export interface HeadSources {
  readonly policy: Policy;
  readonly encoder: Encoder;
  readonly segmenter: Segmenter;
  readonly dataDir: string;
  readonly logger: Logger;
  readonly signal?: AbortSignal | undefined;
  onProgress?(done: number, total: number): void;
}

/** The head for this policy and encoder: from the data folder when it is there and whole, else trained and kept. */
export async function loadHead(sources: HeadSources): Promise<LoadedHead> {
  const version = headVersion(sources);
  const file = path.join(sources.dataDir, 'heads', `${version}.head`);
  const kept = await readHead(file, sources.logger);
  if (kept !== undefined) return { head: new Head(kept), version, trained: false };
  const model = await trainFromSeeds(sources);
  await keep(file, model, sources.logger);
  return { head: new Head(model), version, trained: true };
}

function headVersion({ policy, encoder }: HeadSources): string {
  const parts = [HEAD_FORMAT, encoder.info.hash, policy.versions.taxonomy, policy.versions.seeds, SEED, TARGET_ERROR];
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 12);
}

async function trainFromSeeds(sources: HeadSources): Promise<HeadModel> {
  const { policy, encoder, segmenter, logger, signal } = sources;
  const total = policy.seeds.length * 2;
  const started = performance.now();
  const examples: TrainingExample[] = [];
  let next = 0;
  let done = 0;
  const embedSome = async () => {
    for (let at = next++; at < policy.seeds.length; at = next++) {
      const seed = policy.seeds[at];
      if (seed === undefined) return;
      const document = readDocument(segmenter, { text: seed.text });
      const { vector } = await encoder.embed(document.masked.text, signal ? { signal } : {});
      const { id, type, topics, risk_flags: flags } = seed;
      examples[at] = { id, type, topics, flags, vector, words: document.words, normal: { text: document.normal.text } };
      sources.onProgress?.(++done, total);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, embedSome));
  const settings: TrainSettings = {
    encoderHash: encoder.info.hash,
    types: policy.taxonomy.types.map(({ key }) => key),
    topics: policy.taxonomy.topics.map(({ key }) => key),
    flags: policy.taxonomy.risk_flags.map(({ key }) => key),
    seed: SEED,
    targetError: TARGET_ERROR,
  };
  const model = await trainInWorker(examples, settings, {
    signal,
    onProgress: (labels, of) => sources.onProgress?.(Math.round(total / 2 + (labels / of) * (total / 2)), total),
  });
  logger.info(
    { examples: examples.length, duration_ms: Math.round(performance.now() - started) },
    'heads trained from the seed examples',
  );
  return model;
}

/** The stored head, or undefined when there is none or it is damaged (then it is trained anew). */
async function readHead(file: string, logger: Logger): Promise<HeadModel | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const digest = createHash('sha256').update(bytes.subarray(32)).digest();
  if (digest.equals(bytes.subarray(0, 32))) return deserialize(bytes.subarray(32));
  logger.warn({ file }, 'the stored head is damaged and is trained anew');
  return undefined;
}

/** Writes beside and renames, so that a reader never sees half a file. A full disk costs a training per start, no more. */
async function keep(file: string, model: HeadModel, logger: Logger): Promise<void> {
  const body = serialize(model);
  const temporary = `${file}.${randomUUID()}`;
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(temporary, [createHash('sha256').update(body).digest(), body], { mode: 0o600 });
    await rename(temporary, file);
  } catch (error) {
    logger.warn({ err: error }, 'the trained head could not be kept; the next start trains it again');
  }
}
