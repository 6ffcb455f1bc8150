import { type SelectQueryBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { ISSUE_STATUSES } from '../db/cluster-tables.ts';
import { decodeCursor, rankedKey, readRankedKey, toPage } from '../db/paginate.ts';
import type { Tables } from '../db/tables.ts';
import { pageQuerySchema } from '../feedback/page-query.ts';
import { zonedTime } from '../intake/request.ts';
import { storable } from '../text/storable.ts';
import { type ClusterView, toClusterView } from './cluster-view.ts';
import { TREND_STATES } from './trend/trend.ts';
import type { ClusterRow } from './work/change-cluster.ts';

const word = (longest: number) => storable(z.string().min(1, 'must not be empty').max(longest));

/** What the list can be ordered by, greatest first, and the number that stands for it in a row. */
const ORDERS = {
  impact: { column: sql.ref('impact'), value: (row: ClusterRow) => row.impact },
  trend: { column: sql.ref('growth'), value: (row: ClusterRow) => row.growth },
  size: { column: sql.ref('customers'), value: (row: ClusterRow) => row.customers },
  last_seen: { column: sql.ref('last_seen_at'), value: (row: ClusterRow) => row.last_seen_at.getTime() },
} as const;
const ORDER_NAMES = ['impact', 'trend', 'size', 'last_seen'] as const satisfies readonly (keyof typeof ORDERS)[];

/** The order and the filters of `GET /v1/clusters`; all of them must hold. */
export const clusterQuerySchema = z.strictObject({
  order: z
    .enum(ORDER_NAMES)
    .default('impact')
    .describe('Greatest first: `trend` by growth, `size` by distinct customers, `last_seen` by the newest item.')
    .meta({ example: 'impact' }),
  trend: z.enum(TREND_STATES).optional().describe('How it moves against its own past.').meta({ example: 'rising' }),
  status: z
    .enum([...ISSUE_STATUSES, 'none'])
    .optional()
    .describe('Of the known issue; `none`: it is no known issue yet.')
    .meta({ example: 'investigating' }),
  topic: word(64).optional().describe('Items of it have this topic.').meta({ example: 'withdrawal' }),
  type: word(64).optional().describe('Items of it have this type.').meta({ example: 'technical_issue' }),
  language: word(16).optional().describe('Items of it are in this language.').meta({ example: 'zh' }),
  owner: word(100).optional().describe('Who looks after it.'),
  title: word(100).optional().describe('Part of a title in either language, whatever its capitals.'),
  seen_from: zonedTime
    .optional()
    .describe('Somebody reported it at or after this time.')
    .meta({ example: '2026-11-01T00:00:00+08:00' }),
  seen_before: zonedTime.optional().describe('It was known before this time: its first item is earlier.'),
  ...pageQuerySchema.shape,
});
export type ClusterQuery = z.infer<typeof clusterQuerySchema>;

/** A page of the clusters that have not ended. Figures are those of `figures_at`: nothing is counted for the list. */
export async function listClusters(
  { database }: Pick<Context, 'database'>,
  query: ClusterQuery,
): Promise<{ items: ClusterView[]; next_cursor: string | null }> {
  const { column, value } = ORDERS[query.order];
  const kind = `by_${query.order}` as const;
  let rows = filtered(database.kysely.selectFrom('cluster').selectAll().where('retired_at', 'is', null), query);
  if (query.cursor !== undefined) {
    const last = readRankedKey(decodeCursor(kind, query.cursor));
    const bound = query.order === 'last_seen' ? sql`${timeOf(last.value)}::timestamptz` : sql`${last.value}::float8`;
    rows = rows.where(sql<boolean>`(${column}, id) < (${bound}, ${last.id}::uuid)`);
  }
  const found = await rows
    .orderBy(column, 'desc')
    .orderBy('id', 'desc')
    .limit(query.limit + 1)
    .execute();
  const page = toPage(found, query.limit, kind, (row) => rankedKey({ value: value(row), id: row.id }));
  return { items: page.items.map(toClusterView), next_cursor: page.nextCursor };
}

/** A cursor that nobody gave out names no year that the database cannot hold. */
const LAST_MS = Date.UTC(9999, 0);
const timeOf = (ms: number) => new Date(Math.min(Math.max(ms, 0), LAST_MS));

function filtered<O>(rows: SelectQueryBuilder<Tables, 'cluster', O>, query: ClusterQuery) {
  const counted = (part: 'topics' | 'types' | 'languages', key: string) =>
    sql<boolean>`jsonb_exists(figures -> ${sql.lit(part)}, ${key})`;
  const { trend, status, topic, type, language, owner, title } = query;
  let kept = rows;
  if (trend) kept = kept.where('trend', '=', trend);
  if (status === 'none') kept = kept.where('issue_status', 'is', null);
  else if (status) kept = kept.where('issue_status', '=', status);
  if (topic) kept = kept.where(counted('topics', topic));
  if (type) kept = kept.where(counted('types', type));
  if (language) kept = kept.where(counted('languages', language));
  if (owner) kept = kept.where('owner', '=', owner);
  if (title) kept = kept.where(sql<boolean>`position(lower(${title}) in lower(title_zh || ${'\n'} || title_en)) > 0`);
  if (query.seen_from) kept = kept.where('last_seen_at', '>=', new Date(query.seen_from));
  if (query.seen_before) kept = kept.where('first_seen_at', '<', new Date(query.seen_before));
  return kept;
}
