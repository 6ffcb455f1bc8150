import path from 'node:path';
import type { Logger } from 'pino';
import { type Config, PROJECT_ROOT, refuseRuntimeTelemetry } from '../config.ts';
import { AppError } from '../errors.ts';
import { VectorCache } from './cache.ts';
import type { Encoder, EncoderInfo } from './encoder.ts';
import { fingerprint, isWeightKind, loadedFiles, WEIGHT_KINDS, type WeightKind } from './fingerprint.ts';
import { downloadModel } from './hub.ts';
import { WorkerGone } from './link.ts';
import { checkSizes, hashFiles, MANIFEST, type Manifest, missingManifest, readManifest } from './manifest.ts';
import { Pool } from './pool.ts';
import type { ModelSource } from './protocol.ts';
import { sessionWorker, tokenizerWorker } from './workers.ts';

export interface CreateEncoderOptions {
  readonly config: Config;
  readonly logger: Logger;
}

const SHIPPED_MODEL = path.join(PROJECT_ROOT, 'models', 'multilingual-e5-small');

/**
 * Loads the configured model into one tokenizer thread and `ENCODER_SESSIONS` session threads, and checks its files
 * meanwhile.
 *
 * @throws AppError `model_damaged` when a file is missing or differs from the manifest, `bad_configuration` for an
 * unknown MODEL_DTYPE, `encoder_unavailable` when the runtime cannot load the model
 */
export async function createEncoder({ config, logger }: CreateEncoderOptions): Promise<Encoder> {
  refuseRuntimeTelemetry();
  const { folder, dtype, manifest, loaded } = await findFiles({ config, logger });
  await checkSizes(folder, manifest, loaded);
  const source: ModelSource = { folder, dtype, pooling: config.MODEL_POOLING };
  const pool = new Pool({
    tokenizer: tokenizerWorker(source),
    session: sessionWorker(source),
    sessions: config.ENCODER_SESSIONS,
    queue: config.ENCODER_QUEUE,
    deadlineMs: config.ENCODER_DEADLINE_MS,
    logger,
  });
  const hashing = hashFiles(folder, manifest, loaded);
  try {
    const [hashes, { dimensions }] = await Promise.all([hashing, pool.loaded]);
    const hash = fingerprint(loaded, hashes, config);
    logger.info({ folder, hash, dimensions, sessions: config.ENCODER_SESSIONS }, 'encoder ready');
    return assemble(config, { id: path.basename(config.MODEL_DIR), hash, dimensions }, pool);
  } catch (error) {
    await pool[Symbol.asyncDispose]();
    if (!(error instanceof WorkerGone)) throw error;
    await hashing; // A damaged file explains more than what the loader made of it.
    logger.error({ reason: error.message }, 'the encoder could not be loaded');
    throw new AppError('encoder_unavailable', `The encoder in ${folder} could not be loaded.`, { cause: error });
  }
}

/**
 * The hash of the configured encoder, which is not loaded: only its files are read.
 *
 * @throws AppError as `createEncoder`
 */
export async function hashEncoder({ config, logger }: CreateEncoderOptions): Promise<string> {
  const { folder, manifest, loaded } = await findFiles({ config, logger });
  return fingerprint(loaded, await hashFiles(folder, manifest, loaded), config);
}

/** Where the configured encoder lies; from the hub it is downloaded first. */
async function findFiles({ config, logger }: CreateEncoderOptions) {
  const dtype = weightKind(config.MODEL_DTYPE);
  const folder =
    config.MODEL_SOURCE === 'hub'
      ? await downloadModel({ id: config.MODEL_DIR, cacheDir: path.join(config.DATA_DIR, 'models'), dtype })
      : config.MODEL_DIR;
  const manifest = await findManifest(folder, logger);
  return { folder, dtype, manifest, loaded: await loadedFiles(folder, dtype) };
}

function assemble(config: Config, info: EncoderInfo, pool: Pool): Encoder {
  const cache = new VectorCache(config.ENCODER_CACHE);
  const prefixes = { query: config.MODEL_QUERY_PREFIX, passage: config.MODEL_PASSAGE_PREFIX };
  return {
    info,
    embed: (text, { kind = 'query', signal } = {}) =>
      cache.get(kind, text, (shared) => pool.embed(prefixes[kind] + text, shared), signal),
    stats: () => ({ ...pool.stats(), cacheHits: cache.hits, cacheMisses: cache.misses }),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}

function weightKind(dtype: string): WeightKind {
  if (isWeightKind(dtype)) return dtype;
  const message = `must be one of ${WEIGHT_KINDS.join(', ')}`;
  throw new AppError('bad_configuration', `MODEL_DTYPE ${message}.`, { errors: [{ pointer: 'MODEL_DTYPE', message }] });
}

/** Empty for a model of one's own that has none. */
async function findManifest(folder: string, logger: Logger): Promise<Manifest> {
  const manifest = await readManifest(folder);
  if (manifest !== undefined) return manifest;
  if (folder === SHIPPED_MODEL) throw missingManifest(folder);
  logger.warn({ folder }, `the model has no ${MANIFEST}: its files are used as they are`);
  return {};
}
