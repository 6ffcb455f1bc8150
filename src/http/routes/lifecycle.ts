import type { Context } from '../../context.ts';
import { transitionFeedback, transitionRequestSchema } from '../../feedback/transition.ts';
import { feedbackSchema } from '../../feedback/view.ts';
import { answerJson } from '../answer.ts';
import { ITEM_EXAMPLE } from '../answer-examples.ts';
import { parseWith, readJson } from '../body.ts';
import { etagOf, readIfMatch } from '../etag.ts';
import { IF_MATCH, itemParams } from '../item-params.ts';
import { addOperation, newApp, problems } from '../openapi.ts';

const TRANSITION_EXAMPLES = {
  reply: { summary: 'The customer was answered', value: { to: 'replied', by: 'lin' } },
  resolve: {
    summary: '问题已解决',
    value: { to: 'resolved', resolution: 'solved', reason: '链上已确认，客户已看到到账', by: 'lin' },
  },
};

/** The life of an item, from receipt to closing. */
export function lifecycleRoutes(context: Context) {
  const app = newApp();
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/feedback/{id}/transitions',
      operationId: 'transitionFeedback',
      tags: ['Lifecycle'],
      summary: 'Take an item one step further',
      description:
        'Only the steps of the policy are possible: `next` of the item lists them. The resolution clock stands while the customer is waited for. A step gives the item to nobody: who begins to work on it (`in_progress`) claims it first with `POST /v1/feedback/{id}/assign`, or it goes on waiting for an owner. Send `If-Match` with the `ETag` that you have read, so that nobody’s change is lost.',
      request: {
        params: itemParams,
        headers: IF_MATCH,
        body: {
          required: true,
          content: { 'application/json': { schema: transitionRequestSchema, examples: TRANSITION_EXAMPLES } },
        },
      },
      responses: {
        200: {
          description: 'The item as it is now.',
          content: {
            'application/json': { schema: feedbackSchema, example: { ...ITEM_EXAMPLE, status: 'replied', version: 2 } },
          },
        },
        ...problems(400, 401, 404, 409, 412, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const request = parseWith(transitionRequestSchema, (await readJson(c)).value);
      const options = { actor: c.get('actor'), ifVersion: readIfMatch(c) };
      const item = await transitionFeedback(context, c.req.param('id') ?? '', request, options);
      return answerJson(c, item, 200, etagOf(item));
    },
  );
  return app;
}
