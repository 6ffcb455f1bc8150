import { type Kysely, type QueryCreator, sql } from 'kysely';
import type { Tables } from '../db/tables.ts';
import type { IdempotencyKey, KeptAnswer } from '../intake/idempotency.ts';
import { firstHead } from './audit-entry.ts';
import type { PreparedItem } from './prepare-item.ts';

/** The cluster that a new item joins. */
export interface JoinedCluster {
  readonly cluster: string;
  readonly similarity: number;
  /** Customers in it, with this one. */
  readonly reports: number;
  /** Items that are in none and go along. */
  readonly with: readonly string[];
}

/**
 * Stores an item in one statement: common table expressions that insert run together or not at all, and cost one
 * round trip instead of ten. Foreign keys are checked at its end, so the order of the parts does not matter.
 */
export async function storeItem(
  db: Kysely<Tables>,
  item: PreparedItem,
  answer?: IdempotencyKey & KeptAnswer,
  join?: JoinedCluster,
): Promise<void> {
  const { customer, sealed } = item;
  let parts: QueryCreator<Tables> = db;
  if (customer) {
    parts = parts.with('person', (cte) =>
      cte
        .insertInto('customer')
        .values(customer)
        .onConflict((conflict) =>
          conflict.column('ref').doUpdateSet((row) => ({
            tier: row.fn.coalesce('excluded.tier', 'customer.tier'),
            updated_at: row.ref('excluded.updated_at'),
          })),
        )
        .returning('id'),
    );
  }
  const customer_id = customer ? sql<string>`(select id from person)` : null;
  parts = parts
    .with('item', (cte) => cte.insertInto('feedback').values({ ...item.feedback, customer_id }))
    .with('item_vector', (cte) => cte.insertInto('feedback_vector').values(item.vector))
    .with('item_audit', (cte) => cte.insertInto('audit').values(item.audit))
    .with('item_head', (cte) => cte.insertInto('audit_head').values(firstHead(item.audit)))
    .with('item_event', (cte) => cte.insertInto('outbox').values(item.event));
  if (sealed) parts = parts.with('item_sealed', (cte) => cte.insertInto('pii_vault').values(sealed));
  if (join) parts = withJoin(parts, item, join);
  if (answer) {
    parts = parts.with('answered', (cte) =>
      cte
        .updateTable('idempotency')
        .set({ status: answer.status, response: answer.body })
        .where('scope', '=', answer.scope)
        .where('key', '=', answer.key),
    );
  }
  await parts.insertInto('decision').values(item.decision).execute();
}

/** One that was retired a moment ago takes nobody in: the row is held while it is looked at. */
function withJoin(parts: QueryCreator<Tables>, { feedback }: PreparedItem, join: JoinedCluster): QueryCreator<Tables> {
  const moment = feedback.happened_at ?? feedback.received_at;
  return parts
    .with('grown', (cte) =>
      cte
        .updateTable('cluster')
        .set({
          items: sql`items + 1 + ${join.with.length}::integer`,
          customers: join.reports,
          first_seen_at: sql`least(first_seen_at, ${moment}::timestamptz)`,
          last_seen_at: sql`greatest(last_seen_at, ${moment}::timestamptz)`,
        })
        .where('id', '=', join.cluster)
        .where('retired_at', 'is', null)
        .returning('id'),
    )
    .with('joined', (cte) =>
      cte
        .insertInto('cluster_member')
        .columns(['feedback_id', 'cluster_id', 'joined_at', 'joined_by', 'similarity'])
        .expression(
          sql<never>`
            select ${feedback.id}::uuid, id, ${feedback.received_at}::timestamptz, 'arrival', ${join.similarity}::real
            from grown
            union all
            select f.id, grown.id, ${feedback.received_at}::timestamptz, 'arrival', null
            from grown, feedback f where f.id = any(${[...join.with]}::uuid[])`,
        )
        // Another replica may have taken those who go along into a cluster at this moment.
        .onConflict((conflict) => conflict.column('feedback_id').doNothing()),
    );
}
