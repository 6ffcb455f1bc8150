import { type Kysely, type QueryCreator, sql } from 'kysely';
import type { Tables } from '../db/tables.ts';
import type { IdempotencyKey, KeptAnswer } from '../intake/idempotency.ts';
import { firstHead } from './audit-entry.ts';
import type { PreparedItem } from './prepare-item.ts';

/**
 * Stores an item in one statement: common table expressions that insert run together or not at all, and cost one
 * round trip instead of ten. Foreign keys are checked at its end, so the order of the parts does not matter.
 */
export async function storeItem(
  db: Kysely<Tables>,
  item: PreparedItem,
  answer?: IdempotencyKey & KeptAnswer,
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
