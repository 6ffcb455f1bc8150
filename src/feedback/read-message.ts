import type { Engine } from '../context.ts';
import { cancelledError, throwIfCancelled } from '../errors.ts';
import type { ClassifyRequest } from '../intake/request.ts';
import { readDocument } from '../triage/document.ts';
import { customerFacts } from '../triage/facts.ts';
import type { Message } from './decide.ts';

export interface ReadMessageOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called before the encoder is. */
  onRead?(): void;
}

/**
 * Reads, masks and embeds: what a decision is made from.
 *
 * @throws AppError of the encoder, or `cancelled` when the signal is aborted before the vector is there
 */
export async function readMessage(
  engine: Pick<Engine, 'segmenter' | 'encoder' | 'now'>,
  request: Pick<ClassifyRequest, 'text' | 'subject' | 'language' | 'channel' | 'customer'>,
  { signal, onRead }: ReadMessageOptions = {},
): Promise<Message> {
  throwIfCancelled(signal);
  const receivedAt = engine.now();
  const document = readDocument(engine.segmenter, request);
  onRead?.();
  const embedding = await engine.encoder
    .embed(document.masked.text, signal ? { signal } : {})
    .catch((error: unknown) => {
      throw signal?.aborted ? cancelledError(signal) : error;
    });
  throwIfCancelled(signal);
  const customer = customerFacts.parse(request.customer ?? {});
  return { document, embedding, channel: request.channel, customer, receivedAt };
}
