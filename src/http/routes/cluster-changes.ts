import { z } from 'zod';
import { clusterSchema, toClusterView } from '../../clusters/cluster-view.ts';
import type { ClusterRow } from '../../clusters/work/change-cluster.ts';
import { type Superseded, supersededSchema } from '../../clusters/work/decisions.ts';
import { clusterMergeSchema, mergeClusters } from '../../clusters/work/merge-clusters.ts';
import { moveItems, moveRequestSchema } from '../../clusters/work/move-items.ts';
import { renameCluster, renameRequestSchema } from '../../clusters/work/rename.ts';
import { issueRequestSchema, setIssueStatus } from '../../clusters/work/set-status.ts';
import { splitCluster, splitClusterSchema, splitPartSchema, toPartView } from '../../clusters/work/split-cluster.ts';
import type { Context } from '../../context.ts';
import { answerJson } from '../answer.ts';
import { changeOptions, idOfPath, readRequest } from '../change-request.ts';
import {
  CLUSTER_EXAMPLE,
  CLUSTER_MERGE_EXAMPLES,
  CLUSTER_SPLIT_EXAMPLES,
  DECIDED_EXAMPLE,
  ISSUE_EXAMPLES,
  MOVE_EXAMPLES,
  PARTS_EXAMPLE,
  RENAME_EXAMPLES,
} from '../cluster-examples.ts';
import { jsonAnswer, jsonBody } from '../contents.ts';
import { etagOf } from '../etag.ts';
import { IF_MATCH, idOf } from '../item-params.ts';
import { type App, addOperation, newApp, problems } from '../openapi.ts';

const params = idOf('The cluster’s id.');
const TAGS = ['Clusters'];
const REFUSALS = problems(400, 401, 404, 409, 412, 413, 415, 422, 500, 503, 507);

const superseded = z
  .array(supersededSchema)
  .describe('Earlier decisions of people that this one contradicts: the newer holds.');
const decidedSchema = z.object({ cluster: clusterSchema, superseded });
const splitSchema = z.object({
  cluster: clusterSchema,
  dry_run: z.boolean().describe('`true`: nothing has changed.'),
  parts: z.array(splitPartSchema).describe('The first is the one that keeps the cluster.'),
  superseded,
});

const showDecided = ({ cluster, superseded: older }: { cluster: ClusterRow; superseded: Superseded[] }) => ({
  cluster: toClusterView(cluster),
  superseded: older,
});

/** What people decide about clusters. */
export function clusterChangeRoutes(context: Context) {
  const app = newApp();
  addWords(app, context);
  addMerge(app, context);
  addSplit(app, context);
  addMove(app, context);
  return app;
}

function addWords(app: App, context: Context): void {
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/clusters/{id}/rename',
      operationId: 'renameCluster',
      tags: TAGS,
      summary: 'Give a cluster a title by hand, or back to the machine',
      description: 'In one language or both. What people called it is never changed by a machine.',
      request: { params, headers: IF_MATCH, body: jsonBody(renameRequestSchema, RENAME_EXAMPLES) },
      responses: { 200: jsonAnswer('The cluster as it is now.', clusterSchema, CLUSTER_EXAMPLE), ...REFUSALS },
    },
    async (c) => {
      const request = await readRequest(c, renameRequestSchema);
      const row = await renameCluster(context, idOfPath(c), request, changeOptions(c));
      return answerJson(c, toClusterView(row), 200, etagOf(row));
    },
  );
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/clusters/{id}/status',
      operationId: 'setClusterStatus',
      tags: TAGS,
      summary: 'Say how it stands with a known issue',
      description:
        'Status, note, owner and ticket; only what is given changes. Once it is fixed, a report of something that happened after that opens it again as a regression (`regressed_at`, event `cluster.regressed`).',
      request: { params, headers: IF_MATCH, body: jsonBody(issueRequestSchema, ISSUE_EXAMPLES) },
      responses: { 200: jsonAnswer('The cluster as it is now.', clusterSchema, CLUSTER_EXAMPLE), ...REFUSALS },
    },
    async (c) => {
      const request = await readRequest(c, issueRequestSchema);
      const row = await setIssueStatus(context, idOfPath(c), request, changeOptions(c));
      return answerJson(c, toClusterView(row), 200, etagOf(row));
    },
  );
}

function addMerge(app: App, context: Context): void {
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/clusters/{id}/merge',
      operationId: 'mergeClusters',
      tags: TAGS,
      summary: 'Make this cluster part of another one',
      description:
        'The other one keeps its id, title and status, and gets those of this one that it lacks. This one ends; whoever asks for its id is told where it went. No reclustering takes their items apart again.',
      request: { params, headers: IF_MATCH, body: jsonBody(clusterMergeSchema, CLUSTER_MERGE_EXAMPLES) },
      responses: { 200: jsonAnswer('The cluster that stays.', decidedSchema, DECIDED_EXAMPLE), ...REFUSALS },
    },
    async (c) => {
      const request = await readRequest(c, clusterMergeSchema);
      const merged = await mergeClusters(context, idOfPath(c), request, changeOptions(c));
      return answerJson(c, showDecided(merged), 200, etagOf(merged.cluster));
    },
  );
}

function addSplit(app: App, context: Context): void {
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/clusters/{id}/split',
      operationId: 'splitCluster',
      tags: TAGS,
      summary: 'Take a cluster apart',
      description:
        'By a selection of items, or into two to five parts by what the messages say; a dry run shows the parts, and the same request without it makes them unless items came or went in between. What is not selected, or the largest part, keeps id, title and status. No reclustering puts items of two parts together again.',
      request: { params, headers: IF_MATCH, body: jsonBody(splitClusterSchema, CLUSTER_SPLIT_EXAMPLES) },
      responses: {
        200: jsonAnswer('The cluster and its parts.', splitSchema, PARTS_EXAMPLE),
        ...REFUSALS,
      },
    },
    async (c) => {
      const request = await readRequest(c, splitClusterSchema);
      const { cluster, parts, superseded: older } = await splitCluster(context, idOfPath(c), request, changeOptions(c));
      const body = { cluster: toClusterView(cluster), dry_run: request.dry_run, parts: parts.map(toPartView) };
      return answerJson(c, { ...body, superseded: older }, 200, etagOf(cluster));
    },
  );
}

function addMove(app: App, context: Context): void {
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/clusters/{id}/move',
      operationId: 'moveClusterItems',
      tags: TAGS,
      summary: 'Take items out of a cluster, or into another one',
      description:
        'The items never share a cluster with those that stay; where a target is named they stay with it. A later decision about the same items holds above this one.',
      request: { params, headers: IF_MATCH, body: jsonBody(moveRequestSchema, MOVE_EXAMPLES) },
      responses: { 200: jsonAnswer('The cluster that they left.', decidedSchema, DECIDED_EXAMPLE), ...REFUSALS },
    },
    async (c) => {
      const request = await readRequest(c, moveRequestSchema);
      const moved = await moveItems(context, idOfPath(c), request, changeOptions(c));
      return answerJson(c, showDecided(moved), 200, etagOf(moved.cluster));
    },
  );
}
