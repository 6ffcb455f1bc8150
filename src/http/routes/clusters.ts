import { clusterSchema } from '../../clusters/cluster-view.ts';
import { clusterDetailSchema, getCluster } from '../../clusters/get-cluster.ts';
import { clusterQuerySchema, listClusters } from '../../clusters/list-clusters.ts';
import { lineageQuerySchema, lineageSchema, listLineage } from '../../clusters/list-lineage.ts';
import { clusterItemSchema, listMembers } from '../../clusters/list-members.ts';
import { getTimeline, timelineQuerySchema, timelineSchema } from '../../clusters/trend/timeline.ts';
import type { Context } from '../../context.ts';
import { pageQuerySchema, pageSchemaOf } from '../../feedback/page-query.ts';
import { answerJson } from '../answer.ts';
import { readQuery } from '../body.ts';
import { idOfPath } from '../change-request.ts';
import {
  CLUSTER_DETAIL_EXAMPLE,
  CLUSTER_ITEMS_EXAMPLE,
  CLUSTERS_EXAMPLE,
  LINEAGE_EXAMPLE,
  TIMELINE_EXAMPLE,
} from '../cluster-examples.ts';
import { jsonAnswer } from '../contents.ts';
import { etagOf } from '../etag.ts';
import { idOf } from '../item-params.ts';
import { type App, addOperation, newApp, problems } from '../openapi.ts';

const params = idOf('The cluster’s id.');
const TAGS = ['Clusters'];

/** Recurring issues: the list, each of them, and what became of them. */
export function clusterRoutes(context: Context) {
  const app = newApp();
  addLists(app, context);
  addReads(app, context);
  return app;
}

function addLists(app: App, context: Context): void {
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/clusters',
      operationId: 'listClusters',
      tags: TAGS,
      summary: 'Recurring issues, those that matter most first',
      description:
        'Clusters that have not ended. Size and times follow every item at once; trend, impact and counts are those of `figures_at`.',
      request: { query: clusterQuerySchema },
      responses: {
        200: jsonAnswer('A page of clusters.', pageSchemaOf(clusterSchema), CLUSTERS_EXAMPLE),
        ...problems(401, 422, 500, 503),
      },
    },
    async (c) => answerJson(c, await listClusters(context, readQuery(c, clusterQuerySchema))),
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/clusters/lineage',
      operationId: 'listClusterLineage',
      tags: TAGS,
      summary: 'What became of clusters',
      description: 'Which began, ended, were split off or merged, by whom, the newest first.',
      request: { query: lineageQuerySchema },
      responses: {
        200: jsonAnswer('A page of entries.', pageSchemaOf(lineageSchema), LINEAGE_EXAMPLE),
        ...problems(401, 422, 500, 503),
      },
    },
    async (c) => answerJson(c, await listLineage(context, readQuery(c, lineageQuerySchema))),
  );
}

function addReads(app: App, context: Context): void {
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/clusters/{id}',
      operationId: 'getCluster',
      tags: TAGS,
      summary: 'Look at one cluster',
      description:
        'With typical quotes and open alerts. An id that was given out is never lost: a cluster that has ended is answered with `retired_at`, and with `merged_into` where its items are part of another one now. The `ETag` goes with a change that must apply to just this.',
      request: { params },
      responses: {
        200: jsonAnswer('The cluster.', clusterDetailSchema, CLUSTER_DETAIL_EXAMPLE),
        ...problems(401, 404, 500, 503),
      },
    },
    async (c) => {
      const cluster = await getCluster(context, idOfPath(c));
      return answerJson(c, cluster, 200, etagOf(cluster));
    },
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/clusters/{id}/items',
      operationId: 'listClusterItems',
      tags: TAGS,
      summary: 'The items of a cluster',
      description: 'The newest first, each with when and how it came into the cluster.',
      request: { params, query: pageQuerySchema },
      responses: {
        200: jsonAnswer('A page of items.', pageSchemaOf(clusterItemSchema), CLUSTER_ITEMS_EXAMPLE),
        ...problems(401, 404, 422, 500, 503),
      },
    },
    async (c) => answerJson(c, await listMembers(context, idOfPath(c), readQuery(c, pageQuerySchema))),
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/clusters/{id}/timeline',
      operationId: 'getClusterTimeline',
      tags: TAGS,
      summary: 'How many reported it, hour by hour, day by day or week by week',
      description:
        'By when it happened, in the days of a time zone; steps without anybody are there with 0. At most 1 000 steps.',
      request: { params, query: timelineQuerySchema },
      responses: {
        200: jsonAnswer('The steps, oldest first.', timelineSchema, TIMELINE_EXAMPLE),
        ...problems(401, 404, 422, 500, 503),
      },
    },
    async (c) => answerJson(c, await getTimeline(context, idOfPath(c), readQuery(c, timelineQuerySchema))),
  );
}
