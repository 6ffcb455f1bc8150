import { setMaxListeners } from 'node:events';
import type { EmbeddingKind, Encoder } from '../embedding/encoder.ts';

/** Texts embedded at once: enough to keep every session busy without filling the queue. */
const CONCURRENCY = 16;

export interface EmbedTextsOptions {
  /** `query` unless told. */
  readonly kind?: EmbeddingKind | undefined;
  readonly signal?: AbortSignal | undefined;
  onDone?(): void;
}

/** The vectors of many texts, in their order. */
export async function embedTexts(
  encoder: Pick<Encoder, 'embed'>,
  texts: readonly string[],
  { kind = 'query', signal, onDone }: EmbedTextsOptions = {},
): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  const options = { kind, ...(signal && { signal: widened(signal) }) };
  let next = 0;
  const work = async () => {
    for (let at = next++; at < texts.length; at = next++) {
      vectors[at] = (await encoder.embed(texts[at] ?? '', options)).vector;
      onDone?.();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return vectors;
}

/** A signal that ends with the given one and may be listened to by every text that is under way. */
function widened(signal: AbortSignal): AbortSignal {
  const own = AbortSignal.any([signal]);
  setMaxListeners(0, own);
  return own;
}
