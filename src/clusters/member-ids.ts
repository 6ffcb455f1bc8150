import type { Kysely } from 'kysely';
import type { Tables } from '../db/tables.ts';

/** The items of a cluster, oldest first. */
export async function listMemberIds(db: Kysely<Tables>, cluster: string): Promise<string[]> {
  const rows = await db
    .selectFrom('cluster_member')
    .select('feedback_id')
    .where('cluster_id', '=', cluster)
    .orderBy('feedback_id')
    .execute();
  return rows.map(({ feedback_id }) => feedback_id);
}
