import type { Logger } from 'pino';
import { type Link, type StartLink, WorkerGone } from './link.ts';
import type { RestartBudget } from './restart-budget.ts';

export interface LaneOptions<Request, Reply, Info> {
  readonly name: string;
  readonly start: StartLink<Request, Reply, Info>;
  /** Requests that may be with the worker at once: one that runs, and the next, so that it never waits for us. */
  readonly capacity: number;
  readonly budget: RestartBudget;
  readonly logger: Logger;
  /** Called whenever the lane can take more, or can take nothing any more. */
  readonly onChange: () => void;
}

/** `down`: dead, and the restart budget is spent for now. */
type LaneState = 'starting' | 'ready' | 'down' | 'stopped';

/** Keeps one worker alive: replaces it when it dies, as far as the budget allows. */
export class Lane<Request, Reply, Info> {
  /** What the first worker said when it had loaded; rejects when that one did not load, which is not tried again. */
  readonly loaded: Promise<Info>;
  readonly #options: LaneOptions<Request, Reply, Info>;
  #link: Link<Request, Reply> | undefined;
  #state: LaneState = 'starting';
  #inFlight = 0;
  #retry: NodeJS.Timeout | undefined;
  #serviceMs = 0;
  #lastAnswerAt = 0;

  constructor(options: LaneOptions<Request, Reply, Info>) {
    this.#options = options;
    this.loaded = new Promise((resolve, reject) => {
      this.#start(resolve, (reason) => {
        this.#state = 'down';
        reject(new WorkerGone(`${options.name} ${reason}`, false));
      });
    });
  }

  get state(): LaneState {
    return this.#state;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** How many more requests the worker takes now. */
  get free(): number {
    return this.#state === 'ready' ? this.#options.capacity - this.#inFlight : 0;
  }

  /** Milliseconds of work per request, lately. */
  get serviceMs(): number {
    return this.#serviceMs;
  }

  /** Rejects with `WorkerGone` or `RequestFailed`. */
  async send(request: Request): Promise<Reply> {
    if (this.#link === undefined) throw new WorkerGone('is not running', false);
    this.#inFlight += 1;
    const sentAt = performance.now();
    try {
      return await this.#link.send(request);
    } finally {
      this.#inFlight -= 1;
      const now = performance.now();
      const spent = now - Math.max(sentAt, this.#lastAnswerAt);
      this.#lastAnswerAt = now;
      this.#serviceMs = this.#serviceMs === 0 ? spent : 0.9 * this.#serviceMs + 0.1 * spent;
    }
  }

  async stop(): Promise<void> {
    this.#state = 'stopped';
    clearTimeout(this.#retry);
    await this.#link?.stop();
  }

  #start(onReady: (info: Info) => void, onFailure: (reason: string) => void): void {
    this.#state = 'starting';
    let ready = false;
    this.#link = this.#options.start({
      ready: (info) => {
        ready = true;
        if (this.#state !== 'starting') return;
        this.#state = 'ready';
        onReady(info);
        this.#options.onChange();
      },
      gone: (reason) => {
        this.#link = undefined;
        if (this.#state === 'stopped') return;
        if (ready) this.#replace(reason);
        else onFailure(reason);
      },
    });
  }

  #replace(reason: string): void {
    const { name, budget, logger, onChange } = this.#options;
    if (budget.take()) {
      logger.warn({ worker: name, reason, restarts: budget.total }, 'encoder worker died and is started again');
      this.#start(
        () => logger.info({ worker: name }, 'encoder worker is back'),
        (again) => this.#replace(again),
      );
    } else {
      this.#state = 'down';
      const waitMs = budget.waitMs();
      logger.error({ worker: name, reason, waitMs }, 'encoder worker died and the restart budget is spent');
      this.#retry = setTimeout(() => this.#replace(reason), waitMs).unref();
    }
    onChange();
  }
}
