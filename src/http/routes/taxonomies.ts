import type { Context as HonoContext } from 'hono';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { JobQueue } from '../../jobs/queue.ts';
import { defineTaxonomy } from '../../taxonomies/define.ts';
import { definitionSchema } from '../../taxonomies/definition.ts';
import { deleteTaxonomy } from '../../taxonomies/delete.ts';
import { getTaxonomy, listTaxonomies } from '../../taxonomies/get.ts';
import { defaultTaxonomySchema, taxonomyDetailSchema, taxonomySummarySchema } from '../../taxonomies/view.ts';
import { keySchema } from '../../triage/taxonomy.ts';
import { answerJson } from '../answer.ts';
import { parseWith, readJson } from '../body.ts';
import type { HttpEnv } from '../env.ts';
import { type App, addOperation, newApp, problems } from '../openapi.ts';
import {
  DEFINED_EXAMPLE,
  DEFINITION_EXAMPLES,
  TAXONOMIES_EXAMPLE,
  TAXONOMY_EXAMPLES,
  UNCHANGED_EXAMPLE,
} from '../taxonomy-examples.ts';

const params = z.object({
  name: keySchema.describe('The taxonomy’s name.').meta({ example: 'shop' }),
});

/** Label sets beside the one that is shipped. */
export function taxonomyRoutes(context: Context, jobs: JobQueue): App {
  const app = newApp();
  addReads(app, context);
  addDefine(app, context, jobs);
  addDelete(app, context);
  return app;
}

function addReads(app: App, context: Context): void {
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/taxonomies',
      operationId: 'listTaxonomies',
      tags: ['Taxonomies'],
      summary: 'List taxonomies',
      description: 'The one that is shipped (`default`), then the others by name, each without its labels.',
      responses: {
        200: {
          description: 'All of them.',
          content: {
            'application/json': {
              schema: z.object({ items: z.array(taxonomySummarySchema) }),
              example: TAXONOMIES_EXAMPLE,
            },
          },
        },
        ...problems(401, 500, 503),
      },
    },
    async (c) => answerJson(c, { items: await listTaxonomies(context) }),
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/taxonomies/{name}',
      operationId: 'getTaxonomy',
      tags: ['Taxonomies'],
      summary: 'Look at one taxonomy',
      description: 'With its labels and examples, and what its training found out. `default` shows types and topics.',
      request: { params },
      responses: {
        200: {
          description: 'The taxonomy.',
          content: {
            'application/json': {
              schema: z.union([taxonomyDetailSchema, defaultTaxonomySchema]),
              examples: TAXONOMY_EXAMPLES,
            },
          },
        },
        ...problems(401, 404, 500, 503),
      },
    },
    async (c) => answerJson(c, await getTaxonomy(context, c.req.param('name') ?? '')),
  );
}

function addDefine(app: App, context: Context, jobs: JobQueue): void {
  const answerOf = (description: string, example: object) => ({
    description,
    content: { 'application/json': { schema: taxonomySummarySchema, example } },
  });
  addOperation(
    app,
    {
      method: 'put',
      path: '/v1/taxonomies/{name}',
      operationId: 'defineTaxonomy',
      tags: ['Taxonomies'],
      summary: 'Define a taxonomy, or replace it',
      description:
        'Keeps the labels with their examples, personal data masked, and queues the training of a classifier; until it is trained an earlier version goes on answering. `report.warnings` names what will make answers worse. The same definition again changes nothing.',
      request: {
        params,
        body: {
          required: true,
          content: { 'application/json': { schema: definitionSchema, examples: DEFINITION_EXAMPLES } },
        },
      },
      responses: {
        200: answerOf('It is defined so already.', UNCHANGED_EXAMPLE),
        202: answerOf('It is kept, and its training is queued.', DEFINED_EXAMPLE),
        ...problems(400, 401, 409, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const name = readName(c);
      const definition = parseWith(definitionSchema, (await readJson(c)).value);
      const { summary, changed } = await defineTaxonomy(context, name, definition, c.get('actor'), {
        signal: c.req.raw.signal,
        onAwaited: (tx) => jobs.enqueue('taxonomy.train', { name }, name, tx),
      });
      return answerJson(c, summary, changed ? 202 : 200);
    },
  );
}

function addDelete(app: App, context: Context): void {
  addOperation(
    app,
    {
      method: 'delete',
      path: '/v1/taxonomies/{name}',
      operationId: 'deleteTaxonomy',
      tags: ['Taxonomies'],
      summary: 'Delete a taxonomy',
      description: 'With its examples and all that was learned from them. `default` cannot be deleted.',
      request: { params },
      responses: {
        200: {
          description: 'It is gone.',
          content: {
            'application/json': { schema: z.object({ deleted: keySchema }), example: { deleted: 'shop' } },
          },
        },
        ...problems(401, 404, 409, 500, 503),
      },
    },
    async (c) => {
      const name = c.req.param('name') ?? '';
      await deleteTaxonomy(context, name, c.get('actor'));
      return answerJson(c, { deleted: name });
    },
  );
}

/** @throws AppError `invalid_input` with the pointer `/name` */
function readName(c: HonoContext<HttpEnv>): string {
  return parseWith(params, { name: c.req.param('name') }).name;
}
