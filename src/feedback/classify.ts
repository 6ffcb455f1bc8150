import type { Engine } from '../context.ts';
import type { Embedding } from '../embedding/encoder.ts';
import type { ClassifyRequest } from '../intake/request.ts';
import type { Document } from '../triage/document.ts';
import { type Decided, decide } from './decide.ts';
import { readMessage } from './read-message.ts';

/** A decision with what it was made from, for whoever stores it. */
export interface Classified extends Decided {
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
  const started = performance.now();
  let read = started;
  const message = await readMessage(engine, request, {
    signal,
    onRead: () => {
      read = performance.now();
    },
  });
  const embedded = performance.now();
  const decided = decide(engine, message);
  const done = performance.now();
  const timing = { read: read - started, embed: embedded - read, decide: done - embedded, total: done - started };
  const { document, embedding, receivedAt } = message;
  return { ...decided, document, embedding, receivedAt, timing };
}
