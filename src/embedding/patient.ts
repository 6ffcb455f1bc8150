import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, type ErrorCode } from '../errors.ts';
import type { Embedding, EmbedOptions } from './encoder.ts';

/** An encoder that says these has other callers to serve first. */
const BUSY = new Set<ErrorCode>(['overloaded', 'deadline_exceeded']);
const FIRST_WAIT_S = 1;
const LONGEST_WAIT_MS = 30_000;

/** Whether an encoder that says this will do it later. */
export function isBusy(error: unknown): error is AppError {
  return error instanceof AppError && BUSY.has(error.code);
}

/** What embeds, an encoder or what stands before one. */
interface Embeds<T> {
  embed(text: string, options?: EmbedOptions): Promise<T>;
}

export interface PatientOptions extends EmbedOptions {
  /** By `performance.now()`: no wait goes beyond it. */
  readonly until?: number;
}

/**
 * Embeds for a job, which can wait: while the encoder has other callers to serve it waits, twice as long each time.
 *
 * @throws what the encoder throws, `isBusy` only where the wait would go beyond `until`; or the signal's reason
 */
export async function embedPatiently<T = Embedding>(
  encoder: Embeds<T>,
  text: string,
  { until = Number.POSITIVE_INFINITY, ...options }: PatientOptions = {},
): Promise<T> {
  for (let waitMs = 0; ; ) {
    options.signal?.throwIfAborted();
    try {
      return await encoder.embed(text, options);
    } catch (error) {
      if (!isBusy(error)) throw error;
      waitMs = Math.min(LONGEST_WAIT_MS, waitMs === 0 ? (error.retryAfter ?? FIRST_WAIT_S) * 1_000 : waitMs * 2);
      if (performance.now() + waitMs > until) throw error;
    }
    await sleep(waitMs, undefined, { signal: options.signal });
  }
}

/** The encoder for a job: one that waits, as `embedPatiently` does. */
export function patientEncoder<T>(encoder: Embeds<T>): Embeds<T> {
  return { embed: (text, options) => embedPatiently(encoder, text, options) };
}
