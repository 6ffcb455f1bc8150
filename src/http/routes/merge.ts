import { z } from 'zod';
import type { Context } from '../../context.ts';
import { mergeFeedback, mergeRequestSchema, type Pair } from '../../feedback/merge.ts';
import { toView } from '../../feedback/rows.ts';
import { splitFeedback, splitRequestSchema } from '../../feedback/split.ts';
import { listMerged, unmergeFeedback, unmergeRequestSchema } from '../../feedback/unmerge.ts';
import { feedbackSchema } from '../../feedback/view.ts';
import { answerJson } from '../answer.ts';
import { ITEM_EXAMPLE } from '../answer-examples.ts';
import { changeOptions, idOfPath, readRequest } from '../change-request.ts';
import { jsonAnswer, jsonBody } from '../contents.ts';
import {
  MERGE_EXAMPLES,
  MERGED_EXAMPLE,
  PAIR_EXAMPLE,
  SPLIT_EXAMPLE,
  SPLIT_EXAMPLES,
  UNMERGE_EXAMPLES,
} from '../conversation-examples.ts';
import { etagOf } from '../etag.ts';
import { IF_MATCH, itemParams } from '../item-params.ts';
import { addOperation, newApp, problems } from '../openapi.ts';

const pairSchema = z.object({ item: feedbackSchema, target: feedbackSchema.describe('The other item.') });
const splitSchema = z.object({ item: feedbackSchema, part: feedbackSchema.describe('The new item.') });
const mergedSchema = z.object({ items: z.array(feedbackSchema).describe('Oldest first.') });
const show = ({ item, target }: Pair) => ({ item: toView(item), target: toView(target) });

/** Items that say the same become one, and one that says two things becomes two. */
export function mergeRoutes(context: Context) {
  const app = newApp();
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/feedback/{id}/merge',
      operationId: 'mergeFeedback',
      tags: ['Conversation'],
      summary: 'Let another item speak for this one',
      description:
        'This one leaves the open work as a duplicate; until it is unmerged, every change of it is refused with 409 naming the item that speaks for it. Where it is more urgent, the other becomes as urgent. An item that is merged itself passes on to the end of its way.',
      request: { params: itemParams, headers: IF_MATCH, body: jsonBody(mergeRequestSchema, MERGE_EXAMPLES) },
      responses: {
        200: jsonAnswer('Both items as they are now.', pairSchema, PAIR_EXAMPLE),
        ...problems(400, 401, 404, 409, 412, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const request = await readRequest(c, mergeRequestSchema);
      const pair = await mergeFeedback(context, idOfPath(c), request, changeOptions(c));
      return answerJson(c, show(pair), 200, etagOf(pair.item));
    },
  );
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/feedback/{id}/unmerge',
      operationId: 'unmergeFeedback',
      tags: ['Conversation'],
      summary: 'Take a merge back',
      description:
        'The item is again what it was: its status, its clocks, its resolution. What the other became by it stays.',
      request: { params: itemParams, headers: IF_MATCH, body: jsonBody(unmergeRequestSchema, UNMERGE_EXAMPLES) },
      responses: {
        200: jsonAnswer('Both items as they are now.', pairSchema, { item: ITEM_EXAMPLE, target: PAIR_EXAMPLE.target }),
        ...problems(400, 401, 404, 409, 412, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const request = await readRequest(c, unmergeRequestSchema);
      const pair = await unmergeFeedback(context, idOfPath(c), request, changeOptions(c));
      return answerJson(c, show(pair), 200, etagOf(pair.item));
    },
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/feedback/{id}/merged',
      operationId: 'listMerged',
      tags: ['Conversation'],
      summary: 'See the items that this one speaks for',
      description: 'Those merged into it and those merged into them, each with its customer and text.',
      request: { params: itemParams },
      responses: {
        200: jsonAnswer('The items.', mergedSchema, MERGED_EXAMPLE),
        ...problems(401, 404, 500, 503),
      },
    },
    async (c) => answerJson(c, { items: await listMerged(context, idOfPath(c)) }),
  );
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/feedback/{id}/split',
      operationId: 'splitFeedback',
      tags: ['Conversation'],
      summary: 'Make an item of its own of a part of the text',
      description:
        'The part is decided and stored as a submission of the same customer over the same channel; a link `split_from` leads back. The text of this one stays.',
      request: { params: itemParams, headers: IF_MATCH, body: jsonBody(splitRequestSchema, SPLIT_EXAMPLES) },
      responses: {
        201: jsonAnswer('The item and the new one.', splitSchema, SPLIT_EXAMPLE),
        ...problems(400, 401, 404, 409, 412, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const request = await readRequest(c, splitRequestSchema);
      const { item, part } = await splitFeedback(context, idOfPath(c), request, changeOptions(c), c.req.raw.signal);
      return answerJson(c, { item: toView(item), part }, 201, etagOf(item));
    },
  );
  return app;
}
