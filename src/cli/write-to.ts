import type { Writable } from 'node:stream';
import { AppError } from '../errors.ts';
import { ReaderLeft } from './exit.ts';

/**
 * Writes text or bytes and resolves when the stream has passed it on, so that a slow reader slows the writer down and nothing
 * piles up in memory.
 *
 * @throws the stream's own error (EPIPE, ENOSPC, …), or the signal's reason when that comes first
 */
export async function writeTo(stream: Writable, content: string | Uint8Array, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    stream.write(content, (error) => {
      signal.removeEventListener('abort', stop);
      if (error) reject(error);
      else resolve();
    });
  });
}

/**
 * Prints a line on standard output.
 *
 * @throws AppError `storage_full` or `file_error`, `ReaderLeft`, or the signal's reason
 */
export async function print(text: string, signal: AbortSignal): Promise<void> {
  try {
    await writeTo(process.stdout, `${text}\n`, signal);
  } catch (error) {
    throw explainStdout(error);
  }
}

/** What a failure of standard output means; other errors come back as they are. */
export function explainStdout(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || error instanceof AppError) return error;
  if (error.code === 'EPIPE') return new ReaderLeft();
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT')
    return new AppError('storage_full', 'The disk is full: standard output could not be written.', { cause: error });
  return new AppError('file_error', `Standard output cannot be written (${error.code}).`, { cause: error });
}
