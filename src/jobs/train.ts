import { setTimeout as sleep } from 'node:timers/promises';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import { type Actor, actorSchema } from '../feedback/actor.ts';
import { isTrainingDue, newestCorrection, retrain } from '../learning/retrain.ts';
import { askAgain, findRun, HEAD_RUN, holdRun, type Joined } from '../learning/training-run.ts';
import { tellSteps } from './tell-steps.ts';

export const trainPayload = z.strictObject({
  /** Do nothing unless enough corrections wait. */
  only_when_due: z.boolean().default(false),
  /** Who asked for it. */
  asked_by: actorSchema.optional(),
});

/** After so long a training that was told to stop is looked at again: the next begins when it has ended. */
const LOOK_AGAIN_MS = 1_000;
const ACTOR = { kind: 'job', name: 'model.train' } as const;

/**
 * Trains a model version; tells in the log how far it is. Where one is trained already, on this replica or another, that
 * one serves for this run too, or is followed by another when corrections came that it does not know.
 */
export async function train(
  context: Context,
  { only_when_due, asked_by }: z.infer<typeof trainPayload>,
  signal: AbortSignal,
): Promise<void> {
  const { database, logger } = context;
  const isWanted = async () => !only_when_due || (await isTrainingDue(context));
  const actor = asked_by ?? ACTOR;
  while (await isWanted()) {
    const outcome = await trainAlone(context, actor, isWanted, signal);
    if (outcome === 'stopped') logger.info('the training was stopped by a request');
    if (outcome !== 'elsewhere') return;
    const joined = only_when_due || (await database.kysely.transaction().execute((tx) => joinWithin(tx, actor)));
    if (joined) {
      logger.info('a training runs already and serves for this one too');
      return;
    }
    await sleep(LOOK_AGAIN_MS, undefined, { signal });
  }
}

/** One run at a time in all replicas; `elsewhere` where there is one already. */
async function trainAlone(
  context: Context,
  actor: Actor,
  isWanted: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<'done' | 'elsewhere' | 'stopped'> {
  const { database, logger } = context;
  const tell = tellSteps(logger, 'training');
  const knows = () => newestCorrection(database.kysely);
  const held = { subject: HEAD_RUN, askedBy: actor, logger, signal, knows };
  const { kind } = await holdRun(database.kysely, held, async (run) => {
    // Another run may have ended between the look and the hold.
    if (!run.isAgain && !(await isWanted())) return;
    const onProgress = (done: number, total: number) => {
      tell(done, total);
      run.onStep({ part: 'training', done, total });
    };
    await retrain(context, { actor: run.askedBy, signal: run.signal, onProgress });
  });
  return kind;
}

/**
 * Joins a demand to the training that runs: when corrections came that it does not know, another follows it.
 *
 * @returns undefined when none runs, or the one that does was told to stop
 */
export async function joinWithin(tx: Transaction<Tables>, actor: Actor): Promise<Joined | undefined> {
  const run = await findRun(tx, HEAD_RUN);
  if (run === undefined || run.stop) return undefined;
  const isBehind = BigInt(run.knows ?? 0) < BigInt(await newestCorrection(tx));
  if (!isBehind || run.again !== null) return { run, isNew: false };
  await askAgain(tx, HEAD_RUN, actor);
  return { run: { ...run, again: actor }, isNew: true };
}
