/** Allows `limit` restarts in any `windowMs`, so that a worker which dies at once does not keep a core busy. */
export class RestartBudget {
    #options;
    #recent = [];
    #total = 0;
    constructor(options) {
        this.#options = options;
    }
    /** Restarts so far. */
    get total() {
        return this.#total;
    }
    /** Takes one restart; false when the budget is spent. */
    take() {
        if (this.waitMs() > 0)
            return false;
        this.#recent.push(this.#options.now());
        this.#total += 1;
        return true;
    }
    /** Milliseconds until a restart is allowed, 0 when it is now. */
    waitMs() {
        const { limit, windowMs, now } = this.#options;
        while (this.#recent[0] !== undefined && this.#recent[0] <= now() - windowMs)
            this.#recent.shift();
        const oldest = this.#recent[0];
        return oldest === undefined || this.#recent.length < limit ? 0 : oldest + windowMs - now();
    }
}
//# sourceMappingURL=restart-budget.js.map