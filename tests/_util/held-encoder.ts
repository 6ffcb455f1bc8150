import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Encoder } from '../../src/embedding/encoder.ts';
import { createFakeEncoder } from '../../src/embedding/fake.ts';

/** The fake encoder with a gate, so that a test can look at requests in flight and at an encoder that fails. */
export interface HeldEncoder {
  readonly encoder: Encoder;
  /** Texts that come from now on wait. */
  hold(): void;
  /** Lets through what waits and what comes. */
  release(): void;
  /** What waits and what comes fails with this error, until `hold` or `release`. */
  failWith(error: Error): void;
  /** Resolves when so many texts wait. */
  untilWaiting(count: number): Promise<void>;
}

type Gate = 'open' | 'shut' | Error;

export function createHeldEncoder(inner: Encoder = createFakeEncoder()): HeldEncoder {
  let gate: Gate = 'open';
  let waiters: ((now: 'open' | Error) => void)[] = [];
  const set = (state: 'open' | Error) => {
    gate = state;
    for (const wake of waiters) wake(state);
    waiters = [];
  };
  const wait = (signal: AbortSignal | undefined) =>
    new Promise<'open' | Error>((resolve, reject) => {
      waiters.push(resolve);
      if (signal) setMaxListeners(0, signal);
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  const pass = async (signal: AbortSignal | undefined) => {
    const state = gate === 'shut' ? await wait(signal) : gate;
    if (state !== 'open') throw state;
  };
  const encoder: Encoder = {
    ...inner,
    async embed(text, options) {
      await pass(options?.signal);
      return await inner.embed(text, options);
    },
  };
  return {
    encoder,
    hold() {
      gate = 'shut';
    },
    release: () => set('open'),
    failWith: set,
    async untilWaiting(count) {
      while (waiters.length < count) await sleep(2);
    },
  };
}
