import { z } from 'zod';
import type { Context } from '../../context.ts';
import { getRow } from '../../feedback/find-item.ts';
import { OPEN_END, watchDrafts } from '../../replies/draft-events.ts';
import { idOfPath } from '../change-request.ts';
import { DRAFT_EVENTS_EXAMPLE } from '../draft-examples.ts';
import { EventStreams } from '../event-stream.ts';
import { itemParams } from '../item-params.ts';
import { addOperation, newApp, problems } from '../openapi.ts';

/** The drafts as a model writes them. */
export function draftEventRoutes(context: Context) {
  const app = newApp();
  const streams = new EventStreams(context.logger);
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/feedback/{id}/drafts/events',
      operationId: 'watchDrafts',
      tags: ['Replies'],
      summary: 'Watch the drafts while a model writes',
      description:
        'Server-sent events: `drafts` as `GET …/drafts` gives them; while a model rewords the best one, `sentence` (`draft_id`, `number` of the sentence in the draft that is reworded, `role`, `text`, `sources`) for each sentence that has passed the guards; then `drafts` as they are now, and `end` with `state` and `reason`, after which the client closes. `state` is `none` where no model was to be asked, `done`, `failed`, which makes void what was shown of the rewording, or `open` where it may still write and is not waited for any more.',
      request: { params: itemParams },
      responses: {
        200: {
          description: 'The events.',
          content: { 'text/event-stream': { schema: z.string(), example: DRAFT_EVENTS_EXAMPLE } },
        },
        ...problems(401, 404, 500, 503),
      },
    },
    async (c) => {
      const id = idOfPath(c);
      await getRow(context.database.kysely, id);
      return streams.answer(c, { events: (signal) => watchDrafts(context, id, signal), farewell: OPEN_END });
    },
  );
  return app;
}
