export interface RestartBudgetOptions {
  readonly limit: number;
  readonly windowMs: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** Allows `limit` restarts in any `windowMs`, so that a worker which dies at once does not keep a core busy. */
export class RestartBudget {
  readonly #options: RestartBudgetOptions;
  readonly #recent: number[] = [];
  #total = 0;

  constructor(options: RestartBudgetOptions) {
    this.#options = options;
  }

  /** Restarts so far. */
  get total(): number {
    return this.#total;
  }

  /** Takes one restart; false when the budget is spent. */
  take(): boolean {
    if (this.waitMs() > 0) return false;
    this.#recent.push(this.#options.now());
    this.#total += 1;
    return true;
  }

  /** Gives back restarts whose cause is known and gone; `total` keeps counting them. */
  refund(count: number): void {
    this.#recent.splice(-count, count);
  }

  /** Milliseconds until a restart is allowed, 0 when it is now. */
  waitMs(): number {
    const { limit, windowMs, now } = this.#options;
    while (this.#recent[0] !== undefined && this.#recent[0] <= now() - windowMs) this.#recent.shift();
    const oldest = this.#recent[0];
    return oldest === undefined || this.#recent.length < limit ? 0 : oldest + windowMs - now();
  }
}
