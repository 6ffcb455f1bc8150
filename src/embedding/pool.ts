import type { Logger } from 'pino';
import { AppError } from '../errors.ts';
import type { Embedding } from './encoder.ts';
import { Job } from './job.ts';
import { Lane } from './lane.ts';
import { Line } from './line.ts';
import { type StartLink, WorkerGone } from './link.ts';
import type { EmbedReply, EmbedRequest, SessionInfo, TokenizeRequest, Tokens } from './protocol.ts';
import { RestartBudget } from './restart-budget.ts';
import { UnreadableTexts, unreadableError } from './unreadable.ts';

export interface PoolOptions {
  readonly tokenizer: StartLink<TokenizeRequest, Tokens, null>;
  readonly session: StartLink<EmbedRequest, EmbedReply, SessionInfo>;
  readonly sessions: number;
  /** Texts that may wait for a session. */
  readonly queue: number;
  /** Longest time from `embed` to the answer, milliseconds. */
  readonly deadlineMs: number;
  readonly logger: Logger;
}

export interface PoolStats {
  readonly sessions: number;
  readonly busy: number;
  readonly waiting: number;
  readonly restarts: number;
}

/** A worker that died five times in five minutes will die again: the next start waits. */
const RESTARTS = 5;
const RESTART_WINDOW_MS = 300_000;
/** One text runs and the next is already with the session, so that it never waits for this thread. */
const SESSION_DEPTH = 2;
/** Texts tokenised ahead, per session. More would only be thrown away when callers leave. */
const AHEAD_PER_SESSION = 2;
/** A text over which workers failed or died twice is given up. */
const FAILURES_PER_TEXT = 2;
const LONGEST_RETRY_AFTER_S = 60;

