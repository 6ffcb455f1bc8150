import { AppError } from '../errors.js';
/** One text on its way through the pool. It is settled once; what happens later is ignored. */
export class Job {
    text;
    result;
    tokens;
    /** How often a worker died over this text. */
    crashes = 0;
    #settle;
    #signal;
    #timer;
    #abandoned;
    constructor({ text, deadlineMs, signal, abandoned }) {
        this.text = text;
        this.#signal = signal;
        this.#abandoned = abandoned;
        this.result = new Promise((resolve, reject) => {
            this.#settle = { resolve, reject };
        });
        this.#timer = setTimeout(() => this.#abandon(lateError(deadlineMs)), deadlineMs);
        signal?.addEventListener('abort', this.#onAbort, { once: true });
    }
    get settled() {
        return this.#settle === undefined;
    }
    succeed(vector, tokens) {
        this.#take()?.resolve({ vector, tokens: tokens.ids.length, truncated: tokens.truncated });
    }
    fail(error) {
        this.#take()?.reject(error);
    }
    #onAbort = () => this.#abandon(this.#signal?.reason);
    #abandon(error) {
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
function lateError(deadlineMs) {
    return new AppError('deadline_exceeded', `The text was not encoded within ${deadlineMs} ms.`, { retryAfter: 1 });
}
//# sourceMappingURL=job.js.map