import type { Kysely, Transaction } from 'kysely';
import { validate as isUuid } from 'uuid';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { decodeCursor, toPage } from '../db/paginate.ts';
import type { Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';
import { pageQuerySchema } from '../feedback/page-query.ts';
import { storable } from '../text/storable.ts';
import { type AlertView, toAlertView } from './alert-view.ts';

const flag = z.enum(['true', 'false']);

export const alertQuerySchema = z.strictObject({
  open: flag.optional().describe('`true`: those that have not ended; `false`: those that have.'),
  acknowledged: flag.optional().describe('Whether somebody looks after it.'),
  cluster: z.uuid().optional().describe('Only those of this cluster.'),
  topic: storable(z.string().min(1, 'must not be empty').max(64))
    .optional()
    .describe('Only those of this topic.')
    .meta({ example: 'withdrawal' }),
  group: z.uuid().optional().describe('Only those of one event.'),
  ...pageQuerySchema.shape,
});

/** A page of alerts, the newest first. */
export async function listAlerts(
  { database }: Pick<Context, 'database'>,
  { open, acknowledged, cluster, topic, group, limit, cursor }: z.infer<typeof alertQuerySchema>,
): Promise<{ items: AlertView[]; next_cursor: string | null }> {
  let rows = selectAlerts(database.kysely);
  if (open !== undefined) rows = rows.where('closed_at', open === 'true' ? 'is' : 'is not', null);
  if (acknowledged !== undefined) rows = rows.where('acknowledged_at', acknowledged === 'true' ? 'is not' : 'is', null);
  if (cluster !== undefined) rows = rows.where('cluster_id', '=', cluster);
  if (topic !== undefined) rows = rows.where('topic', '=', topic);
  if (group !== undefined) rows = rows.where('group_id', '=', group);
  if (cursor !== undefined) rows = rows.where('alert.id', '<', decodeCursor('uuid', cursor));
  const found = await rows
    .orderBy('alert.id', 'desc')
    .limit(limit + 1)
    .execute();
  const page = toPage(found, limit, 'uuid', (row) => row.id);
  return { items: page.items.map(toAlertView), next_cursor: page.nextCursor };
}

/** @throws AppError `not_found` */
export async function getAlert(db: Kysely<Tables> | Transaction<Tables>, id: string): Promise<AlertView> {
  const row = isUuid(id) ? await selectAlerts(db).where('alert.id', '=', id).executeTakeFirst() : undefined;
  if (row === undefined)
    throw new AppError('not_found', 'There is no alert with this id. GET /v1/alerts lists those there are.');
  return toAlertView(row);
}

/** Alerts with the titles of their clusters. */
export function selectAlerts(db: Kysely<Tables> | Transaction<Tables>) {
  return db
    .selectFrom('alert')
    .leftJoin('cluster', 'cluster.id', 'alert.cluster_id')
    .selectAll('alert')
    .select(['title_zh', 'title_en']);
}
