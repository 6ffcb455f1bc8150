import type { Context } from '../context.ts';
import { type ErrorCode, isAppError } from '../errors.ts';
import { center, meanVector } from '../learning/features.ts';
import type { LabelModel } from '../learning/label-classifier.ts';
import { trainLabelsInWorker } from '../learning/train-in-worker.ts';
import type { LabelExample } from '../learning/train-labels.ts';
import { type LearningRows, readLearningRows } from './examples.ts';
import { findNearDuplicates, type NearDuplicate } from './near-duplicates.ts';
import { type DefinedVersion, findDefinition } from './rows.ts';
import { modelHashOf, packTrained } from './trained.ts';
import type { Report } from './view.ts';

const SEED = 7;
/** Share of sure answers that may be wrong; the same as for the shipped taxonomy. */
const TARGET_ERROR = 0.03;
/** What passes by itself: the training is asked for again. */
const LATER = new Set<ErrorCode>([
  'overloaded',
  'deadline_exceeded',
  'encoder_unavailable',
  'database_unavailable',
  'storage_full',
  'cancelled',
]);
/** Centred cosines from which a pair of labels is named. Of Banking77's 2 926 pairs one and three reach them. */
const NEAR = { examples: 0.85, names: 0.8 } as const;

export interface TrainTaxonomyRun {
  readonly signal?: AbortSignal | undefined;
  onProgress?(part: 'embedding' | 'training', done: number, total: number): void;
}

/** `superseded`: another definition came meanwhile, or the taxonomy was deleted, and nothing was kept. */
export type TrainingOutcome = 'ready' | 'failed' | 'superseded';

/**
 * Trains the classifier of a taxonomy's present version and lets it answer from then on. Until then, and when it fails,
 * the earlier one goes on answering.
 *
 * @throws the signal's reason; AppError of an encoder or a database that is not available: the version is then still
 *   to be trained
 */
export async function trainTaxonomy(
  context: Context,
  name: string,
  run: TrainTaxonomyRun = {},
): Promise<TrainingOutcome> {
  const { database, encoder, logger } = context;
  const { signal } = run;
  const defined = await findDefinition(database.kysely, name);
  if (defined === undefined) return 'superseded';
  const tell = (part: 'embedding' | 'training') => ({
    signal,
    onProgress: (done: number, total: number) => run.onProgress?.(part, done, total),
  });
  try {
    const rows = await readLearningRows(context, defined.definition, tell('embedding'));
    const settings = { encoderHash: encoder.info.hash, seed: SEED, targetError: TARGET_ERROR };
    const model = await trainLabelsInWorker(rows.examples, rows.names, settings, tell('training'));
    return (await keep(context, name, defined, rows, model, signal)) ? 'ready' : 'superseded';
  } catch (error) {
    if (signal?.aborted || (isAppError(error) && LATER.has(error.code))) throw error;
    logger.error({ err: error, taxonomy: name, version: defined.version }, 'a taxonomy could not be trained');
    await saveFailure(context, name, defined, error);
    return 'failed';
  }
}

async function keep(
  context: Context,
  name: string,
  { version, definition, report }: DefinedVersion,
  rows: LearningRows,
  model: LabelModel,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { database, encoder, now } = context;
  const names = new Map(definition.labels.map((label) => [label.key, label.name]));
  const bytes = await packTrained({ model, names, texts: rows.texts });
  const training = {
    trained_at: now().toISOString(),
    examples: rows.examples.length,
    held_out_accuracy: model.heldOutAccuracy,
    threshold: model.threshold,
    near_duplicates: await findAlike(context, rows, signal),
  };
  signal?.throwIfAborted();
  const after: Report = { ...report, training, failure: null };
  const { numUpdatedRows } = await database.kysely
    .updateTable('taxonomy')
    .set({
      status: 'ready',
      report: JSON.stringify(after),
      trained_version: version,
      model_hash: modelHashOf(encoder.info.hash),
      model: bytes,
      updated_at: now(),
    })
    .where('name', '=', name)
    .where('version', '=', version)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * Labels whose examples on average, or whose names, are nearly the same. Centred on the mean of the shipped examples:
 * on their own mean even two equal labels would stand opposite to one another.
 */
async function findAlike(
  { learned, encoder }: Context,
  { examples, names }: LearningRows,
  signal: AbortSignal | undefined,
): Promise<NearDuplicate[]> {
  const { mean } = learned.head.model;
  const centroids = (rows: readonly LabelExample[]) => {
    const groups = new Map<string, Float32Array[]>();
    for (const { label, vector } of rows) groups.set(label, [...(groups.get(label) ?? []), vector]);
    return new Map([...groups].map(([label, own]) => [label, center(meanVector(own, encoder.info.dimensions), mean)]));
  };
  return [
    ...(await findNearDuplicates(centroids(examples), 'examples', NEAR.examples, signal)),
    ...(await findNearDuplicates(centroids(names), 'names', NEAR.names, signal)),
  ];
}

/** The next definition under this name, or the same again, is tried anew. */
async function saveFailure(
  { database, now }: Context,
  name: string,
  { version, report }: DefinedVersion,
  error: unknown,
): Promise<void> {
  const failure = isAppError(error) ? error.message : 'An error of the service; its log says more.';
  const after: Report = { ...report, failure };
  await database.kysely
    .updateTable('taxonomy')
    .set({ status: 'failed', report: JSON.stringify(after), updated_at: now() })
    .where('name', '=', name)
    .where('version', '=', version)
    .execute();
}
