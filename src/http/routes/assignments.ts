import { z } from 'zod';
import type { Context } from '../../context.ts';
import { safeName } from '../../feedback/safe-name.ts';
import type { Nudge } from '../../jobs/nudge.ts';
import { assignItem } from '../../routing/assign-item.ts';
import { assignedItemSchema, assignRequestSchema, nextRequestSchema } from '../../routing/assign-request.ts';
import { claimNext } from '../../routing/claim.ts';
import { answer, answerJson } from '../answer.ts';
import { parseWith, readJson } from '../body.ts';
import { etagOf, readIfMatch } from '../etag.ts';
import { IF_MATCH, itemParams } from '../item-params.ts';
import { type App, addOperation, newApp, problems } from '../openapi.ts';
import { ASSIGN_EXAMPLES, ASSIGNED_EXAMPLE, NEXT_EXAMPLES } from '../routing-examples.ts';

const queueParams = z.object({ key: z.string().describe('The queue’s key.').meta({ example: 'payments' }) });
const content = { 'application/json': { schema: assignedItemSchema, example: ASSIGNED_EXAMPLE } };

/** Who has an item: claims, hand-over, snooze. `nudge` asks for a round of assignment. */
export function assignmentRoutes(context: Context, nudge: Nudge) {
  const app = newApp();
  addAssign(app, context, nudge);
  addNext(app, context);
  return app;
}

function addAssign(app: App, context: Context, nudge: Nudge): void {
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/feedback/{id}/assign',
      operationId: 'assignFeedback',
      tags: ['Routing'],
      summary: 'Claim an item, release it, hand it over or snooze it',
      description:
        'Exactly one of `to`, `release`, `queue`, `snooze_until`. What another agent has is refused with 409, unless `If-Match` shows that you have seen it or `take_over` says so. A queue to which an item was handed over stays when it is decided again.',
      request: {
        params: itemParams,
        headers: IF_MATCH,
        body: {
          required: true,
          content: { 'application/json': { schema: assignRequestSchema, examples: ASSIGN_EXAMPLES } },
        },
      },
      responses: {
        200: { description: 'The item as it is now, and what is unusual about the agent.', content },
        ...problems(400, 401, 404, 409, 412, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const request = parseWith(assignRequestSchema, (await readJson(c)).value);
      const options = { actor: c.get('actor'), ifVersion: readIfMatch(c) };
      const item = await assignItem(context, c.req.param('id') ?? '', request, options);
      if (item.assignee === null) nudge();
      return answerJson(c, item, 200, etagOf(item));
    },
  );
}

function addNext(app: App, context: Context): void {
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/queues/{key}/next',
      operationId: 'claimNext',
      tags: ['Routing'],
      summary: 'Take the most urgent item that waits in a queue',
      description:
        'By priority, then by what is due first. Of any number who ask at once each gets another item. Restricted queues give only to agents who have them as a skill.',
      request: {
        params: queueParams,
        body: {
          required: true,
          content: { 'application/json': { schema: nextRequestSchema, examples: NEXT_EXAMPLES } },
        },
      },
      responses: {
        200: { description: 'The item, which is the agent’s now.', content },
        204: { description: 'Nothing waits.' },
        ...problems(400, 401, 404, 409, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const { by, ...request } = parseWith(nextRequestSchema, (await readJson(c)).value);
      const person = by === undefined ? null : safeName(context.vault, by);
      const item = await claimNext(context, c.req.param('key') ?? '', request, { actor: c.get('actor'), person });
      return item === undefined ? answer(c, null, 'application/json', 204) : answerJson(c, item, 200, etagOf(item));
    },
  );
}
