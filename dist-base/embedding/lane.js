import { WorkerGone } from './link.js';
/** Keeps one worker alive: replaces it when it dies, as far as the budget allows. */
export class Lane {
    /** What the first worker said when it had loaded; rejects when that one did not load, which is not tried again. */
    loaded;
    #options;
    #link;
    #state = 'starting';
    #inFlight = 0;
    #retry;
    #serviceMs = 0;
    #lastAnswerAt = 0;
    constructor(options) {
        this.#options = options;
        this.loaded = new Promise((resolve, reject) => {
            this.#start(resolve, (reason) => {
                this.#state = 'down';
                reject(new WorkerGone(`${options.name} ${reason}`, false));
            });
        });
    }
    get state() {
        return this.#state;
    }
    get inFlight() {
        return this.#inFlight;
    }
    /** How many more requests the worker takes now. */
    get free() {
        return this.#state === 'ready' ? this.#options.capacity - this.#inFlight : 0;
    }
    /** Milliseconds of work per request, lately. */
    get serviceMs() {
        return this.#serviceMs;
    }
    /** Rejects with `WorkerGone` or `RequestFailed`. */
    async send(request) {
        if (this.#link === undefined)
            throw new WorkerGone('is not running', false);
        this.#inFlight += 1;
        const sentAt = performance.now();
        try {
            return await this.#link.send(request);
        }
        finally {
            this.#inFlight -= 1;
            const now = performance.now();
            const spent = now - Math.max(sentAt, this.#lastAnswerAt);
            this.#lastAnswerAt = now;
            this.#serviceMs = this.#serviceMs === 0 ? spent : 0.9 * this.#serviceMs + 0.1 * spent;
        }
    }
    async stop() {
        this.#state = 'stopped';
        clearTimeout(this.#retry);
        await this.#link?.stop();
    }
    #start(onReady, onFailure) {
        this.#state = 'starting';
        let ready = false;
        this.#link = this.#options.start({
            ready: (info) => {
                ready = true;
                if (this.#state !== 'starting')
                    return;
                this.#state = 'ready';
                onReady(info);
                this.#options.onChange();
            },
            gone: (reason) => {
                this.#link = undefined;
                if (this.#state === 'stopped')
                    return;
                if (ready)
                    this.#replace(reason);
                else
                    onFailure(reason);
            },
        });
    }
    #replace(reason) {
        const { name, budget, logger, onChange } = this.#options;
        if (budget.take()) {
            logger.warn({ worker: name, reason, restarts: budget.total }, 'encoder worker died and is started again');
            this.#start(() => logger.info({ worker: name }, 'encoder worker is back'), (again) => this.#replace(again));
        }
        else {
            this.#state = 'down';
            const waitMs = budget.waitMs();
            logger.error({ worker: name, reason, waitMs }, 'encoder worker died and the restart budget is spent');
            this.#retry = setTimeout(() => this.#replace(reason), waitMs).unref();
        }
        onChange();
    }
}
//# sourceMappingURL=lane.js.map