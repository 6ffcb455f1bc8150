import { z } from 'zod';
import type { Context } from '../../context.ts';
import { getFeedback } from '../../feedback/get.ts';
import { listFeedback, listQuerySchema } from '../../feedback/list.ts';
import { submitFeedback } from '../../feedback/submit.ts';
import { feedbackDetailSchema, feedbackSchema, submittedSchema } from '../../feedback/view.ts';
import { feedbackRequestSchema } from '../../intake/request.ts';
import type { Nudge } from '../../jobs/nudge.ts';
import { answer, answerJson } from '../answer.ts';
import { DETAIL_EXAMPLE, PAGE_EXAMPLE, SUBMITTED_EXAMPLE } from '../answer-examples.ts';
import { parseWith, readJson, readQuery } from '../body.ts';
import { etagOf, isKnown } from '../etag.ts';
import { FEEDBACK_EXAMPLES } from '../examples.ts';
import { IDEMPOTENCY_KEY, readIdempotency } from '../idempotency-key.ts';
import { itemParams } from '../item-params.ts';
import { addOperation, newApp, problems } from '../openapi.ts';

const pageSchema = z
  .object({ items: z.array(feedbackSchema), next_cursor: z.string().nullable().describe('Null on the last page.') })
  .meta({ id: 'FeedbackPage' });

/** Items that are kept: submit, list, look at one. */
export function feedbackRoutes(context: Context, nudge: Nudge) {
  const app = newApp();
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/feedback',
      operationId: 'submitFeedback',
      tags: ['Feedback'],
      summary: 'Submit a piece of feedback',
      description:
        'Decides and stores in one transaction: what is answered with 201 is kept. Send an `Idempotency-Key` to make a repeat safe: it is answered with the same bytes. An `external_id` that the source has sent before is answered with the item that exists. The `ETag` is for `If-Match` of the first change.',
      request: {
        headers: IDEMPOTENCY_KEY,
        body: {
          required: true,
          content: { 'application/json': { schema: feedbackRequestSchema, examples: FEEDBACK_EXAMPLES } },
        },
      },
      responses: {
        200: {
          description: 'The item exists already.',
          content: { 'application/json': { schema: submittedSchema, example: SUBMITTED_EXAMPLE } },
        },
        201: {
          description: 'The item and its decision.',
          content: { 'application/json': { schema: submittedSchema, example: SUBMITTED_EXAMPLE } },
        },
        ...problems(400, 401, 409, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const { text, value } = await readJson(c);
      const request = parseWith(feedbackRequestSchema, value);
      const actor = c.get('actor');
      const idempotency = readIdempotency(c, text);
      const { status, body, item } = await submitFeedback(context, request, {
        actor,
        idempotency,
        signal: c.req.raw.signal,
      });
      // After the commit, and without waiting: the answer hangs on nothing but what is stored.
      if (status === 201) nudge();
      return answer(c, body, 'application/json', status, etagOf(item));
    },
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/feedback',
      operationId: 'listFeedback',
      tags: ['Feedback'],
      summary: 'List feedback, newest first',
      description: 'Filters combine. Pass `next_cursor` as `cursor` to go on; it is null on the last page.',
      request: { query: listQuerySchema },
      responses: {
        200: {
          description: 'A page of items.',
          content: {
            'application/json': {
              schema: pageSchema,
              example: PAGE_EXAMPLE,
            },
          },
        },
        ...problems(401, 422, 500, 503),
      },
    },
    async (c) => answerJson(c, await listFeedback(context, readQuery(c, listQuerySchema))),
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/feedback/{id}',
      operationId: 'getFeedback',
      tags: ['Feedback'],
      summary: 'Look at one piece of feedback',
      description: 'The item, its decision in force, and every decision taken about it.',
      request: {
        params: itemParams,
      },
      responses: {
        200: {
          description: 'The item.',
          content: { 'application/json': { schema: feedbackDetailSchema, example: DETAIL_EXAMPLE } },
        },
        304: { description: 'The item is as the `ETag` of `If-None-Match` has it.' },
        ...problems(401, 404, 500, 503),
      },
    },
    async (c) => {
      const item = await getFeedback(context, c.req.param('id') ?? '');
      if (isKnown(c, item)) return answer(c, null, 'application/json', 304, etagOf(item));
      return answerJson(c, item, 200, etagOf(item));
    },
  );
  return app;
}
