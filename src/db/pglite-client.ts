import type { PostgresPool, PostgresQueryResult } from 'kysely';
import type { Logger } from 'pino';
import { AppError } from '../errors.ts';
import { FifoLock } from './fifo-lock.ts';
import { PgliteProcess } from './pglite-process.ts';
import { PgliteSession, type SessionLimits } from './pglite-session.ts';

/** Between two attempts to start: with a full disk every call would start a thread that dies. */
const RESTART_PAUSE_MS = 1_000;

export interface PgliteStats {
  /** Calls that wait for the connection. */
  readonly waiting: number;
  readonly busy: boolean;
  /** Workers started after the first one: each stands for a crash or a statement that ran too long. */
  readonly restarts: number;
  /** Rows that statements have inserted, changed or deleted since the client was opened. */
  readonly rowsWritten: number;
}

export interface PgliteClientOptions {
  /** Absolute path of the database folder; the caller holds its lock. */
  readonly folder: string;
  readonly statementTimeoutMs: number;
  readonly logger: Logger;
  /** Ends the first start. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * PGlite in a worker thread behind a queue: one connection, handed from caller to caller in the order of asking.
 *
 * A caller waits at most one statement deadline for its turn (so a call from inside the caller's own transaction, which
 * waits for itself, fails instead of hanging); a statement that runs longer ends the worker, and the next caller gets
 * a new one. `query` and `exec` are what pg-boss's `fromPglite` asks for.
 */
export class PgliteClient implements AsyncDisposable {
  readonly #options: PgliteClientOptions;
  readonly #limits: SessionLimits;
  readonly #lock = new FifoLock();
  #process: PgliteProcess;
  #restarts = 0;
  #closing = false;
  /** Written through processes that have ended. */
  #rowsBefore = 0;
  #startFailure: { readonly error: unknown; readonly until: number } | undefined;

  private constructor(options: PgliteClientOptions, process: PgliteProcess) {
    this.#options = options;
    this.#process = process;
    const { statementTimeoutMs } = options;
    // Twice: a nested call must give up before the transaction that waits for it does.
    this.#limits = { statementTimeoutMs, idleTimeoutMs: 2 * statementTimeoutMs };
  }

  static async open(options: PgliteClientOptions): Promise<PgliteClient> {
    return new PgliteClient(options, await PgliteProcess.start(options.folder, options.signal));
  }

  /** Waits for the connection and holds it until `release()`. */
  async connect(limits: SessionLimits = this.#limits): Promise<PgliteSession> {
    const unlock = await this.#acquire();
    try {
      return new PgliteSession(await this.#workingProcess(), limits, unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  }

  async query<R>(sql: string, parameters: readonly unknown[] = []): Promise<PostgresQueryResult<R>> {
    return await this.#withSession((session) => session.query<R>(sql, parameters));
  }

  /** Statements without parameters, several at once; nobody else's statement comes in between. */
  async exec(sql: string): Promise<PostgresQueryResult<Record<string, unknown>>[]> {
    return await this.#withSession((session) => session.exec(sql));
  }

  /** The client as Kysely's PostgresDialect wants it. `end` does nothing: the client's owner disposes of it. */
  pool(limits: SessionLimits = this.#limits): PostgresPool {
    return {
      options: {},
      connect: () => this.connect(limits),
      end: () => Promise.resolve(),
    };
  }

  stats(): PgliteStats {
    return {
      waiting: this.#lock.waiting,
      busy: this.#lock.held,
      restarts: this.#restarts,
      rowsWritten: this.#rowsBefore + this.#process.rowsWritten,
    };
  }

  /** Refuses new calls, lets the present holder finish (one deadline long), and closes the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    const closing = new AppError('database_unavailable', 'The database is being closed.');
    const idle = await this.#lock.close(closing, this.#options.statementTimeoutMs);
    await (idle ? this.#process.close() : this.#process.kill());
  }

  async #withSession<T>(work: (session: PgliteSession) => Promise<T>): Promise<T> {
    const session = await this.connect();
    try {
      return await work(session);
    } finally {
      session.release();
    }
  }

  async #acquire(): Promise<() => void> {
    const { logger, statementTimeoutMs } = this.#options;
    try {
      return await this.#lock.acquire(statementTimeoutMs);
    } catch (error) {
      if (!this.#closing) {
        logger.warn(
          { waitedMs: statementTimeoutMs, waiting: this.#lock.waiting },
          'a call gave up waiting for the embedded database; a call made inside its own transaction waits for itself',
        );
      }
      throw error;
    }
  }

  async #workingProcess(): Promise<PgliteProcess> {
    const { failure } = this.#process;
    if (!failure) return this.#process;
    if (this.#startFailure && performance.now() < this.#startFailure.until) throw this.#startFailure.error;
    const { folder, logger } = this.#options;
    logger.error({ code: failure.code }, 'the embedded database stopped; starting it again');
    // Its thread must be gone before another opens the folder.
    await this.#process.kill();
    try {
      const next = await PgliteProcess.start(folder);
      this.#rowsBefore += this.#process.rowsWritten;
      this.#process = next;
    } catch (error) {
      this.#startFailure = { error, until: performance.now() + RESTART_PAUSE_MS };
      throw error;
    }
    this.#restarts += 1;
    return this.#process;
  }
}
