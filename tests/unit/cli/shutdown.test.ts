import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { endInTime } from '../../../src/cli/shutdown.ts';

const logger = pino({ level: 'silent' });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('whatever hangs, the process ends with 0 within ten seconds of the signal, and not before it', () => {
  const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
  const stopping = new AbortController();
  endInTime(stopping.signal, logger);
  vi.advanceTimersByTime(3_600_000);
  expect(exit).not.toHaveBeenCalled();
  stopping.abort();
  vi.advanceTimersByTime(9_000);
  expect(exit).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  expect(exit.mock.calls).toEqual([[0]]);
});
