import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { JobQueue } from '../../jobs/queue.ts';
import { RECLUSTERING, reclusteringStateSchema } from '../../jobs/recluster-state.ts';
import { askForRun, getRunState, stopRunOf } from '../../jobs/run-state.ts';
import { answerJson } from '../answer.ts';
import { jsonAnswer } from '../contents.ts';
import { addOperation, newApp, problems } from '../openapi.ts';
import { TRAINING_EXAMPLES } from '../review-examples.ts';

const PATH = '/v1/clusters/recluster';
const askedSchema = z.object({
  queued: z.literal('clusters.recluster').nullable().describe('Null: one runs already and serves for this.'),
  reclustering: reclusteringStateSchema,
});

/** Finds the clusters of all items anew, tells how far that is, stops it. */
export function reclusteringRoutes(context: Context, jobs: JobQueue) {
  const app = newApp();
  addOperation(
    app,
    {
      method: 'post',
      path: PATH,
      operationId: 'recluster',
      tags: ['Clusters'],
      summary: 'Find the clusters of all items anew',
      description:
        'Queues a run over the items of the last 90 days and all that are not resolved; one that waits or runs already serves for this request too. Items keep arriving meanwhile. Ids, titles, owners and what people decided stay; `GET /v1/clusters/lineage` tells what became of clusters.',
      responses: {
        202: jsonAnswer('The run is queued, or one is under way.', askedSchema, {
          queued: 'clusters.recluster',
          reclustering: TRAINING_EXAMPLES.waiting,
        }),
        ...problems(401, 500, 503),
      },
    },
    async (c) => {
      const { isNew, state } = await askForRun(context, jobs, c.get('actor'), RECLUSTERING);
      const body = { queued: isNew ? RECLUSTERING.task : null, reclustering: state };
      return answerJson(c, body, 202, { Location: PATH });
    },
  );
  addOperation(
    app,
    {
      method: 'get',
      path: PATH,
      operationId: 'getReclustering',
      tags: ['Clusters'],
      summary: 'How far the reclustering is',
      description: 'Of the one that runs or waits, on whichever replica; there is at most one.',
      responses: {
        200: jsonAnswer('How it stands.', reclusteringStateSchema, TRAINING_EXAMPLES.running),
        ...problems(401, 500, 503),
      },
    },
    async (c) => answerJson(c, await getRunState(context, jobs, RECLUSTERING)),
  );
  addOperation(
    app,
    {
      method: 'delete',
      path: PATH,
      operationId: 'stopReclustering',
      tags: ['Clusters'],
      summary: 'Stop the reclustering',
      description:
        'One that waits is taken out of the queue; one that runs, on whichever replica, ends within seconds and changes nothing.',
      responses: {
        202: jsonAnswer('It was told to stop, or had not begun.', reclusteringStateSchema, TRAINING_EXAMPLES.stopping),
        ...problems(401, 404, 500, 503),
      },
    },
    async (c) => answerJson(c, await stopRunOf(context, jobs, c.get('actor'), RECLUSTERING), 202),
  );
  return app;
}
