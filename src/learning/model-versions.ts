import type { Kysely, Selectable, Transaction } from 'kysely';
import { z } from 'zod';
import { findSetting, keepSetting } from '../db/settings.ts';
import type { Tables } from '../db/tables.ts';
import type { ModelVersionTable } from '../db/version-tables.ts';
import { AppError, isAppError } from '../errors.ts';
import type { HeadModel } from './head.ts';
import { unpackStored } from './model-codec.ts';

/** Settings: the version in force, whether a person chose it, what the last training knew, what was given up. */
const ACTIVE = 'active_head';
const PINNED = 'active_head_pinned';
const TRAINED = 'trained_through';
const GIVEN_UP = 'training_given_up_seeds';
/** Versions that are kept; the one in force and the one from the seeds are kept beyond that. */
const KEEP = 10;

export const OUTCOMES = ['seeds', 'promoted', 'held_back', 'imported'] as const;

/** A trained head as people see it: everything but its weights. */
export const modelVersionSchema = z.object({
  version: z.string(),
  created_at: z.iso.datetime(),
  active: z.boolean(),
  pinned: z
    .boolean()
    .describe('In force by a person’s choice: nothing is trained by itself until `POST /v1/models/train`.'),
  parent: z.string().nullable().describe('The version that it was compared with.'),
  outcome: z
    .enum(OUTCOMES)
    .describe(
      '`seeds`: trained from the examples that are shipped; `promoted` or `held_back` by the comparison; `imported` from a file.',
    ),
  seeds: z.int().describe('Shipped examples that it learned from.'),
  corrections: z.int().describe('Corrected items that it learned from.'),
  encoder: z.string(),
  taxonomy: z.string(),
  examples: z.string().describe('Hash of the shipped examples that it learned from.'),
  report: z.record(z.string(), z.unknown()),
});
export type ModelVersion = z.infer<typeof modelVersionSchema>;

export interface NewVersion {
  readonly version: string;
  readonly parent: string | null;
  readonly outcome: (typeof OUTCOMES)[number];
  readonly seeds: number;
  readonly corrections: number;
  readonly trainedThrough: string;
  readonly taxonomyVersion: string;
  readonly seedsVersion: string;
  readonly report: Readonly<Record<string, unknown>>;
  readonly actor: Readonly<Record<string, unknown>>;
  readonly at: Date;
  readonly encoderHash: string;
  /** Of `packModel`. */
  readonly packed: Uint8Array;
}

type Db = Kysely<Tables> | Transaction<Tables>;

const COLUMNS = [
  'version',
  'created_at',
  'parent',
  'outcome',
  'seeds',
  'corrections',
  'trained_through',
  'encoder_hash',
  'taxonomy_version',
  'seeds_version',
  'report',
] as const;

export async function findActive(db: Db): Promise<string | undefined> {
  return await findSetting(db, ACTIVE);
}

/** Newest first. */
export async function listVersions(db: Db): Promise<ModelVersion[]> {
  const [active, pinned] = [await findActive(db), await isPinned(db)];
  const rows = await db.selectFrom('model_version').select(COLUMNS).orderBy('created_at', 'desc').execute();
  return rows.map(({ encoder_hash, taxonomy_version, seeds_version, trained_through: _, ...row }) =>
    modelVersionSchema.parse({
      ...row,
      created_at: row.created_at.toISOString(),
      active: row.version === active,
      pinned: row.version === active && pinned,
      encoder: encoder_hash.slice(0, 12),
      taxonomy: taxonomy_version,
      examples: seeds_version,
    }),
  );
}

/** What is not needed to list a version is left out: the report above all. */
export type VersionFacts = Pick<Selectable<ModelVersionTable>, 'version' | 'outcome' | 'seeds_version'>;

/** Newest first. */
export async function listVersionFacts(db: Db): Promise<VersionFacts[]> {
  return await db
    .selectFrom('model_version')
    .select(['version', 'outcome', 'seeds_version'])
    .orderBy('created_at', 'desc')
    .execute();
}

