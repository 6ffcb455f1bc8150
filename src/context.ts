import path from 'node:path';
import type { Logger } from 'pino';
import { type Config, PROJECT_ROOT } from './config.ts';
import { type Database, openDatabase } from './db/connect.ts';
import { migrateToLatest } from './db/migrate.ts';
import { createEncoder } from './embedding/create.ts';
import type { Encoder } from './embedding/encoder.ts';
import { type LoadedHead, loadHead } from './learning/load-head.ts';
import { loadPolicy, type Policy } from './policy.ts';
import { Segmenter } from './text/segment.ts';
import { openVault, type Vault } from './vault.ts';

/** What a decision needs: no database in it. */
export interface Engine extends AsyncDisposable {
  readonly config: Config;
  readonly logger: Logger;
  readonly policy: Policy;
  readonly segmenter: Segmenter;
  readonly encoder: Encoder;
  readonly learned: LoadedHead;
  now(): Date;
}

/** An engine with a place to keep what it decides. */
export interface Context extends Engine {
  readonly database: Database;
  readonly vault: Vault;
}

export interface OpenOptions {
  readonly config: Config;
  /** Where items are kept when that is not `config`'s database; heads and models stay in `config`'s folder. */
  readonly storage?: Config;
  readonly logger: Logger;
  readonly signal?: AbortSignal | undefined;
  onProgress?(done: number, total: number): void;
}

export const DATA_FOLDER = path.join(PROJECT_ROOT, 'data');
export const SEED_VECTORS = path.join(DATA_FOLDER, 'seeds', 'vectors.bin');

/** Loads policy and encoder side by side, then the head, which is trained when it is not there yet. */
export async function openEngine({ config, logger, signal, onProgress }: OpenOptions): Promise<Engine> {
  const [policy, encoder] = await both(loadPolicy(DATA_FOLDER), createEncoder({ config, logger }));
  try {
    const segmenter = new Segmenter(policy.words, policy.cues);
    const sources = { policy, encoder, segmenter, dataDir: config.DATA_DIR, seedVectors: SEED_VECTORS, logger, signal };
    const learned = await loadHead({ ...sources, ...(onProgress && { onProgress }) });
    const dispose = () => encoder[Symbol.asyncDispose]();
    return {
      config,
      logger,
      policy,
      segmenter,
      encoder,
      learned,
      now: () => new Date(),
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await encoder[Symbol.asyncDispose]();
    throw error;
  }
}

/** Waits for both; when one fails, what the other opened is closed. */
async function both<T, U>(first: Promise<T>, second: Promise<U>): Promise<[T, U]> {
  const [left, right] = await Promise.allSettled([first, second]);
  if (left.status === 'fulfilled' && right.status === 'fulfilled') return [left.value, right.value];
  for (const result of [left, right]) if (result.status === 'fulfilled') await close(result.value);
  throw left.status === 'rejected' ? left.reason : right.status === 'rejected' && right.reason;
}

async function close(value: unknown): Promise<void> {
  if (typeof value === 'object' && value !== null && Symbol.asyncDispose in value)
    await (value as AsyncDisposable)[Symbol.asyncDispose]();
}

/** Opens the database first, because a locked folder or an unreachable server is known at once, then the engine. */
export async function openContext(options: OpenOptions): Promise<Context> {
  const store = await openStore(options);
  const engine = await openEngine(options).catch(async (error) => {
    await store[Symbol.asyncDispose]();
    throw error;
  });
  return {
    ...engine,
    ...store,
    [Symbol.asyncDispose]: async () => {
      await engine[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}

async function openStore({
  config: own,
  storage: config = own,
  logger,
  signal,
}: OpenOptions): Promise<Pick<Context, 'database' | 'vault'> & AsyncDisposable> {
  const database = await openDatabase({ config, logger, ...(signal && { signal }) });
  const close = () => database[Symbol.asyncDispose]();
  try {
    await migrateToLatest(database, logger);
    return { database, vault: await openVault(config), [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}
