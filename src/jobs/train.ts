import type { Context } from '../context.ts';
import { isTrainingDue, retrain } from '../learning/retrain.ts';

const ACTOR = { kind: 'job', name: 'model.train' } as const;
/** Lines in the log during one training. */
const STEPS = 4;

/** Trains a model version; tells in the log how far it is. */
export async function train(context: Context, signal: AbortSignal): Promise<void> {
  let told = 0;
  const onProgress = (done: number, total: number) => {
    const step = Math.floor((done * STEPS) / total);
    if (step !== told) context.logger.info({ done, total }, 'training');
    told = step;
  };
  await retrain(context, { actor: ACTOR, signal, onProgress });
}

/** Trains when enough corrections wait. */
export async function trainWhenDue(context: Context, signal: AbortSignal): Promise<void> {
  if (await isTrainingDue(context)) await train(context, signal);
}
