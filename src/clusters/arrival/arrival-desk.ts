import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Database } from '../../db/connect.ts';
import { FifoLock } from '../../db/fifo-lock.ts';
import type { Tables } from '../../db/tables.ts';
import type { Encoder } from '../../embedding/encoder.ts';
import type { HeadInForce } from '../../learning/head-in-force.ts';
import type { Policy } from '../../policy.ts';
import type { Segmenter } from '../../text/segment.ts';
import { seedMeans } from '../head-means.ts';
import { MATTER_COORDINATES, type MatterSpace } from '../matter-space.ts';
import { LexicalSpace } from '../neighbours/lexical.ts';
import { listStoredItems } from '../stored-items.ts';
import { ArrivalIndex } from './arrival-index.ts';

/** Messages in memory that new ones are compared with, some 3 KiB each. */
const CAPACITY = 20_000;
const WINDOW_MS = 90 * 86_400_000;
const CHUNK = 250;
/** The longest that a message waits for the reading of those before it, and for others of this process. */
const PATIENCE_MS = 1_000;
const TURN_MS = 10_000;
/** What other replicas have stored is looked for no more often. */
const CATCH_UP_MS = 1_000;
/** Longest time between the making of an item's id and its being seen by others. */
const IN_FLIGHT_MS = 10_000;

export interface DeskOptions {
  readonly database: Database;
  readonly encoder: Encoder;
  readonly segmenter: Segmenter;
  readonly matters: MatterSpace;
  readonly learned: HeadInForce;
  readonly policy: Pick<Policy, 'seeds'>;
  readonly logger: Logger;
  now(): Date;
}

/**
 * What a process needs to place new items: the items of late in memory, read from the database at the first use and
 * kept up with other replicas, and turns, so that of two new items the second sees the first.
 */
export class ArrivalDesk implements AsyncDisposable {
  readonly #options: DeskOptions;
  readonly #turns = new FifoLock();
  readonly #closing = new AbortController();
  #index: ArrivalIndex | undefined;
  #loading: Promise<void> | undefined;
  #caughtUpAt = 0;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  get index(): ArrivalIndex {
    this.#index ??= this.#createIndex();
    return this.#index;
  }

  /** Waits for its turn; what it gives ends the turn. @throws AppError `database_unavailable` after ten seconds */
  async takeTurn(): Promise<() => void> {
    this.#loading ??= this.#load();
    await Promise.race([this.#loading, sleep(PATIENCE_MS, undefined, { ref: false })]);
    return await this.#turns.acquire(TURN_MS);
  }

  /** Reads what other replicas have stored meanwhile. Nobody else stores into an embedded database. */
  async catchUp(db: Kysely<Tables>, isUrgent = false): Promise<void> {
    const { database, encoder, now } = this.#options;
    const since = performance.now() - this.#caughtUpAt;
    if (database.engine === 'pglite' || (!isUrgent && since < CATCH_UP_MS)) return;
    this.#caughtUpAt = performance.now();
    const after = firstIdAt(now().getTime() - IN_FLIGHT_MS - since);
    const known = await db.selectFrom('feedback').select('id').where('id', '>', after).orderBy('id').execute();
    if (known.every(({ id }) => this.index.has(id))) return;
    const items = await listStoredItems(db, this.#options, { encoderHash: encoder.info.hash, after, limit: CAPACITY });
    for (const item of items.reverse()) this.index.add(item);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#loading;
  }

  #createIndex(): ArrivalIndex {
    const { encoder, learned } = this.#options;
    return new ArrivalIndex({
      dimensions: encoder.info.dimensions + MATTER_COORDINATES,
      prior: seedMeans(this.#options),
      space: new LexicalSpace(learned.head.model.vocabulary),
      capacity: CAPACITY,
    });
  }

  /** Newest first, so that what is read already serves at once. */
  async #load(): Promise<void> {
    const { database, encoder, logger, now } = this.#options;
    const from = now().getTime() - WINDOW_MS;
    let before: string | undefined;
    try {
      while (this.index.size < CAPACITY && !this.#closing.signal.aborted) {
        const range = { encoderHash: encoder.info.hash, before, after: firstIdAt(from), limit: CHUNK };
        const items = await listStoredItems(database.kysely, this.#options, range);
        for (const item of items) this.index.add(item);
        before = items.at(-1)?.id;
        if (items.length < CHUNK) return;
      }
    } catch (error) {
      // A later run of the clusters finds what was not seen at arrival.
      if (!this.#closing.signal.aborted) logger.warn({ err: error }, 'earlier items could not be read for clusters');
    }
  }
}

/** The lowest UUIDv7 of a moment (RFC 9562, 5.7). */
export function firstIdAt(ms: number): string {
  const time = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}
