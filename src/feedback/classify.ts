import type { Engine } from '../context.ts';
import type { Embedding } from '../embedding/encoder.ts';
import { cancelledError, throwIfCancelled } from '../errors.ts';
import type { ClassifyRequest } from '../intake/request.ts';
import type { Decision } from '../triage/decision.ts';
import { type Document, readDocument } from '../triage/document.ts';
import { decide } from './decide.ts';

/** A decision with what it was made from, for whoever stores it. */
export interface Classified {
  readonly decision: Decision;
  readonly document: Document;
  readonly embedding: Embedding;
  readonly receivedAt: Date;
  readonly timing: Timing;
}

/** Milliseconds spent reading, in the encoder (waiting included) and deciding. */
export interface Timing {
  readonly read: number;
  readonly embed: number;
  readonly decide: number;
  readonly total: number;
}

export interface ClassifyOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads, masks, embeds and decides; stores nothing.
 *
 * @throws AppError of the encoder (`overloaded`, `deadline_exceeded`, `encoder_unavailable`, `text_unprocessable`), or
 *   `cancelled` when the signal is aborted before the decision
 */
export async function classify(
  engine: Engine,
  request: Omit<ClassifyRequest, 'taxonomy'>,
  { signal }: ClassifyOptions = {},
): Promise<Classified> {
  throwIfCancelled(signal);
  const receivedAt = engine.now();
  const started = performance.now();
  const document = readDocument(engine.segmenter, request);
  const read = performance.now();
  const embedding = await engine.encoder
    .embed(document.masked.text, signal ? { signal } : {})
    .catch((error: unknown) => {
      throw signal?.aborted ? cancelledError(signal) : error;
    });
  throwIfCancelled(signal);
  const embedded = performance.now();
  const decision = decide(engine, {
    document,
    embedding,
    channel: request.channel,
    customer: request.customer ?? {},
    receivedAt,
  });
  const done = performance.now();
  const timing = { read: read - started, embed: embedded - read, decide: done - embedded, total: done - started };
  return { decision, document, embedding, receivedAt, timing };
}
