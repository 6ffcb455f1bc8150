import type { Insertable } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { refreshNow } from '../../src/clusters/trend/refresh-now.ts';
import type { ClusterTable } from '../../src/db/cluster-tables.ts';
import { report } from './clusters.ts';
import type { TestService } from './context.ts';

/** A cluster and its items in the order in which they came. */
export interface MadeCluster {
  readonly id: string;
  readonly items: readonly string[];
}

/** A message of a cluster: its text and, where known, who wrote it. */
export type Said = string | readonly [text: string, customer: string, more?: object];

/** A cluster of just these messages, whatever they say. */
export async function makeCluster(
  service: TestService,
  said: readonly Said[],
  columns: Partial<Insertable<ClusterTable>> = {},
): Promise<MadeCluster> {
  const { kysely } = service.database;
  const items: string[] = [];
  for (const one of said) {
    const [text, ref, more] = typeof one === 'string' ? [one] : one;
    items.push((await report(service, text, ref, more)).id);
  }
  const at = service.context.now();
  const id = columns.id ?? uuidv7();
  const row = { id, created_at: at, updated_at: at, title_zh: '提现未到账', title_en: 'Withdrawals not arriving' };
  const seen = { first_seen_at: at, last_seen_at: at };
  await kysely
    .insertInto('cluster')
    .values({ ...row, ...seen, ...columns })
    .execute();
  const members = items.map((item) => ({ feedback_id: item, cluster_id: id, joined_at: at, joined_by: 'recluster' }));
  await kysely
    .insertInto('cluster_member')
    .values(members)
    .onConflict((conflict) => conflict.column('feedback_id').doUpdateSet({ cluster_id: id }))
    .execute();
  await refreshNow(kysely, service.context, [id]);
  return { id, items };
}

/** An open alert of a cluster. */
export async function makeAlert(service: TestService, cluster: string, values: object = {}): Promise<string> {
  const id = uuidv7();
  const at = service.context.now();
  const about = { kind: 'burst', key: `cluster:${cluster}`, cluster_id: cluster, group_id: id };
  await service.database.kysely
    .insertInto('alert')
    .values({ id, ...about, started_at: at, opened_at: at, peak: 9, expected: 0.5, ...values })
    .execute();
  return id;
}

/** The cluster that an item is in, as the database has it. */
export async function membersOf(service: TestService, cluster: string): Promise<string[]> {
  const rows = await service.database.kysely
    .selectFrom('cluster_member')
    .select('feedback_id')
    .where('cluster_id', '=', cluster)
    .orderBy('feedback_id')
    .execute();
  return rows.map(({ feedback_id }) => feedback_id);
}
