import { z } from 'zod';
import type { Context } from '../../context.ts';
import { addNote, listNotes, noteRequestSchema, noteSchema } from '../../feedback/notes.ts';
import { pageQuerySchema, pageSchemaOf } from '../../feedback/page-query.ts';
import { addWatcher, listWatchers, removeWatcher, watchersSchema } from '../../feedback/watchers.ts';
import { visibleText } from '../../text/storable.ts';
import { answerJson } from '../answer.ts';
import { parseWith, readQuery } from '../body.ts';
import { changeOptions, idOfPath, readRequest } from '../change-request.ts';
import { jsonAnswer, jsonBody } from '../contents.ts';
import { NOTE_EXAMPLE, NOTE_EXAMPLES, WATCHERS_EXAMPLE } from '../conversation-examples.ts';
import { etagOf } from '../etag.ts';
import { IF_MATCH, itemParams } from '../item-params.ts';
import { addOperation, newApp, problems } from '../openapi.ts';

const watcherName = visibleText(100);
const watcherParams = itemParams.extend({
  name: watcherName.describe('Who watches: a name of your own choice.').meta({ example: 'lin' }),
});
const nameSchema = z.object({ name: watcherName });

/** What colleagues write on an item, and who watches it. */
export function noteRoutes(context: Context) {
  const app = newApp();
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/feedback/{id}/notes',
      operationId: 'addNote',
      tags: ['Conversation'],
      summary: 'Write a note for colleagues',
      description: 'Customers never see it. Personal data is masked before it is stored.',
      request: { params: itemParams, headers: IF_MATCH, body: jsonBody(noteRequestSchema, NOTE_EXAMPLES) },
      responses: {
        201: jsonAnswer('The note.', noteSchema, NOTE_EXAMPLE),
        ...problems(400, 401, 404, 409, 412, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const request = await readRequest(c, noteRequestSchema);
      const { note, row } = await addNote(context, idOfPath(c), request, changeOptions(c));
      return answerJson(c, note, 201, etagOf(row));
    },
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/feedback/{id}/notes',
      operationId: 'listNotes',
      tags: ['Conversation'],
      summary: 'Read the notes on an item',
      description: 'Oldest first, those on items that were merged into it among them.',
      request: { params: itemParams, query: pageQuerySchema },
      responses: {
        200: jsonAnswer('A page of notes.', pageSchemaOf(noteSchema), { items: [NOTE_EXAMPLE], next_cursor: null }),
        ...problems(401, 404, 422, 500, 503),
      },
    },
    async (c) => answerJson(c, await listNotes(context, idOfPath(c), readQuery(c, pageQuerySchema))),
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/feedback/{id}/watchers',
      operationId: 'listWatchers',
      tags: ['Conversation'],
      summary: 'See who watches an item',
      description: 'Whoever delivers events about the item tells them.',
      request: { params: itemParams },
      responses: {
        200: jsonAnswer('Who watches it.', watchersSchema, WATCHERS_EXAMPLE),
        ...problems(401, 404, 500, 503),
      },
    },
    async (c) => answerJson(c, await listWatchers(context, idOfPath(c))),
  );
  for (const [method, operationId, summary, change] of [
    ['put', 'addWatcher', 'Let somebody watch an item', addWatcher],
    ['delete', 'removeWatcher', 'Let somebody watch an item no longer', removeWatcher],
  ] as const) {
    addOperation(
      app,
      {
        method,
        path: '/v1/feedback/{id}/watchers/{name}',
        operationId,
        tags: ['Conversation'],
        summary,
        description:
          'What is so already stays so, and is no error. A name that is an e-mail address or the like becomes a pseudonym.',
        request: { params: watcherParams, headers: IF_MATCH },
        responses: {
          200: jsonAnswer('Who watches it now.', watchersSchema, WATCHERS_EXAMPLE),
          ...problems(401, 404, 409, 412, 422, 500, 503, 507),
        },
      },
      async (c) => {
        const { name } = parseWith(nameSchema, { name: c.req.param('name') });
        const { watchers, row } = await change(context, idOfPath(c), name, changeOptions(c));
        return answerJson(c, watchers, 200, etagOf(row));
      },
    );
  }
  return app;
}
