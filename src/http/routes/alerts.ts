import { acknowledgeAlert, acknowledgeRequestSchema } from '../../alerts/acknowledge.ts';
import { alertSchema } from '../../alerts/alert-view.ts';
import { alertQuerySchema, getAlert, listAlerts } from '../../alerts/list-alerts.ts';
import type { Context } from '../../context.ts';
import { pageSchemaOf } from '../../feedback/page-query.ts';
import { answerJson } from '../answer.ts';
import { readQuery } from '../body.ts';
import { idOfPath, readRequest } from '../change-request.ts';
import { ACKNOWLEDGE_EXAMPLES, ACKNOWLEDGED_EXAMPLE, ALERT_EXAMPLE } from '../cluster-examples.ts';
import { jsonAnswer, jsonBody } from '../contents.ts';
import { idOf } from '../item-params.ts';
import { addOperation, newApp, problems } from '../openapi.ts';

const params = idOf('The alert’s id.');

/** Bursts: far more people than usual at one time. */
export function alertRoutes(context: Context) {
  const app = newApp();
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/alerts',
      operationId: 'listAlerts',
      tags: ['Clusters'],
      summary: 'Bursts of reports, the newest first',
      description: 'Of everything, of a topic or of a cluster; those of one event have the same `group_id`.',
      request: { query: alertQuerySchema },
      responses: {
        200: jsonAnswer('A page of alerts.', pageSchemaOf(alertSchema), { items: [ALERT_EXAMPLE], next_cursor: null }),
        ...problems(401, 422, 500, 503),
      },
    },
    async (c) => answerJson(c, await listAlerts(context, readQuery(c, alertQuerySchema))),
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/alerts/{id}',
      operationId: 'getAlert',
      tags: ['Clusters'],
      summary: 'Look at one alert',
      description: 'An alert ends by itself when no more people than usual report any more.',
      request: { params },
      responses: { 200: jsonAnswer('The alert.', alertSchema, ALERT_EXAMPLE), ...problems(401, 404, 500, 503) },
    },
    async (c) => answerJson(c, await getAlert(context.database.kysely, idOfPath(c))),
  );
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/alerts/{id}/acknowledge',
      operationId: 'acknowledgeAlert',
      tags: ['Clusters'],
      summary: 'Say that somebody looks after an alert',
      description: 'Who was first stays: whoever comes later changes nothing and sees the first.',
      request: { params, body: jsonBody(acknowledgeRequestSchema, ACKNOWLEDGE_EXAMPLES) },
      responses: {
        200: jsonAnswer('The alert as it is now.', alertSchema, ACKNOWLEDGED_EXAMPLE),
        ...problems(400, 401, 404, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const request = await readRequest(c, acknowledgeRequestSchema);
      return answerJson(c, await acknowledgeAlert(context, idOfPath(c), request, c.get('actor')));
    },
  );
  return app;
}
