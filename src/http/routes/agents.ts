import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { Nudge } from '../../jobs/nudge.ts';
import { agentChangeSchema, agentSchema, newAgentSchema } from '../../routing/agent.ts';
import { changeAgent } from '../../routing/change-agent.ts';
import { createAgent } from '../../routing/create-agent.ts';
import { findAgent, listAgents } from '../../routing/list-agents.ts';
import { removalQuerySchema, removalSchema, removeAgent } from '../../routing/remove-agent.ts';
import { answerJson } from '../answer.ts';
import { parseWith, readJson, readQuery } from '../body.ts';
import { etagOf, readIfMatch } from '../etag.ts';
import { IF_MATCH, idOf } from '../item-params.ts';
import { type App, addOperation, newApp, problems } from '../openapi.ts';
import { AGENT_EXAMPLE, AGENT_EXAMPLES, AGENTS_EXAMPLE, CHANGE_EXAMPLES } from '../routing-examples.ts';

const params = idOf('The agent’s id.');
const bodyOf = (schema: z.ZodType, examples: Record<string, { summary: string; value: unknown }>) => ({
  required: true as const,
  content: { 'application/json': { schema, examples } },
});
const agentAnswer = (description: string) => ({
  description,
  content: { 'application/json': { schema: agentSchema, example: AGENT_EXAMPLE } },
});

/** Who works on items. `nudge` asks for a round of assignment, because somebody may have room now. */
export function agentRoutes(context: Context, nudge: Nudge) {
  const app = newApp();
  addReads(app, context);
  addCreate(app, context, nudge);
  addChange(app, context, nudge);
  addRemove(app, context, nudge);
  return app;
}

function addReads(app: App, context: Context): void {
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/agents',
      operationId: 'listAgents',
      tags: ['Routing'],
      summary: 'Who works on items, by name',
      description: 'With what each has open, in items and in weights.',
      responses: {
        200: {
          description: 'All agents.',
          content: {
            'application/json': { schema: z.object({ items: z.array(agentSchema) }), example: AGENTS_EXAMPLE },
          },
        },
        ...problems(401, 500, 503),
      },
    },
    async (c) => answerJson(c, { items: await listAgents(context) }),
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/agents/{id}',
      operationId: 'getAgent',
      tags: ['Routing'],
      summary: 'Look at one agent',
      description: 'The `ETag` goes with a change that must apply to just this.',
      request: { params },
      responses: { 200: agentAnswer('The agent.'), ...problems(401, 404, 500, 503) },
    },
    async (c) => {
      const agent = await findAgent(context, c.req.param('id') ?? '');
      return answerJson(c, agent, 200, etagOf(agent));
    },
  );
}

function addCreate(app: App, context: Context, nudge: Nudge): void {
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/agents',
      operationId: 'createAgent',
      tags: ['Routing'],
      summary: 'Add an agent',
      description: 'Items come to them as soon as they are `available`; unless told they begin `offline`.',
      request: { body: bodyOf(newAgentSchema, AGENT_EXAMPLES) },
      responses: { 201: agentAnswer('The agent.'), ...problems(400, 401, 409, 413, 415, 422, 500, 503, 507) },
    },
    async (c) => {
      const request = parseWith(newAgentSchema, (await readJson(c)).value);
      const agent = await createAgent(context, request, c.get('actor'));
      nudge();
      return answerJson(c, agent, 201, { ...etagOf(agent), Location: `/v1/agents/${agent.id}` });
    },
  );
}

function addChange(app: App, context: Context, nudge: Nudge): void {
  addOperation(
    app,
    {
      method: 'patch',
      path: '/v1/agents/{id}',
      operationId: 'changeAgent',
      tags: ['Routing'],
      summary: 'Change an agent: presence, skills, capacity',
      description: 'Only what is given changes. Whoever goes away or offline keeps the items that they have.',
      request: { params, headers: IF_MATCH, body: bodyOf(agentChangeSchema, CHANGE_EXAMPLES) },
      responses: {
        200: agentAnswer('The agent as it is now.'),
        ...problems(400, 401, 404, 409, 412, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const request = parseWith(agentChangeSchema, (await readJson(c)).value);
      const options = { actor: c.get('actor'), ifVersion: readIfMatch(c) };
      const agent = await changeAgent(context, c.req.param('id') ?? '', request, options);
      nudge();
      return answerJson(c, agent, 200, etagOf(agent));
    },
  );
}

function addRemove(app: App, context: Context, nudge: Nudge): void {
  addOperation(
    app,
    {
      method: 'delete',
      path: '/v1/agents/{id}',
      operationId: 'removeAgent',
      tags: ['Routing'],
      summary: 'Remove an agent who has left',
      description:
        'Refused while they have open items, unless `items=return` gives these back to their queues in the same step.',
      request: { params, headers: IF_MATCH, query: removalQuerySchema },
      responses: {
        200: {
          description: 'The agent is gone.',
          content: {
            'application/json': { schema: removalSchema, example: { removed: AGENT_EXAMPLE.id, returned_items: 2 } },
          },
        },
        ...problems(401, 404, 409, 412, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const query = readQuery(c, removalQuerySchema);
      const options = { actor: c.get('actor'), ifVersion: readIfMatch(c) };
      const removal = await removeAgent(context, c.req.param('id') ?? '', query, options);
      nudge();
      return answerJson(c, removal);
    },
  );
}
