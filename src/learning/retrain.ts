import { createHash } from 'node:crypto';
import { type Context, SEED_VECTORS } from '../context.ts';
import type { Actor } from '../feedback/actor.ts';
import { appendAudit } from '../feedback/append-audit.ts';
import { compareHeads } from './compare-heads.ts';
import { Head, type HeadModel } from './head.ts';
import { type LabelledItem, listLabelledItems } from './labelled-items.ts';
import { collectSeedExamples, settingsFor } from './load-head.ts';
import { findActive, type NewVersion, saveVersion, setActive, trainedThrough } from './model-versions.ts';
import { RECIPE, type TrainingExample } from './train.ts';
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
  const through = await newestCorrection(context);
  const items = await listLabelledItems(db, context.segmenter, encoder.info.hash, signal);
  const seeds = await collectSeedExamples({ ...context, seedVectors: SEED_VECTORS, signal });
  const labels = settingsFor(policy, encoder.info.hash);
  const taught = items.filter(({ isHeldOut, type }) => !isHeldOut && labels.types.includes(type));
  const model = await trainInWorker([...taught.map(weighted), ...seeds], labels, {
    signal,
    ...(options.onProgress && { onProgress: options.onProgress }),
  });
  const head = new Head(model);
  const held = items.filter(({ isHeldOut }) => isHeldOut);
  const comparison = compareHeads(before.head, head, held);
  const made: NewVersion = {
    version: versionOf(model, taught, policy.versions.seeds),
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
    model,
  };
  await db.transaction().execute(async (tx) => {
    if (comparison.promoted) await setActive(tx, made.version, made.at);
    await saveVersion(tx, made);
    const { version, outcome, corrections } = made;
    const change = { version, parent: before.version, outcome, corrections, why: comparison.why };
    await appendAudit(tx, {
      at: made.at,
      actor,
      action: 'model.trained',
      subjectKind: 'model',
      subjectId: 'head',
      change,
    });
    await tx
      .insertInto('outbox')
      .values({ at: made.at, event: 'model.trained', subject_id: version, payload: JSON.stringify(change) })
      .execute();
  });
  if (comparison.promoted) learned.replace({ head, version: made.version, trained: true });
  logger.info(
    { version: made.version, outcome: made.outcome, corrections: made.corrections },
    'a model version was trained',
  );
  return { version: made.version, promoted: comparison.promoted };
}

/** Whether enough has been corrected, or other examples are shipped, since the version in force was trained. */
export async function isTrainingDue(context: Context): Promise<boolean> {
  const { database, config, learned } = context;
  const db = database.kysely;
  const through = await trainedThrough(db, (await findActive(db)) ?? learned.version);
  const { n } = await db
    .selectFrom('correction')
    .select((row) => row.fn.countAll<string>().as('n'))
    .where('seq', '>', through)
    .executeTakeFirstOrThrow();
  return Number(n) >= config.TRAIN_AFTER_CORRECTIONS;
}

async function newestCorrection({ database }: Context): Promise<string> {
  const row = await database.kysely
    .selectFrom('correction')
    .select((correction) => correction.fn.max('seq').as('seq'))
    .executeTakeFirst();
  return row?.seq ?? '0';
}

function weighted({ language: _, isHeldOut: __, ...example }: LabelledItem): TrainingExample {
  return { ...example, weight: ITEM_WEIGHT };
}

/** Follows from all that the version was trained from. */
function versionOf(model: HeadModel, items: readonly LabelledItem[], seedsVersion: string): string {
  const hash = createHash('sha256').update(JSON.stringify([RECIPE, model.encoderHash, seedsVersion]));
  for (const { id, type, topics, flags } of items) hash.update(JSON.stringify([id, type, topics, flags]));
  return hash.digest('hex').slice(0, 12);
}
