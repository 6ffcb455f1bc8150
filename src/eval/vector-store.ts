import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { EmbeddingKind, Encoder } from '../embedding/encoder.ts';
import { patientEncoder } from '../embedding/patient.ts';
import { embedTexts } from '../learning/embed-texts.ts';

const KEY_BYTES = 16;

export interface EmbedRun {
  /** `query` unless told. */
  readonly kind?: EmbeddingKind | undefined;
  readonly signal: AbortSignal;
  onProgress?(done: number, total: number): void;
}

/**
 * The vectors of many texts, kept in `DATA_DIR/vectors` under the encoder's hash, so that a second evaluation of the
 * same texts need not wait. A damaged file is made anew.
 */
export async function embedKept(
  encoder: Encoder,
  dataDir: string,
  texts: readonly string[],
  { kind, signal, onProgress }: EmbedRun,
): Promise<Float32Array[]> {
  const file = path.join(dataDir, 'vectors', `${encoder.info.hash.slice(0, 16)}.f32`);
  const kept = await readStore(file, encoder.info.dimensions);
  const keys = texts.map((text) => keyOf(kind === 'passage' ? `passage\0${text}` : text));
  const missing = new Map<string, string>();
  keys.forEach((key, at) => {
    if (!kept.has(key)) missing.set(key, texts[at] ?? '');
  });
  let done = 0;
  const vectors = await embedTexts(patientEncoder(encoder), [...missing.values()], {
    kind,
    signal,
    onDone: () => onProgress?.(++done, missing.size),
  });
  [...missing.keys()].forEach((key, at) => {
    kept.set(key, vectors[at] ?? new Float32Array());
  });
  if (missing.size > 0) await writeStore(file, kept);
  return keys.map((key) => kept.get(key) ?? new Float32Array());
}

function keyOf(text: string): string {
  return createHash('sha256')
    .update(text)
    .digest('hex')
    .slice(0, KEY_BYTES * 2);
}

async function readStore(file: string, dimensions: number): Promise<Map<string, Float32Array>> {
  const store = new Map<string, Float32Array>();
  const size = KEY_BYTES + dimensions * Float32Array.BYTES_PER_ELEMENT;
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  if (bytes.length % size !== 0) return store;
  for (let start = 0; start < bytes.length; start += size) {
    const body = Uint8Array.from(bytes.subarray(start + KEY_BYTES, start + size));
    store.set(bytes.toString('hex', start, start + KEY_BYTES), new Float32Array(body.buffer));
  }
  return store;
}

/** Writes beside and renames, so that a reader never sees half a file. */
async function writeStore(file: string, store: ReadonlyMap<string, Float32Array>): Promise<void> {
  const temporary = `${file}.${randomUUID()}`;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const parts = [...store].flatMap(([key, vector]) => [
    Buffer.from(key, 'hex'),
    Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength),
  ]);
  try {
    await writeFile(temporary, parts, { mode: 0o600 });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
