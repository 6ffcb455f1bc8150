import { z } from 'zod';
import { clusterSchema, toClusterView } from '../../clusters/cluster-view.ts';
import { affectedQuerySchema, affectedSchema, listAffected } from '../../clusters/work/affected.ts';
import { tellCustomers, toldRequestSchema } from '../../clusters/work/tell-customers.ts';
import type { Context } from '../../context.ts';
import { pageSchemaOf } from '../../feedback/page-query.ts';
import { answerJson } from '../answer.ts';
import { readQuery } from '../body.ts';
import { changeOptions, idOfPath, readRequest } from '../change-request.ts';
import { AFFECTED_EXAMPLE, FIXED_EXAMPLE, TOLD_EXAMPLES } from '../cluster-examples.ts';
import { jsonAnswer, jsonBody } from '../contents.ts';
import { etagOf } from '../etag.ts';
import { IF_MATCH, idOf } from '../item-params.ts';
import { addOperation, newApp, problems } from '../openapi.ts';

const params = idOf('The cluster’s id.');
const toldSchema = z.object({
  cluster: clusterSchema,
  told: z.int().describe('Customers who are marked by this.'),
  already: z.int().describe('Those who were marked before, and stay so.'),
});

/** Whom to tell of a fix, and who was told. */
export function clusterFixRoutes(context: Context) {
  const app = newApp();
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/clusters/{id}/affected',
      operationId: 'listAffectedCustomers',
      tags: ['Clusters'],
      summary: 'The customers who reported it',
      description:
        'Once the issue is fixed each with the draft of a notice in their language. Nothing is sent by the service. Items of nobody known are not among them.',
      request: { params, query: affectedQuerySchema },
      responses: {
        200: jsonAnswer('A page of customers.', pageSchemaOf(affectedSchema), AFFECTED_EXAMPLE),
        ...problems(401, 404, 422, 500, 503),
      },
    },
    async (c) => answerJson(c, await listAffected(context, idOfPath(c), readQuery(c, affectedQuerySchema))),
  );
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/clusters/{id}/told',
      operationId: 'tellCustomers',
      tags: ['Clusters'],
      summary: 'Mark customers as told of the fix',
      description:
        'Those who are marked already stay as they are, so that a request may be repeated. After another fix all are to be told anew.',
      request: { params, headers: IF_MATCH, body: jsonBody(toldRequestSchema, TOLD_EXAMPLES) },
      responses: {
        200: jsonAnswer('How many were marked.', toldSchema, { cluster: FIXED_EXAMPLE, told: 1, already: 0 }),
        ...problems(400, 401, 404, 409, 412, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const request = await readRequest(c, toldRequestSchema);
      const { cluster, ...counts } = await tellCustomers(context, idOfPath(c), request, changeOptions(c));
      return answerJson(c, { cluster: toClusterView(cluster), ...counts }, 200, etagOf(cluster));
    },
  );
  return app;
}
