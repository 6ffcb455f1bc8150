import type { Context } from '../../context.ts';
import { forgottenSchema, listForgotten } from '../../feedback/forgotten.ts';
import { pageQuerySchema, pageSchemaOf } from '../../feedback/page-query.ts';
import { rateSolution, satisfactionRequestSchema } from '../../feedback/satisfaction.ts';
import { feedbackSchema } from '../../feedback/view.ts';
import { answerJson } from '../answer.ts';
import { readQuery } from '../body.ts';
import { changeOptions, idOfPath, readRequest } from '../change-request.ts';
import { jsonAnswer, jsonBody } from '../contents.ts';
import { FORGOTTEN_EXAMPLE, RATED_EXAMPLE, SATISFACTION_EXAMPLES } from '../conversation-examples.ts';
import { etagOf } from '../etag.ts';
import { IF_MATCH, itemParams } from '../item-params.ts';
import { addOperation, newApp, problems } from '../openapi.ts';

/** Whether it was truly solved, and what nobody thinks of any more. */
export function followUpRoutes(context: Context) {
  const app = newApp();
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/feedback/forgotten',
      operationId: 'listForgotten',
      tags: ['Lifecycle'],
      summary: 'Open items that nobody seems to think of',
      description:
        'Past their due time, untouched for long, without anybody, not assigned in time, or waiting for the customer for too long; each with its reasons, oldest first. The event `feedback.forgotten` tells of each once a day.',
      request: { query: pageQuerySchema },
      responses: {
        200: jsonAnswer('A page of items.', pageSchemaOf(forgottenSchema), FORGOTTEN_EXAMPLE),
        ...problems(401, 422, 500, 503),
      },
    },
    async (c) => answerJson(c, await listForgotten(context, readQuery(c, pageQuerySchema))),
  );
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/feedback/{id}/satisfaction',
      operationId: 'rateSolution',
      tags: ['Lifecycle'],
      summary: 'What the customer says of the solution',
      description:
        'Not solved, a score of 1 or 2, or a comment that tells of a danger opens the item again, and makes it as urgent as the comment is; anything else follows it up and closes it. The event `feedback.follow_up_due` tells when to ask, and with which words.',
      request: {
        params: itemParams,
        headers: IF_MATCH,
        body: jsonBody(satisfactionRequestSchema, SATISFACTION_EXAMPLES),
      },
      responses: {
        200: jsonAnswer('The item as it is now.', feedbackSchema, RATED_EXAMPLE),
        ...problems(400, 401, 404, 409, 412, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const request = await readRequest(c, satisfactionRequestSchema);
      const item = await rateSolution(context, idOfPath(c), request, {
        ...changeOptions(c),
        signal: c.req.raw.signal,
      });
      return answerJson(c, item, 200, etagOf(item));
    },
  );
  return app;
}
