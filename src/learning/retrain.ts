import { createHash } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import { type Context, SEED_VECTORS } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import type { Actor } from '../feedback/actor.ts';
import { recordChange } from '../feedback/record-change.ts';
import type { PolicyVersions } from '../policy.ts';
import { type Comparison, compareHeads } from './compare-heads.ts';
import { HEAD_FORMAT, Head } from './head.ts';
import { type LabelledItem, listLabelledItems } from './labelled-items.ts';
import { collectSeedExamples, settingsFor } from './load-head.ts';
import { packModel } from './model-codec.ts';
import {
  findActive,
  givenUpSeeds,
  isPinned,
  listVersionFacts,
  type NewVersion,
  saveVersion,
  setActive,
  setGivenUpSeeds,
  setTrainedThrough,
  trainedThrough,
} from './model-versions.ts';
import { RECIPE, type TrainingExample, type TrainSettings } from './train.ts';
import { trainInWorker } from './train-in-worker.ts';

/** What one item of a person's counts beside a shipped example: it is about this business. */
const ITEM_WEIGHT = 3;

export interface RetrainOptions {
  readonly actor: Actor;
  readonly signal?: AbortSignal | undefined;
  onProgress?(done: number, total: number): void;
}

/**
 * Trains a version from the shipped examples and all items that people have labelled, compares it with the one in
 * force on items that neither has seen, and puts it in force when it is not worse. The report is kept in both cases.
 *
 * Does not return before the version is stored; rejects with the signal's reason when stopped, and nothing is kept then.
 */
export async function retrain(
  context: Context,
  options: RetrainOptions,
): Promise<{ version: string; promoted: boolean }> {
  const { database, learned, policy, encoder, logger, now } = context;
  const { signal, actor } = options;
  const db = database.kysely;
  const before = { head: learned.head, version: learned.version };
  const through = await newestCorrection(db);
  const labelled = await listLabelledItems(db, context.segmenter, encoder.info.hash, signal);
  const seeds = await collectSeedExamples({ ...context, seedVectors: SEED_VECTORS, signal });
  const labels = settingsFor(policy, encoder.info.hash);
  const items = labelled.filter(({ type }) => labels.types.includes(type));
  const taught = items.filter(({ isHeldOut }) => !isHeldOut);
  const model = await trainInWorker([...taught.map(weighted), ...seeds], labels, {
    signal,
    ...(options.onProgress && { onProgress: options.onProgress }),
  });
  const head = new Head(model);
  const held = items.filter(({ isHeldOut }) => isHeldOut);
  const comparison = compareHeads(before.head, head, held);
  const made: NewVersion = {
    version: versionOf(labels, taught, policy.versions),
    parent: before.version,
    outcome: comparison.promoted ? 'promoted' : 'held_back',
    seeds: seeds.length,
    corrections: taught.length,
    trainedThrough: through,
    taxonomyVersion: policy.versions.taxonomy,
    seedsVersion: policy.versions.seeds,
    report: comparison,
    actor,
    at: now(),
    encoderHash: model.encoderHash,
    packed: await packModel(model),
  };
  const promoted = await keepVersion(db, made, comparison, actor);
  if (promoted) learned.replace({ head, version: made.version, trained: true });
  logger.info({ version: made.version, promoted, corrections: made.corrections }, 'a model version was trained');
  return { version: made.version, promoted };
}

/** Stores a version with its report, and puts it in force unless it is worse or another was put in force meanwhile. */
async function keepVersion(
  db: Kysely<Tables>,
  made: NewVersion,
  comparison: Comparison,
  actor: Actor,
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const isCurrent = [undefined, made.parent].includes(await findActive(tx));
    const isPromoted = comparison.promoted && isCurrent;
    const why = isCurrent ? comparison.why : [...comparison.why, 'another version was put in force meanwhile'];
    const outcome = isPromoted ? 'promoted' : 'held_back';
    if (isPromoted) await setActive(tx, made.version, made.at, false);
    await setTrainedThrough(tx, made.trainedThrough, made.at);
    await saveVersion(tx, { ...made, outcome, report: { ...comparison, promoted: isPromoted, why } });
    const { version, corrections } = made;
    const change = { version, parent: made.parent, outcome, corrections, why };
    const facts = { at: made.at, actor, action: 'model.trained', subjectKind: 'model', subjectId: 'head', change };
    await recordChange(tx, { ...facts, eventSubject: version });
    return isPromoted;
  });
}

/**
 * Whether enough has been corrected since the last training, or the version in force learned from other examples than
 * are shipped now. Not while a person's choice stands.
 */
export async function isTrainingDue(
  { database, config, policy }: Context,
  db: Kysely<Tables> | Transaction<Tables> = database.kysely,
): Promise<boolean> {
  if (await isPinned(db)) return false;
  const { n } = await db
    .selectFrom('correction')
    .select((row) => row.fn.countAll<string>().as('n'))
    .where('seq', '>', await trainedThrough(db))
    .executeTakeFirstOrThrow();
  if (Number(n) >= config.TRAIN_AFTER_CORRECTIONS) return true;
  const active = await findActive(db);
  const newest = (await listVersionFacts(db)).find(({ outcome }) => outcome !== 'imported');
  // A newer version that was held back has been tried on the examples of now.
  if (newest === undefined || newest.version !== active) return false;
  return newest.seeds_version !== policy.versions.seeds && (await givenUpSeeds(db)) !== policy.versions.seeds;
}

/** What makes a training due now does so no longer: somebody has stopped it. More corrections, or other examples, do. */
export async function giveUpTraining({ policy, now }: Context, tx: Transaction<Tables>): Promise<void> {
  await setTrainedThrough(tx, await newestCorrection(tx), now());
  await setGivenUpSeeds(tx, policy.versions.seeds, now());
}

/** `correction.seq` of the newest correction; 0 for none. */
export async function newestCorrection(db: Kysely<Tables> | Transaction<Tables>): Promise<string> {
  const row = await db
    .selectFrom('correction')
    .select((correction) => correction.fn.max('seq').as('seq'))
    .executeTakeFirst();
  return row?.seq ?? '0';
}

function weighted({ language: _, isHeldOut: __, ...example }: LabelledItem): TrainingExample {
  return { ...example, weight: ITEM_WEIGHT };
}

/** Follows from all that the version was trained from. */
function versionOf(
  settings: TrainSettings,
  items: readonly LabelledItem[],
  { taxonomy, seeds }: PolicyVersions,
): string {
  const hash = createHash('sha256').update(JSON.stringify([HEAD_FORMAT, RECIPE, settings, taxonomy, seeds]));
  for (const { id, type, topics, flags } of items) hash.update(JSON.stringify([id, type, topics, flags]));
  return hash.digest('hex').slice(0, 12);
}
