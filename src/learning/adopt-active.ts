import type { Logger } from 'pino';
import type { Database } from '../db/connect.ts';
import type { Encoder } from '../embedding/encoder.ts';
import { isAppError } from '../errors.ts';
import type { Policy } from '../policy.ts';
import { Head, type HeadModel } from './head.ts';
import type { HeadInForce } from './head-in-force.ts';
import { settingsFor } from './load-head.ts';
import { packModel } from './model-codec.ts';
import {
  findActive,
  findModel,
  isPinned,
  listVersionFacts,
  type NewVersion,
  saveVersion,
  setActive,
} from './model-versions.ts';

export interface AdoptOptions {
  readonly database: Database;
  /** Holds the head that was trained from the shipped examples. */
  readonly learned: HeadInForce;
  readonly policy: Policy;
  readonly encoder: Encoder;
  readonly logger: Logger;
  now(): Date;
}

/**
 * Keeps the head of the shipped examples beside the others, so that one can always go back to it; where no version is in
 * force it becomes the one. To be called at the start, before any other head takes its place.
 *
 * @returns the version in force
 */
export async function registerShipped({ database, learned, policy, now }: AdoptOptions): Promise<string> {
  const db = database.kysely;
  const { head, version } = learned;
  const active = await findActive(db);
  const versions = await listVersionFacts(db);
  const kept = versions.find((one) => one.version === active);
  if (!versions.some((one) => one.version === version))
    await saveVersion(db, await describeShipped({ policy, head, version, now }));
  // Other examples were shipped since; a version that people chose, or that learned from them, goes on.
  const isOutdated = kept?.outcome === 'seeds' && !(await isPinned(db));
  if (kept !== undefined && !isOutdated) return kept.version;
  await setActive(db, version, now(), false);
  return version;
}

async function describeShipped({
  policy,
  head,
  version,
  now,
}: Pick<AdoptOptions, 'policy' | 'now'> & Pick<HeadInForce, 'head' | 'version'>): Promise<NewVersion> {
  return {
    version,
    parent: null,
    outcome: 'seeds',
    seeds: policy.seeds.length,
    corrections: 0,
    trainedThrough: '0',
    taxonomyVersion: policy.versions.taxonomy,
    seedsVersion: policy.versions.seeds,
    report: { held_out_accuracy: head.model.heldOutAccuracy },
    actor: { kind: 'local' },
    at: now(),
    encoderHash: head.model.encoderHash,
    packed: await packModel(head.model),
  };
}

/**
 * Puts the version in force that the database names, or `named` where the caller has just read it. One that was trained
 * for another encoder or another taxonomy, or that this release cannot read, is left, said so once, and the present one
 * goes on.
 */
export async function adoptActive(options: AdoptOptions, named?: string): Promise<void> {
  const { database, learned, logger } = options;
  const active = named ?? (await findActive(database.kysely));
  if (active === undefined || active === learned.version || learned.isUnfit(active)) return;
  const model = await findModel(database.kysely, active).catch((error) => {
    if (!isAppError(error, 'conflict')) throw error;
    logger.warn({ active, err: error }, 'the active model version cannot be read');
    return undefined;
  });
  if (model !== undefined && fits(model, options)) {
    learned.replace({ head: new Head(model), version: active, trained: false });
    return;
  }
  learned.markUnfit(active);
  logger.warn({ active, used: learned.version }, 'the active model version does not fit encoder and taxonomy');
}

/** Whether the head reads this encoder's vectors and gives this taxonomy's labels. */
export function fits(model: HeadModel, { policy, encoder }: Pick<AdoptOptions, 'policy' | 'encoder'>): boolean {
  const { types, topics, flags, encoderHash } = settingsFor(policy, encoder.info.hash);
  const same = (left: readonly string[], right: readonly string[]) => left.join() === right.join();
  return (
    model.encoderHash === encoderHash &&
    same(model.type.labels, types) &&
    same(model.topics.labels, topics) &&
    same(model.flags.labels, flags)
  );
}
