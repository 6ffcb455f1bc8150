import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { Tables } from '../../db/tables.ts';
import { correctFeedback } from '../../feedback/correct.ts';
import { correctionRequestSchema, correctionSchema } from '../../feedback/correction.ts';
import { listCorrections } from '../../feedback/list-corrections.ts';
import { replayDecision, replaySchema } from '../../feedback/replay.ts';
import { listReviewQueue, reviewItemSchema, reviewQuerySchema } from '../../feedback/review-queue.ts';
import { priorityRequestSchema, setPriority } from '../../feedback/set-priority.ts';
import { feedbackDetailSchema } from '../../feedback/view.ts';
import type { JobQueue } from '../../jobs/queue.ts';
import { isTrainingDue } from '../../learning/retrain.ts';
import { answerJson } from '../answer.ts';
import { parseWith, readJson, readQuery } from '../body.ts';
import { changeOptions, idOfPath, readRequest } from '../change-request.ts';
import { jsonAnswer, jsonBody } from '../contents.ts';
import { PRIORITY_EXAMPLES } from '../conversation-examples.ts';
import { etagOf, readIfMatch } from '../etag.ts';
import { CORRECTION_EXAMPLES } from '../examples.ts';
import { IF_MATCH, idOf, itemParams } from '../item-params.ts';
import { addOperation, newApp, problems } from '../openapi.ts';
import { CORRECTED_EXAMPLE, CORRECTIONS_EXAMPLE, REPLAY_EXAMPLE, REVIEW_EXAMPLE } from '../review-examples.ts';

const correctedSchema = z.object({ correction: correctionSchema, item: feedbackDetailSchema });

/** What people say about decisions: the queue of what to look at, corrections, replay. */
export function correctionRoutes(context: Context, jobs: JobQueue) {
  const app = newApp();
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/review',
      operationId: 'listReviewQueue',
      tags: ['Review'],
      summary: 'What people should look at next',
      description:
        'Items that the machine is not sure of, most worth a look first (uncertainty × urgency × novelty), and every tenth a random one, so that errors of confident decisions show. An item leaves the queue when it is confirmed or corrected.',
      request: { query: reviewQuerySchema },
      responses: {
        200: {
          description: 'The next items.',
          content: {
            'application/json': { schema: z.object({ items: z.array(reviewItemSchema) }), example: REVIEW_EXAMPLE },
          },
        },
        ...problems(401, 422, 500, 503),
      },
    },
    async (c) => answerJson(c, { items: await listReviewQueue(context, readQuery(c, reviewQuerySchema)) }),
  );
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/feedback/{id}/corrections',
      operationId: 'correctFeedback',
      tags: ['Review'],
      summary: 'Confirm or correct a decision',
      description:
        'What a person says stays, whatever is learned later; urgency, deadlines and queue follow from it. Messages that say nearly the same get the same values from now on, and the next training learns from it.',
      request: {
        params: itemParams,
        headers: IF_MATCH,
        body: {
          required: true,
          content: { 'application/json': { schema: correctionRequestSchema, examples: CORRECTION_EXAMPLES } },
        },
      },
      responses: {
        201: {
          description: 'The correction, and the item as it is now.',
          content: {
            'application/json': {
              schema: correctedSchema,
              example: CORRECTED_EXAMPLE,
            },
          },
        },
        ...problems(400, 401, 404, 409, 412, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const request = parseWith(correctionRequestSchema, (await readJson(c)).value);
      const options = {
        actor: c.get('actor'),
        ifVersion: readIfMatch(c),
        onStored: async (tx: Transaction<Tables>) => {
          // A subject of its own: a training that somebody asks for must not be taken for one that only looks.
          if (await isTrainingDue(context, tx)) await jobs.enqueue('model.train', { only_when_due: true }, 'due', tx);
        },
      };
      const corrected = await correctFeedback(context, c.req.param('id') ?? '', request, options);
      return answerJson(c, corrected, 201, etagOf(corrected.item));
    },
  );
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/feedback/{id}/priority',
      operationId: 'setPriority',
      tags: ['Review'],
      summary: 'Say what the priority is',
      description:
        'A correction of the priority alone: it stands above the machine, and deadlines and urgency follow from it.',
      request: { params: itemParams, headers: IF_MATCH, body: jsonBody(priorityRequestSchema, PRIORITY_EXAMPLES) },
      responses: {
        201: jsonAnswer('The correction, and the item as it is now.', correctedSchema, CORRECTED_EXAMPLE),
        ...problems(400, 401, 404, 409, 412, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const request = await readRequest(c, priorityRequestSchema);
      const corrected = await setPriority(context, idOfPath(c), request, changeOptions(c));
      return answerJson(c, corrected, 201, etagOf(corrected.item));
    },
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/feedback/{id}/corrections',
      operationId: 'listCorrections',
      tags: ['Review'],
      summary: 'What people said about an item',
      description: 'Oldest first, with what the machine decides without people.',
      request: { params: itemParams },
      responses: {
        200: {
          description: 'All corrections.',
          content: {
            'application/json': {
              schema: z.object({ items: z.array(correctionSchema) }),
              example: CORRECTIONS_EXAMPLE,
            },
          },
        },
        ...problems(401, 404, 500, 503),
      },
    },
    async (c) => answerJson(c, { items: await listCorrections(context, c.req.param('id') ?? '') }),
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/decisions/{id}/replay',
      operationId: 'replayDecision',
      tags: ['Review'],
      summary: 'Decide again as it was decided then',
      description:
        'Takes the stored message and the head version of that decision, and says whether all comes out the same.',
      request: { params: idOf('The decision’s id.') },
      responses: {
        200: {
          description: 'The comparison.',
          content: { 'application/json': { schema: replaySchema, example: REPLAY_EXAMPLE } },
        },
        ...problems(401, 404, 409, 500, 503),
      },
    },
    async (c) => answerJson(c, await replayDecision(context, c.req.param('id') ?? '')),
  );
  return app;
}
