import { z } from 'zod';
import type { Context } from '../context.ts';
import { actorSchema } from '../feedback/actor.ts';
import { isTrainingDue, retrain } from '../learning/retrain.ts';
import { tellSteps } from './tell-steps.ts';

export const trainPayload = z.strictObject({
  /** Do nothing unless enough corrections wait. */
  only_when_due: z.boolean().default(false),
  /** Who asked for it. */
  asked_by: actorSchema.optional(),
});

const ACTOR = { kind: 'job', name: 'model.train' } as const;
/** Trains a model version; tells in the log how far it is. */
export async function train(
  context: Context,
  { only_when_due, asked_by }: z.infer<typeof trainPayload>,
  signal: AbortSignal,
): Promise<void> {
  if (only_when_due && !(await isTrainingDue(context))) return;
  await retrain(context, { actor: asked_by ?? ACTOR, signal, onProgress: tellSteps(context.logger, 'training') });
}
