import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
/**
 * Vectors by content, least recently used first out. Callers that ask for the same text at the same time share one
 * computation; it is aborted when the last of them has left.
 */
export class VectorCache {
    #kept;
    #running = new Map();
    #hits = 0;
    #misses = 0;
    /** @param size vectors kept; 0 keeps none */
    constructor(size) {
        this.#kept = size > 0 ? new LRUCache({ max: size }) : undefined;
    }
    /** Calls that needed no computation of their own. */
    get hits() {
        return this.#hits;
    }
    get misses() {
        return this.#misses;
    }
    /** The kept vector of this text, or what `compute` gives. Rejects as `compute` does, or with the signal's reason. */
    async get(kind, text, compute, signal) {
        signal?.throwIfAborted();
        const key = createHash('sha256').update(kind).update('\0').update(text).digest('base64');
        const kept = this.#kept?.get(key);
        if (kept !== undefined) {
            this.#hits += 1;
            return kept;
        }
        const running = this.#running.get(key);
        if (running === undefined)
            this.#misses += 1;
        else
            this.#hits += 1;
        const computation = running ?? this.#compute(key, compute);
        computation.callers += 1;
        try {
            return await untilAborted(computation.result, signal);
        }
        finally {
            computation.callers -= 1;
            if (computation.callers === 0)
                this.#leave(key, computation);
        }
    }
    #compute(key, compute) {
        const controller = new AbortController();
        const result = compute(controller.signal);
        const computation = { result, controller, callers: 0, settled: false };
        const settle = () => {
            computation.settled = true;
            if (this.#running.get(key) === computation)
                this.#running.delete(key);
        };
        result.then((embedding) => {
            this.#kept?.set(key, embedding);
            settle();
        }, settle);
        this.#running.set(key, computation);
        return computation;
    }
    /** Nobody waits any more: later callers start anew rather than join what is being aborted. */
    #leave(key, computation) {
        if (computation.settled)
            return;
        if (this.#running.get(key) === computation)
            this.#running.delete(key);
        computation.controller.abort();
    }
}
async function untilAborted(result, signal) {
    if (signal === undefined)
        return result;
    let onAbort;
    const aborted = new Promise((_, reject) => {
        onAbort = () => reject(signal.reason);
        signal.addEventListener('abort', onAbort, { once: true });
    });
    try {
        return await Promise.race([result, aborted]);
    }
    finally {
        if (onAbort !== undefined)
            signal.removeEventListener('abort', onAbort);
    }
}
//# sourceMappingURL=cache.js.map