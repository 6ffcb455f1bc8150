import { AppError } from '../errors.js';
/** Lets one holder in at a time, in the order of asking; nobody waits longer than they asked to. */
export class FifoLock {
    #held = false;
    #closed;
    #waiters = new Set();
    get held() {
        return this.#held;
    }
    get waiting() {
        return this.#waiters.size;
    }
    /**
     * Resolves with the function that gives the lock back; calling it again does nothing.
     *
     * @param timeoutMs longest wait, milliseconds; `Infinity` waits as long as it takes
     * @throws AppError `database_unavailable` when the wait was too long or the lock was closed
     */
    async acquire(timeoutMs) {
        if (this.#closed)
            throw this.#closed;
        if (this.#held)
            await this.#wait(timeoutMs);
        this.#held = true;
        let released = false;
        return () => {
            if (released)
                return;
            released = true;
            this.#passOn();
        };
    }
    /**
     * Refuses those who wait and those who come later, and waits for the holder.
     *
     * @returns false when the lock was still held after `timeoutMs`
     */
    async close(reason, timeoutMs) {
        this.#closed = reason;
        for (const waiter of [...this.#waiters])
            waiter.refuse(reason);
        if (!this.#held)
            return true;
        const isFree = await this.#wait(timeoutMs).then(() => true, () => false);
        // Nobody comes after this: a second close must not wait for the first.
        if (isFree)
            this.#held = false;
        return isFree;
    }
    #wait(timeoutMs) {
        return new Promise((resolve, reject) => {
            const finish = (settle) => {
                clearTimeout(timer);
                this.#waiters.delete(waiter);
                settle();
            };
            const waiter = { grant: () => finish(resolve), refuse: (error) => finish(() => reject(error)) };
            const timer = Number.isFinite(timeoutMs)
                ? setTimeout(() => waiter.refuse(busyFor(timeoutMs)), timeoutMs)
                : undefined;
            this.#waiters.add(waiter);
        });
    }
    // `#held` stays true while the lock changes hands: nobody who asks in between may overtake the first waiter.
    #passOn() {
        const next = this.#waiters.values().next().value;
        if (next)
            next.grant();
        else
            this.#held = false;
    }
}
function busyFor(timeoutMs) {
    return new AppError('database_unavailable', `The database was busy for more than ${timeoutMs} ms.`, {
        retryAfter: 1,
    });
}
//# sourceMappingURL=fifo-lock.js.map