import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Logger } from 'pino';
import type { Encoder } from '../embedding/encoder.ts';
import type { Policy } from '../policy.ts';
import type { Segmenter } from '../text/segment.ts';
import { readDocument } from '../triage/document.ts';
import { embedTexts } from './embed-texts.ts';
import { HEAD_FORMAT, Head, type HeadModel } from './head.ts';
import { readSeedVectors, textKey } from './seed-vectors.ts';
import { RECIPE, type TrainingExample, type TrainSettings } from './train.ts';
import { trainInWorker } from './train-in-worker.ts';

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
  /** The file of vectors that are carried with the seeds. */
  readonly seedVectors: string;
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
  const parts = [
    HEAD_FORMAT,
    JSON.stringify(RECIPE),
    encoder.info.hash,
    policy.versions.taxonomy,
    policy.versions.seeds,
    SEED,
    TARGET_ERROR,
  ];
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 12);
}

async function trainFromSeeds(sources: HeadSources): Promise<HeadModel> {
  const { policy, encoder, logger, signal } = sources;
  const started = performance.now();
  const examples = await collectSeedExamples(sources);
  const model = await trainInWorker(examples, settingsFor(policy, encoder.info.hash), {
    signal,
    ...(sources.onProgress && { onProgress: sources.onProgress }),
  });
  logger.info(
    { examples: examples.length, duration_ms: Math.round(performance.now() - started) },
    'heads trained from the seed examples',
  );
  return model;
}

/** What is learned from the examples: every label of the policy. */
export function settingsFor({ taxonomy }: Policy, encoderHash: string): TrainSettings {
  return {
    encoderHash,
    types: taxonomy.types.map(({ key }) => key),
    topics: taxonomy.topics.map(({ key }) => key),
    flags: taxonomy.risk_flags.map(({ key }) => key),
    seed: SEED,
    targetError: TARGET_ERROR,
  };
}

/** `policy`: only its examples are read. */
export type SeedSources = Omit<HeadSources, 'dataDir' | 'policy'> & { readonly policy: Pick<Policy, 'seeds'> };

/** The shipped examples, read and embedded. */
export async function collectSeedExamples(sources: SeedSources): Promise<TrainingExample[]> {
  const { policy, segmenter } = sources;
  const documents = policy.seeds.map(({ text }) => readDocument(segmenter, { text }));
  const vectors = await vectorsOf(
    sources,
    documents.map(({ masked }) => masked.text),
  );
  return policy.seeds.flatMap(({ id, type, topics, risk_flags: flags }, at): TrainingExample[] => {
    const [document, vector] = [documents[at], vectors[at]];
    if (document === undefined || vector === undefined) return [];
    const { words, cues, normal } = document;
    return [{ id, type, topics, flags, vector, words, cues, normal: { text: normal.text } }];
  });
}

/** Vectors that are carried with the seeds, and those of the texts that are not among them. */
async function vectorsOf(
  { encoder, seedVectors, logger, signal, onProgress }: SeedSources,
  texts: readonly string[],
): Promise<Float32Array[]> {
  const known = await readSeedVectors(seedVectors, encoder.info.hash, logger);
  const missing = texts.filter((text) => !known.has(textKey(text)));
  let done = 0;
  const computed = await embedTexts(encoder, missing, { signal, onDone: () => onProgress?.(++done, missing.length) });
  const all = new Map([
    ...known,
    ...missing.map((text, at) => [textKey(text), computed[at] ?? new Float32Array()] as const),
  ]);
  return texts.map((text) => all.get(textKey(text)) ?? new Float32Array());
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
    await rm(temporary, { force: true });
  }
}
