import { sql } from 'kysely';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { decodeCursor, toPage } from '../../db/paginate.ts';
import { pageQuerySchema } from '../../feedback/page-query.ts';
import { getClusterRow } from '../find-cluster.ts';
import type { ClusterRow } from './change-cluster.ts';
import { draftNotice } from './fix-notice.ts';

export const affectedQuerySchema = z.strictObject({
  told: z.enum(['true', 'false']).optional().describe('Whether they were told of the fix in force.'),
  ...pageQuerySchema.shape,
});

export const affectedSchema = z
  .object({
    customer_id: z.uuid(),
    ref: z.string().describe('The sender’s own id of the customer.'),
    tier: z.string().nullable(),
    language: z.string().describe('Of their last message about it.'),
    items: z.int().describe('Their messages in the cluster.'),
    last_item: z.uuid().describe('The newest of them: to answer on.'),
    notice: z.string().nullable().describe('A draft in their language; null while the issue is not fixed.'),
    told_at: z.iso.datetime().nullable().describe('When they were told of the fix in force.'),
    told_by: z.string().nullable(),
  })
  .meta({ id: 'AffectedCustomer' });
export type Affected = z.infer<typeof affectedSchema>;

interface AffectedRow {
  readonly id: string;
  readonly ref: string;
  readonly tier: string | null;
  readonly language: string;
  readonly items: string;
  readonly last_item: string;
  readonly told_at: Date | null;
  readonly told_by: string | null;
}

/**
 * The customers who reported it, with what could be written to them. Nothing is sent: whoever sends marks them as told.
 *
 * @throws AppError `not_found`
 */
export async function listAffected(
  { database: { kysely }, policy }: Pick<Context, 'database' | 'policy'>,
  id: string,
  { told, limit, cursor }: z.infer<typeof affectedQuerySchema>,
): Promise<{ items: Affected[]; next_cursor: string | null }> {
  const row = await getClusterRow(kysely, id);
  const after = cursor === undefined ? sql`` : sql`and c.id > ${decodeCursor('uuid', cursor)}::uuid`;
  const only = told === undefined ? sql`` : sql`and t.at is ${told === 'true' ? sql`not null` : sql`null`}`;
  const { rows } = await sql<AffectedRow>`
    select c.id, c.ref, c.tier, f.language, f.items, f.last_item, t.at as told_at, t.person as told_by
    from (
      select customer_id, count(*) as items, (array_agg(f.id order by f.id desc))[1] as last_item,
        (array_agg(f.language order by f.id desc))[1] as language
      from cluster_member m join feedback f on f.id = m.feedback_id
      where m.cluster_id = ${row.id}::uuid and customer_id is not null
      group by customer_id) f
    join customer c on c.id = f.customer_id
    left join lateral (
      select at, person from cluster_told t
      where t.cluster_id = ${row.id}::uuid and t.customer_id = c.id and t.at >= ${row.fixed_at}::timestamptz
      order by t.id limit 1) t on true
    where true ${after} ${only}
    order by c.id limit ${limit + 1}`.execute(kysely);
  const page = toPage(rows, limit, 'uuid', (one) => one.id);
  const items = page.items.map(({ id: customer_id, told_at, items: count, ...rest }) => ({
    ...rest,
    customer_id,
    items: Number(count),
    notice: noticeFor(row, policy, rest.language),
    told_at: told_at?.toISOString() ?? null,
  }));
  return { items, next_cursor: page.nextCursor };
}

function noticeFor(row: ClusterRow, { fixNotice }: Pick<Context['policy'], 'fixNotice'>, language: string) {
  if (row.issue_status !== 'fixed' || row.fixed_in === null) return null;
  const title = { zh: row.title_zh, en: row.title_en };
  return draftNotice(fixNotice, language, { title, version: row.fixed_in });
}
