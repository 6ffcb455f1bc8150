import { z } from 'zod';
import type { Context } from '../../context.ts';
import { addLink, linkRequestSchema, removeLink } from '../../feedback/change-links.ts';
import { linkSchema, listLinks } from '../../feedback/links.ts';
import { answerJson } from '../answer.ts';
import { changeOptions, idOfPath, readRequest } from '../change-request.ts';
import { jsonAnswer, jsonBody } from '../contents.ts';
import { LINK_EXAMPLES, LINKS_EXAMPLE } from '../conversation-examples.ts';
import { etagOf } from '../etag.ts';
import { IF_MATCH, itemParams } from '../item-params.ts';
import { addOperation, newApp, problems } from '../openapi.ts';

const linksSchema = z.object({ items: z.array(linkSchema).describe('Oldest first.') });
const linkParams = itemParams.extend({
  link: z.uuid().describe('The link’s id.').meta({ example: LINKS_EXAMPLE.items[0]?.id }),
});

/** How items are related to one another. */
export function linkRoutes(context: Context) {
  const app = newApp();
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/feedback/{id}/links',
      operationId: 'addLink',
      tags: ['Conversation'],
      summary: 'Link an item to another',
      description:
        'Both items show it. Not to itself, not twice, no circle of causes, and at most 100 for each item; a merge makes its own.',
      request: { params: itemParams, headers: IF_MATCH, body: jsonBody(linkRequestSchema, LINK_EXAMPLES) },
      responses: {
        201: jsonAnswer('All links of the item.', linksSchema, LINKS_EXAMPLE),
        ...problems(400, 401, 404, 409, 412, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const request = await readRequest(c, linkRequestSchema);
      const { links, row } = await addLink(context, idOfPath(c), request, changeOptions(c));
      return answerJson(c, { items: links }, 201, etagOf(row));
    },
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/feedback/{id}/links',
      operationId: 'listLinks',
      tags: ['Conversation'],
      summary: 'See what an item is linked to',
      description: 'From whichever end the links were made.',
      request: { params: itemParams },
      responses: {
        200: jsonAnswer('All links of the item.', linksSchema, LINKS_EXAMPLE),
        ...problems(401, 404, 500, 503),
      },
    },
    async (c) => answerJson(c, { items: await listLinks(context, idOfPath(c)) }),
  );
  addOperation(
    app,
    {
      method: 'delete',
      path: '/v1/feedback/{id}/links/{link}',
      operationId: 'removeLink',
      tags: ['Conversation'],
      summary: 'Take a link away',
      description: 'From either end. The link of a merge goes with `unmerge` only.',
      request: { params: linkParams, headers: IF_MATCH },
      responses: {
        200: jsonAnswer('The links that are left.', linksSchema, LINKS_EXAMPLE),
        ...problems(401, 404, 409, 412, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const { links, row } = await removeLink(context, idOfPath(c), c.req.param('link') ?? '', changeOptions(c));
      return answerJson(c, { items: links }, 200, etagOf(row));
    },
  );
  return app;
}
