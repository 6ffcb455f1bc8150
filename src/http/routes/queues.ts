import { z } from 'zod';
import type { Context } from '../../context.ts';
import { listQueues, listTeams, queueStateSchema, teamStateSchema } from '../../routing/queues.ts';
import { answerJson } from '../answer.ts';
import { addOperation, newApp, problems } from '../openapi.ts';
import { QUEUES_EXAMPLE, TEAMS_EXAMPLE } from '../routing-examples.ts';

/** Queues and the teams to which they belong. */
export function queueRoutes(context: Context) {
  const app = newApp();
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/queues',
      operationId: 'listQueues',
      tags: ['Routing'],
      summary: 'Every queue and what waits in it',
      description:
        'In the order of the routing document. A queue that it does not know any more is listed while items lie in it.',
      responses: {
        200: {
          description: 'The queues.',
          content: {
            'application/json': { schema: z.object({ items: z.array(queueStateSchema) }), example: QUEUES_EXAMPLE },
          },
        },
        ...problems(401, 500, 503),
      },
    },
    async (c) => answerJson(c, { items: await listQueues(context) }),
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/teams',
      operationId: 'listTeams',
      tags: ['Routing'],
      summary: 'Every team, its queues and what waits in them',
      description: 'Each queue belongs to one team; the figures are those of its queues together.',
      responses: {
        200: {
          description: 'The teams.',
          content: {
            'application/json': { schema: z.object({ items: z.array(teamStateSchema) }), example: TEAMS_EXAMPLE },
          },
        },
        ...problems(401, 500, 503),
      },
    },
    async (c) => answerJson(c, { items: await listTeams(context) }),
  );
  return app;
}
