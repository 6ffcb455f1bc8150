import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import type { Actor } from '../feedback/actor.ts';
import { recordChange } from '../feedback/record-change.ts';
import { fits } from './adopt-active.ts';
import { Head } from './head.ts';
import { findActive, findModel, listVersions, type ModelVersion, setActive } from './model-versions.ts';

/**
 * Puts a kept version in force, here at once and on other replicas within seconds: a step back, or forth again. It
 * stays until another is chosen or a training is asked for.
 *
 * @throws AppError `not_found`, or `conflict` when it was trained for another encoder or taxonomy, or cannot be read
 */
export async function activateVersion(context: Context, version: string, actor: Actor): Promise<ModelVersion> {
  const { database, learned, now } = context;
  const db = database.kysely;
  const model = await findModel(db, version);
  if (model === undefined) throw noSuchVersion();
  if (!fits(model, context))
    throw new AppError(
      'conflict',
      'This version was trained for another encoder or another taxonomy. Train a new one.',
    );
  const at = now();
  await db.transaction().execute(async (tx) => {
    const before = await findActive(tx);
    await setActive(tx, version, at, true);
    const change = { version, before: before ?? null };
    const facts = { at, actor, action: 'model.activated', subjectKind: 'model', subjectId: 'head', change };
    await recordChange(tx, { ...facts, eventSubject: version });
  });
  if (learned.version !== version) learned.replace({ head: new Head(model), version, trained: false });
  return await getVersion(context, version);
}

/** @throws AppError `not_found` */
export async function getVersion({ database }: Pick<Context, 'database'>, version: string): Promise<ModelVersion> {
  const found = (await listVersions(database.kysely)).find((one) => one.version === version);
  if (found === undefined) throw noSuchVersion();
  return found;
}

/** The error for a name that no version has. */
export function noSuchVersion(): AppError {
  return new AppError('not_found', 'There is no model version of this name. GET /v1/models lists those there are.');
}
