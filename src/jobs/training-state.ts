import type { z } from 'zod';
import { giveUpTraining } from '../learning/retrain.ts';
import { HEAD_RUN } from '../learning/training-run.ts';
import { type RunKind, runStateSchema } from './run-state.ts';
import { joinWithin } from './train.ts';

/** Whether a version is being trained, on whichever replica. */
export const trainingStateSchema = runStateSchema.meta({ id: 'TrainingState' });
export type TrainingState = z.infer<typeof trainingStateSchema>;

/** The training of the head. One that was stopped is not begun again by itself for what made it due. */
export const TRAINING: RunKind = {
  task: 'model.train',
  subject: HEAD_RUN,
  action: 'model.training',
  audited: { kind: 'model', id: 'head' },
  nothing: 'No training runs or waits. GET /v1/models/training tells how it stands.',
  join: joinWithin,
  onStop: giveUpTraining,
};
