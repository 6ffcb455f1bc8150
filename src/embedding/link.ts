import type { Worker } from 'node:worker_threads';
import type { FromWorker, ToWorker } from './protocol.ts';

/** The worker ended before it answered. `running` tells its oldest request, which may be the cause, from the rest. */
export class WorkerGone extends Error {
  readonly running: boolean;

  constructor(reason: string, running: boolean) {
    super(reason);
    this.name = 'WorkerGone';
    this.running = running;
  }
}

/** The worker could not answer this one request and lives on. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
}

export interface LinkEvents<Info> {
  /** Loaded; called at most once. */
  ready(info: Info): void;
  /** Ended, for whatever reason but `stop`; called at most once and last. */
  gone(reason: string): void;
}

/** A worker as the pool sees it: it answers requests in the order in which they were sent. */
export interface Link<Request, Reply> {
  /** Rejects with `WorkerGone` or `RequestFailed`. */
  send(request: Request): Promise<Reply>;
  stop(): Promise<void>;
}

export type StartLink<Request, Reply, Info> = (events: LinkEvents<Info>) => Link<Request, Reply>;

/** A session needs at most a second or two for the longest text: this long without an answer means it hangs. */
const ANSWER_LIMIT_MS = 60_000;
/** Loading cannot be interrupted and takes a few seconds on a slow machine. */
const STOP_LIMIT_MS = 20_000;

interface Pending<Reply> {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Talks to a worker thread that runs `serve`.
 *
 * A thread is asked to end and never terminated: ONNX Runtime's binding aborts the whole process (an uncaught
 * `Napi::Error`) when its thread is terminated while a session loads or runs.
 */
export class WorkerLink<Request, Reply, Info> implements Link<Request, Reply> {
  readonly #worker: Worker;
  readonly #events: LinkEvents<Info>;
  readonly #pending = new Map<number, Pending<Reply>>();
  #lastId = 0;
  #ended: string | undefined;
  #stopping = false;
  #exited = false;

  constructor(worker: Worker, events: LinkEvents<Info>) {
    this.#worker = worker;
    this.#events = events;
    worker.on('message', (message: FromWorker<Reply, Info>) => this.#receive(message));
    // The message of an uncaught error may quote the input; its code (ERR_WORKER_OUT_OF_MEMORY) does not.
    worker.on('error', (error: NodeJS.ErrnoException) => this.#end(`crashed (${error.code ?? error.name})`));
    worker.on('messageerror', () => this.#end('sent a message that cannot be read'));
    worker.on('exit', (code) => {
      this.#exited = true;
      this.#end(`ended with code ${code}`);
    });
  }

  send(request: Request): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(new WorkerGone(this.#ended, false));
        return;
      }
      this.#lastId += 1;
      const id = this.#lastId;
      const timer = setTimeout(() => this.#end('does not answer'), ANSWER_LIMIT_MS).unref();
      this.#pending.set(id, { resolve, reject, timer });
      this.#worker.postMessage({ id, request } satisfies ToWorker<Request>);
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#end('was stopped');
    if (this.#exited) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, STOP_LIMIT_MS);
      this.#worker.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #receive(message: FromWorker<Reply, Info>): void {
    if (this.#ended !== undefined) return;
    if (message.kind === 'ready') this.#events.ready(message.info);
    else if (message.kind === 'not_loaded') this.#end(`could not load: ${message.reason}`);
    else {
      const pending = this.#pending.get(message.id);
      if (pending === undefined) return;
      this.#pending.delete(message.id);
      clearTimeout(pending.timer);
      if (message.kind === 'done') pending.resolve(message.reply);
      else pending.reject(new RequestFailed(message.errorName));
    }
  }

  #end(reason: string): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    let running = true;
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(new WorkerGone(reason, running));
      running = false;
    }
    this.#pending.clear();
    // One that hangs may still come back, and is not worth keeping the process for if it does not.
    this.#worker.postMessage(null);
    this.#worker.unref();
    if (!this.#stopping) this.#events.gone(reason);
  }
}
