import { z } from 'zod';
import type { Context } from '../../context.ts';
import { addMessage } from '../../feedback/add-message.ts';
import { listMessages, messageAnswerSchema, messageRequestSchema, messageSchema } from '../../feedback/messages.ts';
import { pageQuerySchema, pageSchemaOf } from '../../feedback/page-query.ts';
import { answer, answerJson } from '../answer.ts';
import { parseWith, readJson, readQuery } from '../body.ts';
import { changeOptions, idOfPath } from '../change-request.ts';
import { jsonAnswer, jsonBody } from '../contents.ts';
import { MESSAGE_ANSWER_EXAMPLE, MESSAGE_EXAMPLE, MESSAGE_EXAMPLES } from '../conversation-examples.ts';
import { etagOf } from '../etag.ts';
import { IDEMPOTENCY_KEY, readIdempotency } from '../idempotency-key.ts';
import { IF_MATCH, itemParams } from '../item-params.ts';
import { addOperation, newApp, problems } from '../openapi.ts';

const versionSchema = z.object({ item: z.object({ version: z.int() }) });

/** What customers write and are sent about an item that is there already. */
export function messageRoutes(context: Context) {
  const app = newApp();
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/feedback/{id}/messages',
      operationId: 'addMessage',
      tags: ['Conversation'],
      summary: 'Add a message from or to the customer',
      description:
        'What the customer was sent makes the item `replied`. What the customer writes puts it back to work, and opens it again when it was done, unless it says no more than that all is well; a danger in it makes the item more urgent, never less. Send an `Idempotency-Key` to make a repeat safe.',
      request: {
        params: itemParams,
        headers: IF_MATCH.extend(IDEMPOTENCY_KEY.shape),
        body: jsonBody(messageRequestSchema, MESSAGE_EXAMPLES),
      },
      responses: {
        201: jsonAnswer('The message and what it did.', messageAnswerSchema, MESSAGE_ANSWER_EXAMPLE),
        ...problems(400, 401, 404, 409, 412, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const { text, value } = await readJson(c);
      const request = parseWith(messageRequestSchema, value);
      const id = idOfPath(c);
      // The same body on another item is another request.
      const idempotency = readIdempotency(c, `messages of ${id}\n${text}`);
      const options = { ...changeOptions(c), idempotency, signal: c.req.raw.signal };
      const { status, body } = await addMessage(context, id, request, options);
      return answer(c, body, 'application/json', status, etagOf(versionSchema.parse(JSON.parse(body)).item));
    },
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/feedback/{id}/messages',
      operationId: 'listMessages',
      tags: ['Conversation'],
      summary: 'Read the messages of an item',
      description:
        'Oldest first, those of items that were merged into it among them. The first message is the item’s own text.',
      request: { params: itemParams, query: pageQuerySchema },
      responses: {
        200: jsonAnswer('A page of messages.', pageSchemaOf(messageSchema), {
          items: [MESSAGE_EXAMPLE],
          next_cursor: null,
        }),
        ...problems(401, 404, 422, 500, 503),
      },
    },
    async (c) => answerJson(c, await listMessages(context, idOfPath(c), readQuery(c, pageQuerySchema))),
  );
  return app;
}
