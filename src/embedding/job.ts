import { AppError } from '../errors.ts';
import type { Embedding } from './encoder.ts';
import type { Tokens } from './protocol.ts';

export interface JobOptions {
  readonly text: string;
  readonly deadlineMs: number;
  readonly signal: AbortSignal | undefined;
  /** Called when nobody waits for the result any more, because of the deadline or the signal. */
  readonly abandoned: (job: Job) => void;
}

/** One text on its way through the pool. It is settled once; what happens later is ignored. */
export class Job {
  readonly text: string;
  readonly result: Promise<Embedding>;
  tokens: Tokens | undefined;
  /** How often a worker could not answer for this text, and how often it died over it. */
  failures = 0;
  deaths = 0;
  #settle: { resolve(embedding: Embedding): void; reject(error: unknown): void } | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #abandoned: (job: Job) => void;

  constructor({ text, deadlineMs, signal, abandoned }: JobOptions) {
    this.text = text;
    this.#signal = signal;
    this.#abandoned = abandoned;
    this.result = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.#timer = setTimeout(() => this.#abandon(lateError(deadlineMs)), deadlineMs);
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get settled(): boolean {
    return this.#settle === undefined;
  }

  succeed(vector: Float32Array, tokens: Tokens): void {
    this.#take()?.resolve({ vector, tokens: tokens.ids.length, truncated: tokens.truncated });
  }

  fail(error: unknown): void {
    this.#take()?.reject(error);
  }

  readonly #onAbort = () => this.#abandon(this.#signal?.reason);

  #abandon(error: unknown): void {
    this.fail(error);
    this.#abandoned(this);
  }

  #take() {
    const settle = this.#settle;
    this.#settle = undefined;
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
    return settle;
  }
}

function lateError(deadlineMs: number): AppError {
  return new AppError('deadline_exceeded', `The text was not encoded within ${deadlineMs} ms.`, { retryAfter: 1 });
}
