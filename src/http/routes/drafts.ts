import type { Context } from '../../context.ts';
import type { JobQueue } from '../../jobs/queue.ts';
import {
  acceptDraft,
  acceptRequestSchema,
  decidedDraftSchema,
  editDraft,
  editRequestSchema,
  rejectDraft,
  rejectedDraftSchema,
  rejectRequestSchema,
} from '../../replies/decide-draft.ts';
import { gapsSchema, listGaps } from '../../replies/gaps.ts';
import { getDrafts, makeDrafts } from '../../replies/make-drafts.ts';
import { draftsRequestSchema } from '../../replies/prepare-drafts.ts';
import { draftsSchema } from '../../replies/view.ts';
import { answerJson } from '../answer.ts';
import { changeOptions, idOfPath, readRequest } from '../change-request.ts';
import { jsonAnswer, jsonBody } from '../contents.ts';
import {
  ACCEPT_EXAMPLES,
  DECIDED_EXAMPLE,
  DRAFTS_EXAMPLE,
  DRAFTS_EXAMPLES,
  EDIT_EXAMPLES,
  GAPS_EXAMPLE,
  REJECT_EXAMPLES,
  REJECTED_EXAMPLE,
} from '../draft-examples.ts';
import { etagOf } from '../etag.ts';
import { IF_MATCH, idOf, itemParams } from '../item-params.ts';
import { addOperation, newApp, problems } from '../openapi.ts';

const draftParams = idOf('The draft’s id.');

/** Drafted replies: made for an item, and decided about by people. */
export function draftRoutes(context: Context, jobs: JobQueue) {
  const app = newApp();
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/feedback/{id}/drafts',
      operationId: 'makeDrafts',
      tags: ['Replies'],
      summary: 'Draft replies to an item',
      description:
        'Gives two or three different suggestions, best first, each sentence with its source and what guards say of it; where nothing is good enough, only facts and articles. Nothing is sent.',
      request: { params: itemParams, body: jsonBody(draftsRequestSchema, DRAFTS_EXAMPLES) },
      responses: {
        201: jsonAnswer('The suggestions.', draftsSchema, DRAFTS_EXAMPLE),
        ...problems(400, 401, 404, 409, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const request = await readRequest(c, draftsRequestSchema);
      const options = { actor: c.get('actor'), jobs, signal: c.req.raw.signal };
      const drafts = await makeDrafts(context, idOfPath(c), request, options);
      return answerJson(c, drafts, 201);
    },
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/feedback/{id}/drafts',
      operationId: 'getDrafts',
      tags: ['Replies'],
      summary: 'Read the newest drafts of an item',
      description: 'With what people did with them. Where none were made the lists are empty.',
      request: { params: itemParams },
      responses: {
        200: jsonAnswer('The suggestions.', draftsSchema, DRAFTS_EXAMPLE),
        ...problems(401, 404, 500, 503),
      },
    },
    async (c) => answerJson(c, await getDrafts(context, idOfPath(c))),
  );
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/drafts/{id}/accept',
      operationId: 'acceptDraft',
      tags: ['Replies'],
      summary: 'Accept a draft and send it',
      description:
        'Sent elsewhere, it answers the item at once; by the connector, when that has taken it. Send `If-Match` with the `ETag` of the item. An item that was answered, or whose customer has written again, since the draft was made is refused with 412.',
      request: { params: draftParams, headers: IF_MATCH, body: jsonBody(acceptRequestSchema, ACCEPT_EXAMPLES) },
      responses: {
        200: jsonAnswer('The draft, the reply and the item.', decidedDraftSchema, DECIDED_EXAMPLE),
        ...problems(400, 401, 404, 409, 412, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const request = await readRequest(c, acceptRequestSchema);
      const decided = await acceptDraft(context, jobs, idOfPath(c), request, changeOptions(c));
      return answerJson(c, decided, 200, etagOf(decided.item));
    },
  );
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/drafts/{id}/edit',
      operationId: 'editDraft',
      tags: ['Replies'],
      summary: 'Send an edited draft',
      description:
        'The difference is kept and learned from. Where guards warn of the text, such as personal data in it, it is refused with 422 until it is sent with `confirm`.',
      request: { params: draftParams, headers: IF_MATCH, body: jsonBody(editRequestSchema, EDIT_EXAMPLES) },
      responses: {
        200: jsonAnswer('The draft, the reply and the item.', decidedDraftSchema, DECIDED_EXAMPLE),
        ...problems(400, 401, 404, 409, 412, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const request = await readRequest(c, editRequestSchema);
      const decided = await editDraft(context, jobs, idOfPath(c), request, changeOptions(c));
      return answerJson(c, decided, 200, etagOf(decided.item));
    },
  );
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/drafts/{id}/reject',
      operationId: 'rejectDraft',
      tags: ['Replies'],
      summary: 'Reject a draft',
      description: 'The reason is learned from. The item stays as it is.',
      request: { params: draftParams, headers: IF_MATCH, body: jsonBody(rejectRequestSchema, REJECT_EXAMPLES) },
      responses: {
        200: jsonAnswer('The draft and its item.', rejectedDraftSchema, REJECTED_EXAMPLE),
        ...problems(400, 401, 404, 409, 412, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const request = await readRequest(c, rejectRequestSchema);
      const rejected = await rejectDraft(context, idOfPath(c), request, changeOptions(c));
      return answerJson(c, rejected, 200, etagOf(rejected.item));
    },
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/knowledge/gaps',
      operationId: 'listGaps',
      tags: ['Replies'],
      summary: 'See what articles are missing',
      description:
        'Messages for which drafts were asked and no article was near enough, grouped by what they ask, the most frequent first; with an article drafted from what people answered, for a person to complete and approve.',
      responses: {
        200: jsonAnswer('The gaps.', gapsSchema, GAPS_EXAMPLE),
        ...problems(401, 500, 503),
      },
    },
    async (c) => answerJson(c, await listGaps(context)),
  );
  return app;
}
