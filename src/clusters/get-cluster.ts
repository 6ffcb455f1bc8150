import type { Kysely } from 'kysely';
import { z } from 'zod';
import { alertSchema, toAlertView } from '../alerts/alert-view.ts';
import { selectAlerts } from '../alerts/list-alerts.ts';
import type { Context } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import { clusterSchema, toClusterView } from './cluster-view.ts';
import { findSuccessor, getClusterRow } from './find-cluster.ts';

const QUOTES = 3;

const quoteSchema = z
  .object({
    feedback_id: z.uuid(),
    text: z.string().describe('Personal data masked.'),
    language: z.string(),
    received_at: z.iso.datetime(),
  })
  .meta({ id: 'ClusterQuote' });

export const clusterDetailSchema = clusterSchema
  .extend({
    quotes: z.array(quoteSchema).describe('Items that show it best, unlike each other.'),
    alerts: z.array(alertSchema).describe('Bursts of it that have not ended.'),
    merged_into: z.uuid().nullable().describe('The cluster that it is part of since it ended.'),
  })
  .meta({ id: 'ClusterDetail' });
export type ClusterDetail = z.infer<typeof clusterDetailSchema>;

/** A cluster with quotes and open alerts; one that has ended says where it went. @throws AppError `not_found` */
export async function getCluster(
  { database: { kysely } }: Pick<Context, 'database'>,
  id: string,
): Promise<ClusterDetail> {
  const row = await getClusterRow(kysely, id);
  const alerts = await selectAlerts(kysely)
    .where('cluster_id', '=', row.id)
    .where('closed_at', 'is', null)
    .orderBy('alert.id', 'desc')
    .execute();
  return {
    ...toClusterView(row),
    quotes: await readQuotes(kysely, row.id, row.quotes),
    alerts: alerts.map(toAlertView),
    merged_into: row.retired_at === null ? null : ((await findSuccessor(kysely, row.id)) ?? null),
  };
}

/** The chosen ones that are still in it; the newest members where too few are left. */
async function readQuotes(db: Kysely<Tables>, cluster: string, chosen: readonly string[]) {
  const members = db
    .selectFrom('cluster_member')
    .innerJoin('feedback', 'feedback.id', 'feedback_id')
    .select(['feedback.id', 'body', 'language', 'received_at'])
    .where('cluster_id', '=', cluster);
  const [newest, best] = await Promise.all([
    members.orderBy('feedback_id', 'desc').limit(QUOTES).execute(),
    chosen.length === 0 ? [] : members.where('feedback_id', 'in', chosen).execute(),
  ]);
  const inOrder = chosen.flatMap((id) => best.find((row) => row.id === id) ?? []);
  const more = newest.filter((row) => !chosen.includes(row.id));
  return [...inOrder, ...more].slice(0, QUOTES).map(({ id, body, received_at, ...rest }) => ({
    ...rest,
    feedback_id: id,
    text: body,
    received_at: received_at.toISOString(),
  }));
}
