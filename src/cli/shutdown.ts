import type { Logger } from 'pino';
import { EXIT } from './exit.ts';

/** From SIGTERM on; the whole of it has 10 s, which is what container platforms wait before they kill. */
export const NOTICE_MS = 1_000;
export const PATIENCE_MS = 6_500;
export const REQUESTS_MS = 8_000;
const WHOLE_MS = 9_500;

/**
 * Ends the process in time whatever still hangs: a job, a statement, a connection of the database. Requests are
 * answered or refused by then, and what was acknowledged is in the database.
 */
export function endInTime(signal: AbortSignal, logger: Logger): void {
  const end = () => {
    logger.warn({ after_ms: WHOLE_MS }, 'stopped without waiting for what still runs');
    process.exit(EXIT.ok);
  };
  signal.addEventListener('abort', () => setTimeout(end, WHOLE_MS).unref(), { once: true });
}
