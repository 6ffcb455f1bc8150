import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import { AppError } from '../errors.ts';
import { lockFolder } from './lock.ts';
import { PgliteClient } from './pglite-client.ts';

const OWNER_ONLY = 0o700;

export interface EmbeddedOptions {
  readonly statementTimeoutMs: number;
  readonly logger: Logger;
  readonly signal?: AbortSignal | undefined;
}

/** DATA_DIR locked and fit to be opened; disposing of it gives back the lock. */
export interface ClaimedFolder extends AsyncDisposable {
  /** `DATA_DIR/db`. */
  readonly folder: string;
  /** Lies beside the folder from before the first byte until the first start has succeeded. */
  readonly mark: string;
  readonly isNew: boolean;
}

/** The embedded database of DATA_DIR with its lock; disposing of it closes the one and gives back the other. */
export interface Embedded extends AsyncDisposable {
  readonly client: PgliteClient;
}

/**
 * Locks DATA_DIR, making it when it does not exist. Everything that can be known without opening the database is known
 * after it, which takes milliseconds where the opening takes seconds.
 *
 * @throws AppError `database_locked`, `bad_configuration` (not a database), `file_error`, `storage_full`
 */
export async function claimFolder(dataDir: string): Promise<ClaimedFolder> {
  await onDisk(() => mkdir(dataDir, { recursive: true, mode: OWNER_ONLY }));
  const lock = await lockFolder(dataDir);
  const folder = path.join(dataDir, 'db');
  const mark = `${folder}.unfinished`;
  try {
    const isNew = await onDisk(() => prepareFolder(folder, mark));
    return { folder, mark, isNew, [Symbol.asyncDispose]: () => lock[Symbol.asyncDispose]() };
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * Opens what was claimed and owns it from then on, also when it fails.
 *
 * A folder that still has its mark was never used, and an interrupted initdb starts from nothing.
 *
 * @throws AppError `storage_full`, `cancelled`, `file_error`, `database_unavailable` (damaged)
 */
export async function openEmbedded(claimed: ClaimedFolder, options: EmbeddedOptions): Promise<Embedded> {
  const { folder, mark, isNew } = claimed;
  try {
    if (isNew) {
      // initdb leaves 80 MB behind in its thread, so the service gets another.
      const first = await PgliteClient.open({ folder, ...options });
      await first[Symbol.asyncDispose]();
      await onDisk(() => rm(mark));
    }
    const client = await PgliteClient.open({ folder, ...options });
    return { client, [Symbol.asyncDispose]: () => closeBoth(client, claimed) };
  } catch (error) {
    await claimed[Symbol.asyncDispose]();
    throw error;
  }
}

async function closeBoth(client: PgliteClient, claimed: ClaimedFolder): Promise<void> {
  try {
    await client[Symbol.asyncDispose]();
  } finally {
    await claimed[Symbol.asyncDispose]();
  }
}

async function prepareFolder(folder: string, mark: string): Promise<boolean> {
  const beside = await readdir(path.dirname(folder));
  if (beside.includes(path.basename(mark))) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: OWNER_ONLY });
  // PGlite writes its files readable for everybody: the folder is what keeps others out.
  await chmod(folder, OWNER_ONLY);
  const files = await readdir(folder);
  if (files.length === 0) {
    await writeFile(mark, 'The first start of the database beside this file was interrupted.\n');
    return true;
  }
  if (!files.includes('PG_VERSION')) {
    throw new AppError('bad_configuration', `${folder} holds files that are not a database; choose another DATA_DIR.`);
  }
  return false;
}

async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOSPC') throw new AppError('storage_full', 'The disk of DATA_DIR is full.', { cause: error });
    throw new AppError('file_error', `DATA_DIR cannot be used (${String(code)}).`, { cause: error });
  }
}
