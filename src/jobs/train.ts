import { z } from 'zod';
import type { Context } from '../context.ts';
import { actorSchema } from '../feedback/actor.ts';
import { isTrainingDue, retrain } from '../learning/retrain.ts';
import { HEAD_RUN, holdRun } from '../learning/training-run.ts';
import { tellSteps } from './tell-steps.ts';

export const trainPayload = z.strictObject({
  /** Do nothing unless enough corrections wait. */
  only_when_due: z.boolean().default(false),
  /** Who asked for it. */
  asked_by: actorSchema.optional(),
});

const ACTOR = { kind: 'job', name: 'model.train' } as const;

/**
 * Trains a model version; tells in the log how far it is. Where one is trained already, on this replica or another, that
 * one serves for this run too.
 */
export async function train(
  context: Context,
  { only_when_due, asked_by }: z.infer<typeof trainPayload>,
  signal: AbortSignal,
): Promise<void> {
  const isWanted = async () => !only_when_due || (await isTrainingDue(context));
  if (!(await isWanted())) return;
  const { database, logger } = context;
  const actor = asked_by ?? ACTOR;
  const tell = tellSteps(logger, 'training');
  const held = { subject: HEAD_RUN, askedBy: actor, logger, signal };
  const outcome = await holdRun(database.kysely, held, async (run) => {
    // Another run may have ended between the look and the hold.
    if (!(await isWanted())) return;
    const onProgress = (done: number, total: number) => {
      tell(done, total);
      run.onStep({ part: 'training', done, total });
    };
    await retrain(context, { actor, signal: run.signal, onProgress });
  });
  if (outcome.kind === 'elsewhere') logger.info('a training runs already and serves for this one too');
  if (outcome.kind === 'stopped') logger.info('the training was stopped by a request');
}
