import { setMaxListeners } from 'node:events';

export interface InOrderOptions<Entry, Outcome> {
  /** What there is to do, read no faster than it is done; the signal ends the reading. */
  source(signal: AbortSignal): AsyncIterable<Entry>;
  /** Done for several entries at once. */
  work(entry: Entry, signal: AbortSignal): Promise<Outcome>;
  /** Given the outcomes in the order of the source, one at a time. */
  emit(outcome: Outcome): Promise<void> | void;
  readonly concurrency: number;
  /** Entries that may be read and not yet emitted: what is held in memory. */
  readonly window: number;
  readonly signal: AbortSignal;
}

/**
 * Works on several entries at once and emits each outcome as soon as those before it have been. The first failure, of
 * the source, of the work or of `emit`, ends it; what was in work by then is waited for. When the source fails, all
 * that it gave before is still emitted.
 *
 * @throws the first failure, or the signal's reason
 */
export async function inOrder<Entry, Outcome>(options: InOrderOptions<Entry, Outcome>): Promise<void> {
  const { source, work, emit } = options;
  const failure = new AbortController();
  const signal = AbortSignal.any([options.signal, failure.signal]);
  // Each entry in work listens to it.
  setMaxListeners(0, signal);
  const inWork = createGate(options.concurrency);
  const held = createGate(options.window);
  let emitted: Promise<void> = Promise.resolve();

  const begin = async (entry: Entry): Promise<Outcome> => {
    try {
      return await work(entry, signal);
    } finally {
      inWork.leave();
    }
  };
  const follow = async (before: Promise<void>, outcome: Promise<Outcome>): Promise<void> => {
    try {
      // Both, so that no work is left behind when an earlier one has failed.
      const [, done] = await Promise.allSettled([before, outcome]);
      signal.throwIfAborted();
      if (done.status === 'rejected') throw done.reason;
      await emit(done.value);
    } catch (error) {
      failure.abort(error);
      throw error;
    } finally {
      held.leave();
    }
  };

  try {
    for await (const entry of source(signal)) {
      await held.enter();
      await inWork.enter();
      emitted = follow(emitted, begin(entry));
      // Told at the end; until then nobody listens.
      emitted.catch(() => undefined);
      signal.throwIfAborted();
    }
  } catch (error) {
    await emitted.catch(() => undefined);
    signal.throwIfAborted();
    throw error;
  }
  await emitted;
}

/** Lets at most `width` in at once. */
function createGate(width: number) {
  let inside = 0;
  const waiting: (() => void)[] = [];
  return {
    async enter() {
      if (inside >= width) await new Promise<void>((resolve) => waiting.push(resolve));
      inside++;
    },
    leave() {
      inside--;
      waiting.shift()?.();
    },
  };
}
