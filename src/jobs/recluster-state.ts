import { CLUSTERS_RUN } from './recluster.ts';
import { type RunKind, runStateSchema } from './run-state.ts';

/** Whether the clusters are found anew, on whichever replica. */
export const reclusteringStateSchema = runStateSchema.meta({ id: 'ReclusteringState' });

/** The search for all clusters anew. One that is stopped changes nothing. */
export const RECLUSTERING: RunKind = {
  task: 'clusters.recluster',
  subject: CLUSTERS_RUN,
  action: 'clusters.reclustering',
  audited: { kind: 'clusters', id: 'all' },
  nothing: 'No reclustering runs or waits. GET /v1/clusters/recluster tells how it stands.',
};
