import type { Context as HonoContext } from 'hono';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { deleteCalendar, getCalendar, listCalendars, putCalendar } from '../../policies/calendars.ts';
import { policyVersionSchema } from '../../policies/versions.ts';
import { answerJson } from '../answer.ts';
import { parseWith, readJsonOrYaml } from '../body.ts';
import type { HttpEnv } from '../env.ts';
import { type App, addOperation, newApp, problems } from '../openapi.ts';
import { CALENDAR, CALENDARS_EXAMPLE, PUBLISHED_EXAMPLE } from '../policy-examples.ts';

const params = z.object({
  name: z.string().min(1).max(64).describe('Its name.').meta({ example: CALENDAR.name }),
});
const calendar = z
  .record(z.string(), z.unknown())
  .describe('In the form of `data/sla.yaml`; docs/deadlines.md explains it.');
const published = {
  200: {
    description: 'The version of the deadlines that is in force now.',
    content: { 'application/json': { schema: policyVersionSchema, example: PUBLISHED_EXAMPLE } },
  },
};

/** Business calendars, each a part of the document of deadlines. */
export function calendarRoutes(context: Context): App {
  const app = newApp();
  addReads(app, context);
  addOperation(
    app,
    {
      method: 'put',
      path: '/v1/calendars/{name}',
      operationId: 'putCalendar',
      tags: ['Deadlines'],
      summary: 'Write a calendar',
      description:
        'Publishes a version of the deadlines with this calendar in it. Items that have come before keep what was promised for them.',
      request: {
        params,
        body: {
          required: true,
          content: {
            'application/json': { schema: calendar, examples: { one: { summary: '伦敦办公时间', value: CALENDAR } } },
          },
        },
      },
      responses: { ...published, ...problems(400, 401, 409, 413, 415, 422, 500, 503, 507) },
    },
    async (c) => {
      const sent = parseWith(calendar, await readJsonOrYaml(c));
      return answerJson(c, (await putCalendar(context, nameOf(c), sent, c.get('actor'))).version);
    },
  );
  addOperation(
    app,
    {
      method: 'delete',
      path: '/v1/calendars/{name}',
      operationId: 'deleteCalendar',
      tags: ['Deadlines'],
      summary: 'Take a calendar away',
      description: 'Publishes a version of the deadlines without it; refused while a deadline is counted by it.',
      request: { params },
      responses: { ...published, ...problems(401, 404, 409, 422, 500, 503, 507) },
    },
    async (c) => answerJson(c, (await deleteCalendar(context, nameOf(c), c.get('actor'))).version),
  );
  return app;
}

function addReads(app: App, context: Context): void {
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/calendars',
      operationId: 'listCalendars',
      tags: ['Deadlines'],
      summary: 'The calendars in force',
      description: 'As they were written.',
      responses: {
        200: {
          description: 'All calendars.',
          content: {
            'application/json': { schema: z.object({ items: z.array(calendar) }), example: CALENDARS_EXAMPLE },
          },
        },
        ...problems(401, 500, 503),
      },
    },
    (c) => answerJson(c, { items: listCalendars(context) }),
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/calendars/{name}',
      operationId: 'getCalendar',
      tags: ['Deadlines'],
      summary: 'One calendar',
      description: 'As it was written.',
      request: { params },
      responses: {
        200: { description: 'The calendar.', content: { 'application/json': { schema: calendar, example: CALENDAR } } },
        ...problems(401, 404, 500, 503),
      },
    },
    (c) => answerJson(c, getCalendar(context, nameOf(c))),
  );
}

function nameOf(c: HonoContext<HttpEnv>): string {
  return c.req.param('name') ?? '';
}
