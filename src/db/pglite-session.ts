import type { PostgresCursor, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import { AppError } from '../errors.ts';
import { isRollback } from './errors.ts';
import type { PgliteAnswer, PgliteProcess } from './pglite-process.ts';
import type { PgliteResult, PgliteStatement } from './pglite-protocol.ts';
import { encodeParameter, parserFor } from './values.ts';

export interface SessionLimits {
  /** Longest run of one statement, milliseconds; `Infinity` for maintenance. */
  readonly statementTimeoutMs: number;
  /** Longest pause between two statements of a held session, milliseconds. */
  readonly idleTimeoutMs: number;
}

const NO_RESULT: PgliteResult = { command: '', affectedRows: 0, fields: [], rows: [] };

/**
 * The one connection of a PGlite process, held by one caller until `release()`.
 *
 * It is what Kysely's PostgresDialect takes for a client of `pg`, and gives the same values.
 */
export class PgliteSession implements PostgresPoolClient {
  readonly #process: PgliteProcess;
  readonly #limits: SessionLimits;
  readonly #unlock: () => void;
  #idleTimer: NodeJS.Timeout | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #inTransaction = false;
  #released = false;
  #lost: AppError | undefined;

  /** @param unlock passes the connection on to the next caller */
  constructor(process: PgliteProcess, limits: SessionLimits, unlock: () => void) {
    this.#process = process;
    this.#limits = limits;
    this.#unlock = unlock;
    this.#watchIdle();
  }

  /** @throws AppError or SqlError */
  query<R>(sql: string, parameters?: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(
    sql: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof sql !== 'string') throw new Error('the embedded database has no cursors');
    return this.#query<R>(sql, parameters);
  }

  async #query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    if (this.#isLost() && isRollback(sql)) return { command: 'ROLLBACK', rowCount: 0, rows: [] };
    const [result] = await this.#run({ kind: 'query', sql, parameters: parameters.map(encodeParameter) });
    return toOutcome<R>(result ?? NO_RESULT);
  }

  /** Runs several statements without parameters; gives one outcome each. */
  async exec(sql: string): Promise<PostgresQueryResult<Record<string, unknown>>[]> {
    return (await this.#run({ kind: 'exec', sql })).map((result) => toOutcome(result));
  }

  /** Gives the connection back; a transaction left open is rolled back first, so that the next caller never sees it. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    clearTimeout(this.#idleTimer);
    void this.#running.then(() => this.#rollBack()).finally(this.#unlock);
  }

  #isLost(): boolean {
    return this.#lost !== undefined || this.#process.failure !== undefined;
  }

  async #run(statement: PgliteStatement): Promise<PgliteResult[]> {
    if (this.#lost) throw this.#lost;
    if (this.#released) throw new Error('this database session was given back');
    clearTimeout(this.#idleTimer);
    const running = this.#process.run(statement, this.#limits.statementTimeoutMs);
    this.#running = running.catch(() => undefined);
    try {
      return this.#open(await running);
    } finally {
      this.#watchIdle();
    }
  }

  #open(answer: PgliteAnswer): PgliteResult[] {
    this.#inTransaction = answer.inTransaction;
    if ('error' in answer) throw answer.error;
    return answer.results;
  }

  async #rollBack(): Promise<void> {
    if (!this.#inTransaction || this.#process.failure) return;
    // A process that fails here has ended, and its transaction with it: the next caller starts another.
    await this.#process.run({ kind: 'exec', sql: 'rollback' }, this.#limits.statementTimeoutMs).catch(() => undefined);
  }

  // A holder that waits for something else (another call to this database, for one) would lock everybody out for good.
  #watchIdle(): void {
    const { idleTimeoutMs } = this.#limits;
    if (this.#released || !Number.isFinite(idleTimeoutMs)) return;
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => {
      this.#lost = new AppError(
        'deadline_exceeded',
        `A transaction without a statement for ${idleTimeoutMs} ms was rolled back.`,
      );
      this.release();
    }, idleTimeoutMs);
  }
}

function toOutcome<R>(result: PgliteResult): PostgresQueryResult<R> {
  const columns = result.fields.map((field) => ({ name: field.name, parse: parserFor(field.typeId) }));
  const rows = result.rows.map((row) => {
    const entries = columns.map(({ name, parse }, index) => {
      const text = row[index] ?? null;
      return [name, text === null ? null : parse(text)] as const;
    });
    return Object.fromEntries(entries) as R;
  });
  // The union names the tags that Kysely looks at; the others pass through it unread.
  return { command: result.command as PostgresQueryResult<R>['command'], rowCount: result.affectedRows, rows };
}