/** A version as its row holds it. */
export interface StoredVersion {
  readonly row: Pick<Selectable<ModelVersionTable>, (typeof COLUMNS)[number]>;
  /** Of `packModel`, or of an earlier release. */
  readonly packed: Uint8Array;
}

export async function findStored(db: Db, version: string): Promise<StoredVersion | undefined> {
  const found = await db
    .selectFrom('model_version')
    .select([...COLUMNS, 'head'])
    .where('version', '=', version)
    .executeTakeFirst();
  if (found === undefined) return undefined;
  const { head, ...row } = found;
  return { row, packed: head };
}

/**
 * The weights of a version; undefined when it is not there.
 *
 * @throws AppError `conflict` when this release cannot read it
 */
export async function findModel(db: Db, version: string): Promise<HeadModel | undefined> {
  const row = await db.selectFrom('model_version').select('head').where('version', '=', version).executeTakeFirst();
  return row && (await readStored(row.head));
}

/** @throws AppError `conflict` when this release cannot read it */
export async function readStored(packed: Uint8Array): Promise<HeadModel> {
  return await unpackStored(packed).catch((cause) => {
    if (!isAppError(cause, 'model_damaged')) throw cause;
    throw new AppError('conflict', `This version cannot be used. ${cause.message} Train a new one.`, { cause });
  });
}

/**
 * Keeps a version. Of one that is there already, trained again from the same, the newer comparison and what came of it
 * are kept: other items may have been labelled since. Old ones go.
 */
export async function saveVersion(db: Db, made: NewVersion): Promise<void> {
  const judged = {
    created_at: made.at,
    actor: JSON.stringify(made.actor),
    trained_through: made.trainedThrough,
    outcome: made.outcome,
    report: JSON.stringify(made.report),
  };
  await db
    .insertInto('model_version')
    .values({
      ...judged,
      version: made.version,
      parent: made.parent,
      encoder_hash: made.encoderHash,
      taxonomy_version: made.taxonomyVersion,
      seeds_version: made.seedsVersion,
      seeds: made.seeds,
      corrections: made.corrections,
      head: made.packed,
    })
    .onConflict((conflict) =>
      conflict.column('version').doUpdateSet({
        ...judged,
        // No version stands below itself: one in force that is trained again keeps what it was compared with.
        ...(made.parent !== made.version && { parent: made.parent }),
      }),
    )
    .execute();
  const rows = await listVersionFacts(db);
  const active = await findActive(db);
  const old = rows.slice(KEEP).filter(({ version, outcome }) => version !== active && outcome !== 'seeds');
  for (const { version } of old) await db.deleteFrom('model_version').where('version', '=', version).execute();
}

/** Names the version in force. The caller has seen that it is there. `pinned`: a person chose it, and it stays. */
export async function setActive(db: Db, version: string, at: Date, pinned: boolean): Promise<void> {
  await keepSetting(db, ACTIVE, version, at);
  await keepSetting(db, PINNED, String(pinned), at);
}

/** Whether a person chose the version in force: no training takes its place until one is asked for. */
export async function isPinned(db: Db): Promise<boolean> {
  return (await findSetting(db, PINNED)) === 'true';
}

/** `correction.seq` of the newest correction that the last training knew, whatever came of it; 0 for none. */
export async function trainedThrough(db: Db): Promise<string> {
  return (await findSetting(db, TRAINED)) ?? '0';
}

export async function setTrainedThrough(db: Db, seq: string, at: Date): Promise<void> {
  await keepSetting(db, TRAINED, seq, at);
}

/** The examples for which somebody has stopped a training. */
export async function givenUpSeeds(db: Db): Promise<string | undefined> {
  return await findSetting(db, GIVEN_UP);
}

export async function setGivenUpSeeds(db: Db, seedsVersion: string, at: Date): Promise<void> {
  await keepSetting(db, GIVEN_UP, seedsVersion, at);
}
