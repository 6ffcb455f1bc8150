import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { TSX_URL } from './build.ts';

/** What comes back from a child. */
export type ChildReply<Reply> = { readonly reply: Reply } | { readonly failure: string };

/** A process of this benchmark that answers one request after the other (`answerParent` is its side). */
export class Child<Request extends object, Reply> implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #signal: AbortSignal;

  /** @param file a TypeScript module that calls `answerParent` */
  constructor(file: URL, { args = [], signal }: { args?: readonly string[]; signal: AbortSignal }) {
    this.#signal = signal;
    this.#process = fork(fileURLToPath(file), args, {
      execArgv: ['--import', TSX_URL],
      // Passes typed arrays as they are.
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  }

  /** @throws Error when the child fails or ends before it has answered; the signal's reason when aborted */
  async ask(request: Request): Promise<Reply> {
    const settled = new AbortController();
    const signal = AbortSignal.any([this.#signal, settled.signal]);
    const answered = once(this.#process, 'message', { signal });
    const ended = once(this.#process, 'exit', { signal }).then(([code, killer]) => {
      throw new Error(`A process of the benchmark ended early (${killer ?? code}).`);
    });
    try {
      this.#process.send(request);
      const [answer]: ChildReply<Reply>[] = await Promise.race([answered, ended]);
      if (answer === undefined) throw new Error('A process of the benchmark sent nothing.');
      if ('failure' in answer) throw new Error(answer.failure);
      return answer.reply;
    } catch (error) {
      this.#signal.throwIfAborted();
      throw error;
    } finally {
      settled.abort();
      await Promise.allSettled([answered, ended]);
    }
  }

  /** It owns nothing but memory, so it is not asked. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}
