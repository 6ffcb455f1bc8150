import { z } from 'zod';
import type { Context } from '../context.ts';
import { decodeCursor, toPage } from '../db/paginate.ts';
import type { PageQuery } from '../feedback/page-query.ts';
import { toView } from '../feedback/rows.ts';
import { feedbackSchema } from '../feedback/view.ts';
import { getClusterRow } from './find-cluster.ts';

export const clusterItemSchema = z
  .object({
    item: feedbackSchema,
    joined_at: z.iso.datetime(),
    joined_by: z.enum(['arrival', 'recluster', 'person']).describe('How it came here.'),
    similarity: z.number().nullable().describe('To the members, where it came by itself.'),
  })
  .meta({ id: 'ClusterItem' });
export type ClusterMember = z.infer<typeof clusterItemSchema>;

/** The items of a cluster, the newest first. @throws AppError `not_found` */
export async function listMembers(
  { database: { kysely } }: Pick<Context, 'database'>,
  id: string,
  { limit, cursor }: PageQuery,
): Promise<{ items: ClusterMember[]; next_cursor: string | null }> {
  const row = await getClusterRow(kysely, id);
  let members = kysely
    .selectFrom('cluster_member')
    .innerJoin('feedback', 'feedback.id', 'feedback_id')
    .selectAll('feedback')
    .select(['joined_at', 'joined_by', 'similarity'])
    .where('cluster_id', '=', row.id);
  if (cursor !== undefined) members = members.where('feedback_id', '<', decodeCursor('uuid', cursor));
  const found = await members
    .orderBy('feedback_id', 'desc')
    .limit(limit + 1)
    .execute();
  const page = toPage(found, limit, 'uuid', (member) => member.id);
  const items = page.items.map(({ joined_at, joined_by, similarity, ...item }) =>
    clusterItemSchema.parse({ item: toView(item), joined_at: joined_at.toISOString(), joined_by, similarity }),
  );
  return { items, next_cursor: page.nextCursor };
}
