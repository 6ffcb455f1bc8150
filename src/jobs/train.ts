import { z } from 'zod';
import type { Context } from '../context.ts';
import { actorSchema } from '../feedback/actor.ts';
import { isTrainingDue, retrain } from '../learning/retrain.ts';

export const trainPayload = z.strictObject({
  /** Do nothing unless enough corrections wait. */
  only_when_due: z.boolean().default(false),
  /** Who asked for it. */
  asked_by: actorSchema.optional(),
});

const ACTOR = { kind: 'job', name: 'model.train' } as const;
/** Lines in the log during one training. */
const STEPS = 4;

/** Trains a model version; tells in the log how far it is. */
export async function train(
  context: Context,
  { only_when_due, asked_by }: z.infer<typeof trainPayload>,
  signal: AbortSignal,
): Promise<void> {
  if (only_when_due && !(await isTrainingDue(context))) return;
  let told = 0;
  const onProgress = (done: number, total: number) => {
    const step = Math.floor((done * STEPS) / total);
    if (step !== told) context.logger.info({ done, total }, 'training');
    told = step;
  };
  await retrain(context, { actor: asked_by ?? ACTOR, signal, onProgress });
}
