import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { AppError } from '../errors.ts';

const KEPT = 1_000;
/** Long enough for any client's retries, short enough that a verdict given in a bad moment does not last. */
const KEPT_MS = 3_600_000;

/** Remembers, by hash, texts that the encoder could not read: a caller who tries again costs no more workers. */
export class UnreadableTexts {
  readonly #hashes = new LRUCache<string, true>({ max: KEPT, ttl: KEPT_MS });

  add(text: string): void {
    this.#hashes.set(hashOf(text), true);
  }

  has(text: string): boolean {
    return this.#hashes.size > 0 && this.#hashes.has(hashOf(text));
  }
}

/** What the sender of such a text is told. */
export function unreadableError(cause?: unknown): AppError {
  const message = 'cannot be read by the encoder, now or later; change or shorten it';
  return new AppError('text_unprocessable', 'The encoder cannot read this text. Sending it again does not help.', {
    errors: [{ pointer: '/text', message }],
    cause,
  });
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