/** Texts → tokenizer thread → session threads; first come, first served; a bounded number waits. */
export class Pool implements AsyncDisposable {
  /** Resolves when all workers have loaded; rejects with `WorkerGone` when one could not. */
  readonly loaded: Promise<SessionInfo>;
  readonly #options: PoolOptions;
  readonly #budget: RestartBudget;
  readonly #tokenizer: Lane<TokenizeRequest, Tokens, null>;
  readonly #sessions: readonly Lane<EmbedRequest, EmbedReply, SessionInfo>[];
  readonly #raw = new Line<Job>();
  readonly #tokenizing = new Set<Job>();
  readonly #tokenized = new Line<Job>();
  readonly #running = new Set<Promise<void>>();
  readonly #unreadable = new UnreadableTexts();
  #disposed: Promise<void> | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#budget = new RestartBudget({
      limit: RESTARTS,
      windowMs: RESTART_WINDOW_MS,
      now: () => performance.now(),
    });
    const shared = { budget: this.#budget, logger: options.logger, onChange: () => this.#pump() };
    const capacity = options.sessions * AHEAD_PER_SESSION;
    this.#tokenizer = new Lane({ ...shared, name: 'tokenizer', start: options.tokenizer, capacity });
    this.#sessions = Array.from({ length: options.sessions }, (_, index) => {
      const name = `session ${index + 1}`;
      return new Lane({ ...shared, name, start: options.session, capacity: SESSION_DEPTH });
    });
    this.loaded = Promise.all([...this.#sessions.map((lane) => lane.loaded), this.#tokenizer.loaded]).then(([info]) => {
      if (info == null) throw new Error('A pool needs at least one session.');
      return info;
    });
  }

  /** See `Encoder.embed`; the text has its prefix. */
  embed(text: string, signal?: AbortSignal): Promise<Embedding> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const refusal = this.#refusal();
    if (refusal !== undefined) return Promise.reject(refusal);
    if (this.#unreadable.has(text)) return Promise.reject(unreadableError());
    const job = new Job({
      text,
      signal,
      deadlineMs: this.#options.deadlineMs,
      abandoned: (left) => this.#forget(left),
    });
    this.#raw.push(job);
    this.#pump();
    return job.result;
  }

  stats(): PoolStats {
    const usable = this.#tokenizer.state === 'ready' ? this.#sessions.filter((lane) => lane.state === 'ready') : [];
    return {
      sessions: usable.length,
      busy: this.#sessions.filter((lane) => lane.inFlight > 0).length,
      waiting: this.#waiting,
      restarts: this.#budget.total,
    };
  }

  /** Refuses the texts that wait, lets those run that are with a session, then ends the workers. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#dispose();
    return this.#disposed;
  }

  get #waiting(): number {
    return this.#raw.size + this.#tokenizing.size + this.#tokenized.size;
  }

  async #dispose(): Promise<void> {
    this.#refuseWaiting(closedError());
    await Promise.all(this.#running);
    await Promise.all([this.#tokenizer, ...this.#sessions].map((lane) => lane.stop()));
  }

  #refusal(): AppError | undefined {
    if (this.#disposed !== undefined) return closedError();
    const outage = this.#outage();
    if (outage !== undefined) return outage;
    // A session that is free takes its text at once: such texts pass through the line without waiting in it.
    const free = this.#sessions.reduce((sum, lane) => sum + lane.free, 0);
    if (this.#waiting < this.#options.queue + free) return undefined;
    const serviceMs = Math.max(...this.#sessions.map((lane) => lane.serviceMs));
    const seconds = Math.ceil((this.#waiting * serviceMs) / this.#sessions.length / 1000);
    return new AppError('overloaded', 'Too many texts are waiting for the encoder.', { retryAfter: bounded(seconds) });
  }

  #outage(): AppError | undefined {
    const down = this.#tokenizer.state === 'down' || this.#sessions.every((lane) => lane.state === 'down');
    if (!down) return undefined;
    return new AppError('encoder_unavailable', 'The encoder failed several times and is being started again later.', {
      retryAfter: bounded(Math.ceil(this.#budget.waitMs() / 1000)),
    });
  }

  #pump(): void {
    const outage = this.#outage();
    if (outage !== undefined) {
      this.#refuseWaiting(outage);
      return;
    }
    const ahead = this.#sessions.length * AHEAD_PER_SESSION;
    while (this.#tokenizer.free > 0 && this.#tokenizing.size + this.#tokenized.size < ahead) {
      const job = this.#raw.shift();
      if (job === undefined) break;
      void this.#tokenize(job);
    }
    for (let lane = this.#freest(); lane !== undefined; lane = this.#freest()) {
      const job = this.#tokenized.shift();
      if (job?.tokens === undefined) break;
      const run = this.#run(job, job.tokens, lane);
      this.#running.add(run);
      void run.then(() => this.#running.delete(run));
    }
  }

  #freest(): Lane<EmbedRequest, EmbedReply, SessionInfo> | undefined {
    const best = this.#sessions.reduce((a, b) => (b.free > a.free ? b : a));
    return best.free > 0 ? best : undefined;
  }

  async #tokenize(job: Job): Promise<void> {
    this.#tokenizing.add(job);
    try {
      job.tokens = await this.#tokenizer.send({ text: job.text });
      if (!job.settled) this.#tokenized.push(job);
    } catch (error) {
      this.#retryOrFail(job, error, this.#raw);
    } finally {
      this.#tokenizing.delete(job);
    }
    this.#pump();
  }

  async #run(job: Job, tokens: Tokens, lane: Lane<EmbedRequest, EmbedReply, SessionInfo>): Promise<void> {
    try {
      job.succeed(await lane.send({ ids: tokens.ids }), tokens);
    } catch (error) {
      this.#retryOrFail(job, error, this.#tokenized);
    }
    this.#pump();
  }

  #retryOrFail(job: Job, error: unknown, line: Line<Job>): void {
    if (job.settled) return;
    const died = error instanceof WorkerGone;
    if (!died) {
      const name = error instanceof Error ? error.message : 'unknown';
      this.#options.logger.error({ error: name }, 'the encoder failed on a text');
    }
    if (died && error.running) job.deaths += 1;
    if (!died || error.running) job.failures += 1;
    if (this.#disposed !== undefined) job.fail(closedError());
    else if (job.failures < FAILURES_PER_TEXT) line.comeBack(job);
    else this.#giveUp(job, error);
  }

  /** The text is to blame and not the workers: others like it must not spend the restarts of everybody. */
  #giveUp(job: Job, cause: unknown): void {
    this.#budget.refund(job.deaths);
    this.#unreadable.add(job.text);
    job.fail(unreadableError(cause));
  }

  #forget(job: Job): void {
    this.#raw.leave(job);
    this.#tokenized.leave(job);
    this.#tokenizing.delete(job);
    this.#pump();
  }

  #refuseWaiting(error: AppError): void {
    for (const line of [this.#raw, this.#tokenized]) {
      for (let job = line.shift(); job !== undefined; job = line.shift()) job.fail(error);
    }
    for (const job of this.#tokenizing) job.fail(error);
  }
}

function closedError(): AppError {
  return new AppError('encoder_unavailable', 'The encoder is being shut down.', { retryAfter: 5 });
}

function bounded(seconds: number): number {
  return Math.min(LONGEST_RETRY_AFTER_S, Math.max(1, seconds));
}
