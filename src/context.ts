import path from 'node:path';
import type { Logger } from 'pino';
import { ArrivalDesk } from './clusters/arrival/arrival-desk.ts';
import { MatterSpace } from './clusters/matter-space.ts';
import { type Config, PROJECT_ROOT } from './config.ts';
import { type ClaimedDatabase, claimDatabase, type Database } from './db/connect.ts';
import { migrateToLatest } from './db/migrate.ts';
import { confirmVaultKey } from './db/vault-key.ts';
import { createEncoder } from './embedding/create.ts';
import type { Encoder } from './embedding/encoder.ts';
import { Knowledge } from './knowledge/knowledge.ts';
import { adoptActive, registerShipped } from './learning/adopt-active.ts';
import { HeadInForce } from './learning/head-in-force.ts';
import { loadHead } from './learning/load-head.ts';
import { Precedents } from './learning/precedents.ts';
import { recallPrecedents } from './learning/recall-precedents.ts';
import { adoptPolicies, registerShippedPolicies } from './policies/adopt.ts';
import { PolicyInForce } from './policies/policy-in-force.ts';
import { loadPolicy } from './policy.ts';
import { Segmenter } from './text/segment.ts';
import { openVault, type Vault } from './vault.ts';

/** What a decision needs: no database in it. */
export interface Engine extends AsyncDisposable {
  readonly config: Config;
  readonly logger: Logger;
  readonly policy: PolicyInForce;
  readonly segmenter: Segmenter;
  readonly encoder: Encoder;
  /** Where messages lie for clusters. */
  readonly matters: MatterSpace;
  readonly learned: HeadInForce;
  /** What people decided; empty without a database. */
  readonly precedents: Precedents;
  now(): Date;
}

/** An engine with a place to keep what it decides. */
export interface Context extends Engine {
  readonly database: Database;
  readonly vault: Vault;
  /** Where new items find their clusters. */
  readonly arrivals: ArrivalDesk;
  /** The articles, for whoever looks for one. */
  readonly knowledge: Knowledge;
}

export interface OpenOptions {
  readonly config: Config;
  /** Where items are kept when that is not `config`'s database; heads and models stay in `config`'s folder. */
  readonly storage?: Config;
  readonly logger: Logger;
  readonly signal?: AbortSignal | undefined;
  /** Called when nothing known refuses the start any more and the long part of it begins. */
  onAccepted?(): void;
  onProgress?(done: number, total: number): void;
}

export const DATA_FOLDER = path.join(PROJECT_ROOT, 'data');
export const SEED_VECTORS = path.join(DATA_FOLDER, 'seeds', 'vectors.bin');

/** Loads policy and encoder side by side, then the head, which is trained when it is not there yet. */
export async function openEngine({ config, logger, signal, onProgress }: OpenOptions): Promise<Engine> {
  const [shipped, encoder] = await both(loadPolicy(DATA_FOLDER), createEncoder({ config, logger }));
  try {
    const policy = new PolicyInForce(shipped);
    const segmenter = new Segmenter(policy.words, policy.cues);
    const sources = { policy, encoder, segmenter, dataDir: config.DATA_DIR, seedVectors: SEED_VECTORS, logger, signal };
    const learned = new HeadInForce(await loadHead({ ...sources, ...(onProgress && { onProgress }) }));
    const dispose = () => encoder[Symbol.asyncDispose]();
    return {
      config,
      logger,
      policy,
      segmenter,
      encoder,
      matters: new MatterSpace(policy.concepts),
      learned,
      precedents: new Precedents(),
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

/**
 * First what may refuse the start (a locked folder, an unreachable server), then the long part: database and engine
 * side by side, because loading an encoder cannot be interrupted and a refusal would have to wait for it.
 */
export async function openContext(options: OpenOptions): Promise<Context> {
  const claimed = await claimDatabase({ ...options, config: options.storage ?? options.config });
  options.onAccepted?.();
  const [store, engine] = await both(openStore(claimed, options), openEngine(options));
  const arrivals = new ArrivalDesk({ ...engine, ...store });
  const context: Context = {
    ...engine,
    ...store,
    arrivals,
    knowledge: new Knowledge({
      ...engine,
      database: store.database,
      seedVectors: SEED_VECTORS,
    }),
    [Symbol.asyncDispose]: async () => {
      await arrivals[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
  try {
    await adoptActive(context, await registerShipped(context));
    await registerShippedPolicies(context);
    await adoptPolicies(context);
    await recallPrecedents(context);
    return context;
  } catch (error) {
    await context[Symbol.asyncDispose]();
    throw error;
  }
}
type Store = Pick<Context, 'database' | 'vault'> & AsyncDisposable;

async function openStore(claimed: ClaimedDatabase, options: OpenOptions): Promise<Store> {
  const { logger, storage: config = options.config } = options;
  const database = await claimed.open();
  const close = () => database[Symbol.asyncDispose]();
  try {
    await migrateToLatest(database, logger);
    const vault = await openVault(config);
    await confirmVaultKey(database.kysely, vault);
    return { database, vault, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}
