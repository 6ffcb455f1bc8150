import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { JobQueue } from '../../jobs/queue.ts';
import { askForRun, getRunState, stopRunOf } from '../../jobs/run-state.ts';
import { TRAINING, trainingStateSchema } from '../../jobs/training-state.ts';
import { answerJson } from '../answer.ts';
import { type App, addOperation, problems } from '../openapi.ts';
import { TRAINING_EXAMPLES } from '../review-examples.ts';

const PATH = '/v1/models/training';
const stateAnswer = (description: string, example: object) => ({
  description,
  content: { 'application/json': { schema: trainingStateSchema, example } },
});

/** Asks for a training, tells how far it is, stops it. */
export function addTraining(app: App, context: Context, jobs: JobQueue): void {
  addDemand(app, context, jobs);
  addOperation(
    app,
    {
      method: 'get',
      path: PATH,
      operationId: 'getTraining',
      tags: ['Models'],
      summary: 'How far the training is',
      description: 'Of the one that runs or waits, on whichever replica; there is at most one.',
      responses: {
        200: stateAnswer('How it stands.', TRAINING_EXAMPLES.running),
        ...problems(401, 500, 503),
      },
    },
    async (c) => answerJson(c, await getRunState(context, jobs, TRAINING)),
  );
  addOperation(
    app,
    {
      method: 'delete',
      path: PATH,
      operationId: 'stopTraining',
      tags: ['Models'],
      summary: 'Stop the training',
      description:
        'One that waits is taken out of the queue; one that runs, on whichever replica, ends within seconds and keeps nothing. What made it due does not begin it again: further corrections do, or `POST /v1/models/train`.',
      responses: {
        202: stateAnswer('It was told to stop, or had not begun.', TRAINING_EXAMPLES.stopping),
        ...problems(401, 404, 500, 503),
      },
    },
    async (c) => answerJson(c, await stopRunOf(context, jobs, c.get('actor'), TRAINING), 202),
  );
}

function addDemand(app: App, context: Context, jobs: JobQueue): void {
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/models/train',
      operationId: 'trainModel',
      tags: ['Models'],
      summary: 'Train a new version now',
      description:
        'Queues a training from the shipped examples and all labelled items; one that waits already, or runs and knows all corrections, serves for this request too; to one that runs and does not, another is joined (`followed`). The new version is put in force only when it is not worse on labelled items that no version was trained on. It appears in `GET /v1/models`; `GET /v1/models/training` tells how far it is.',
      responses: {
        202: {
          description: 'The training is queued, or one runs already.',
          content: {
            'application/json': {
              schema: z.object({
                queued: z
                  .literal('model.train')
                  .nullable()
                  .describe('Null: one serves for this that runs or is to follow already.'),
                training: trainingStateSchema,
              }),
              example: { queued: 'model.train', training: TRAINING_EXAMPLES.waiting },
            },
          },
        },
        ...problems(401, 500, 503),
      },
    },
    async (c) => {
      const { isNew, state: training } = await askForRun(context, jobs, c.get('actor'), TRAINING);
      return answerJson(c, { queued: isNew ? 'model.train' : null, training }, 202);
    },
  );
}
