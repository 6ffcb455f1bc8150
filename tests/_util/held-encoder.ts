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
  const pass = async () => {
    const state = gate === 'shut' ? await new Promise<'open' | Error>((resolve) => waiters.push(resolve)) : gate;
    if (state !== 'open') throw state;
  };
  const encoder: Encoder = {
    ...inner,
    async embed(text, options) {
      await pass();
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
