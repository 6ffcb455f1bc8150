import { AppError } from '../errors.js';
import { Job } from './job.js';
import { Lane } from './lane.js';
import { Line } from './line.js';
import { WorkerGone } from './link.js';
import { RestartBudget } from './restart-budget.js';
/** A worker that died five times in five minutes will die again: the next start waits. */
const RESTARTS = 5;
const RESTART_WINDOW_MS = 300_000;
/** One text runs and the next is already with the session, so that it never waits for this thread. */
const SESSION_DEPTH = 2;
/** Texts tokenised ahead, per session. More would only be thrown away when callers leave. */
const AHEAD_PER_SESSION = 2;
/** A text over which two workers died is given up. */
const CRASHES_PER_TEXT = 1;
const LONGEST_RETRY_AFTER_S = 60;
/** Texts → tokenizer thread → session threads; first come, first served; a bounded number waits. */
export class Pool {
    /** Resolves when all workers have loaded; rejects with `WorkerGone` when one could not. */
    loaded;
    #options;
    #budget;
    #tokenizer;
    #sessions;
    #raw = new Line();
    #tokenizing = new Set();
    #tokenized = new Line();
    #running = new Set();
    #disposed;
    constructor(options) {
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
            if (info == null)
                throw new Error('A pool needs at least one session.');
            return info;
        });
    }
    /** See `Encoder.embed`; the text has its prefix. */
    embed(text, signal) {
        if (signal?.aborted)
            return Promise.reject(signal.reason);
        const refusal = this.#refusal();
        if (refusal !== undefined)
            return Promise.reject(refusal);
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
    stats() {
        const usable = this.#tokenizer.state === 'ready' ? this.#sessions.filter((lane) => lane.state === 'ready') : [];
        return {
            sessions: usable.length,
            busy: this.#sessions.filter((lane) => lane.inFlight > 0).length,
            waiting: this.#waiting,
            restarts: this.#budget.total,
        };
    }
    /** Refuses the texts that wait, lets those run that are with a session, then ends the workers. */
    [Symbol.asyncDispose]() {
        this.#disposed ??= this.#dispose();
        return this.#disposed;
    }
    get #waiting() {
        return this.#raw.size + this.#tokenizing.size + this.#tokenized.size;
    }
    async #dispose() {
        this.#refuseWaiting(closedError());
        await Promise.all(this.#running);
        await Promise.all([this.#tokenizer, ...this.#sessions].map((lane) => lane.stop()));
    }
    #refusal() {
        if (this.#disposed !== undefined)
            return closedError();
        const outage = this.#outage();
        if (outage !== undefined)
            return outage;
        // A session that is free takes its text at once: such texts pass through the line without waiting in it.
        const free = this.#sessions.reduce((sum, lane) => sum + lane.free, 0);
        if (this.#waiting < this.#options.queue + free)
            return undefined;
        const serviceMs = Math.max(...this.#sessions.map((lane) => lane.serviceMs));
        const seconds = Math.ceil((this.#waiting * serviceMs) / this.#sessions.length / 1000);
        return new AppError('overloaded', 'Too many texts are waiting for the encoder.', { retryAfter: bounded(seconds) });
    }
    #outage() {
        const down = this.#tokenizer.state === 'down' || this.#sessions.every((lane) => lane.state === 'down');
        if (!down)
            return undefined;
        return new AppError('encoder_unavailable', 'The encoder failed several times and is being started again later.', {
            retryAfter: bounded(Math.ceil(this.#budget.waitMs() / 1000)),
        });
    }
    #pump() {
        const outage = this.#outage();
        if (outage !== undefined) {
            this.#refuseWaiting(outage);
            return;
        }
        const ahead = this.#sessions.length * AHEAD_PER_SESSION;
        while (this.#tokenizer.free > 0 && this.#tokenizing.size + this.#tokenized.size < ahead) {
            const job = this.#raw.shift();
            if (job === undefined)
                break;
            void this.#tokenize(job);
        }
        for (let lane = this.#freest(); lane !== undefined; lane = this.#freest()) {
            const job = this.#tokenized.shift();
            if (job?.tokens === undefined)
                break;
            const run = this.#run(job, job.tokens, lane);
            this.#running.add(run);
            void run.then(() => this.#running.delete(run));
        }
    }
    #freest() {
        const best = this.#sessions.reduce((a, b) => (b.free > a.free ? b : a));
        return best.free > 0 ? best : undefined;
    }
    async #tokenize(job) {
        this.#tokenizing.add(job);
        try {
            job.tokens = await this.#tokenizer.send({ text: job.text });
            if (!job.settled)
                this.#tokenized.push(job);
        }
        catch (error) {
            this.#retryOrFail(job, error, this.#raw);
        }
        finally {
            this.#tokenizing.delete(job);
        }
        this.#pump();
    }
    async #run(job, tokens, lane) {
        try {
            job.succeed(await lane.send({ ids: tokens.ids }), tokens);
        }
        catch (error) {
            this.#retryOrFail(job, error, this.#tokenized);
        }
        this.#pump();
    }
    #retryOrFail(job, error, line) {
        if (job.settled)
            return;
        if (!(error instanceof WorkerGone)) {
            const name = error instanceof Error ? error.message : 'unknown';
            this.#options.logger.error({ error: name }, 'the encoder failed on a text');
            job.fail(new AppError('encoder_unavailable', 'The encoder failed on this text.', { cause: error }));
            return;
        }
        if (error.running)
            job.crashes += 1;
        if (this.#disposed !== undefined)
            job.fail(closedError());
        else if (job.crashes <= CRASHES_PER_TEXT)
            line.comeBack(job);
        else
            job.fail(new AppError('encoder_unavailable', 'The encoder died twice over this text.', { cause: error }));
    }
    #forget(job) {
        this.#raw.leave(job);
        this.#tokenized.leave(job);
        this.#tokenizing.delete(job);
        this.#pump();
    }
    #refuseWaiting(error) {
        for (const line of [this.#raw, this.#tokenized]) {
            for (let job = line.shift(); job !== undefined; job = line.shift())
                job.fail(error);
        }
        for (const job of this.#tokenizing)
            job.fail(error);
    }
}
function closedError() {
    return new AppError('encoder_unavailable', 'The encoder is being shut down.', { retryAfter: 5 });
}
function bounded(seconds) {
    return Math.min(LONGEST_RETRY_AFTER_S, Math.max(1, seconds));
}
//# sourceMappingURL=pool.js.map