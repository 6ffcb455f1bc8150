import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { person } from '../../feedback/request-fields.ts';
import { holdClusters } from '../find-cluster.ts';
import { occasionOf } from './by-person.ts';
import { applyClusterChange, type ClusterChangeOptions, type ClusterRow } from './change-cluster.ts';
import { distinctIds } from './move-items.ts';

const MOST = 200;

export const toldRequestSchema = z
  .strictObject({
    customers: distinctIds(MOST).describe('`customer_id` of those who were told.'),
    by: person.optional(),
  })
  .meta({ id: 'ToldRequest' });

export interface Told {
  readonly cluster: ClusterRow;
  /** Customers who are marked by this, and those who were marked before. */
  readonly told: number;
  readonly already: number;
}

/**
 * Marks customers as told of the fix in force; those who are marked already stay as they are.
 *
 * @throws AppError `not_found`, `conflict` while the issue is not fixed, `invalid_input` for customers who did not report
 *   it, `precondition_failed`
 */
export async function tellCustomers(
  context: Pick<Context, 'database' | 'vault' | 'now'>,
  id: string,
  { customers, by }: z.infer<typeof toldRequestSchema>,
  { actor, ifVersion }: ClusterChangeOptions,
): Promise<Told> {
  const occasion = occasionOf(context, actor, by);
  return await context.database.kysely.transaction().execute(async (tx) => {
    const [row] = await holdClusters(tx, [id], { ifVersion });
    const { fixed_at, fixed_in } = row;
    if (row.issue_status !== 'fixed' || fixed_at === null)
      throw new AppError(
        'conflict',
        'The issue is not fixed: there is nothing to tell. Set its status to fixed first.',
      );
    const reporters = await tx
      .selectFrom('cluster_member')
      .innerJoin('feedback', 'feedback.id', 'feedback_id')
      .select('customer_id')
      .distinct()
      .where('cluster_id', '=', row.id)
      .where('customer_id', 'in', customers)
      .execute();
    refuseStrangers(customers, new Set(reporters.map(({ customer_id }) => customer_id)));
    const before = await tx
      .selectFrom('cluster_told')
      .select('customer_id')
      .distinct()
      .where('cluster_id', '=', row.id)
      .where('customer_id', 'in', customers)
      .where('at', '>=', fixed_at)
      .execute();
    const known = new Set(before.map(({ customer_id }) => customer_id));
    const fresh = customers.filter((customer) => !known.has(customer));
    if (fresh.length === 0) return { cluster: row, told: 0, already: known.size };
    const { at, person: who } = occasion;
    const same = { cluster_id: row.id, at, actor: JSON.stringify(actor), person: who, fixed_in };
    const rows = fresh.map((customer_id) => ({ id: uuidv7(), customer_id, ...same }));
    const change = { customers: fresh, fixed_in, by: who };
    const cluster = await applyClusterChange(
      tx,
      row,
      {
        action: 'cluster.customers_told',
        change,
        set: {},
        also: (inside) => inside.insertInto('cluster_told').values(rows).execute(),
      },
      occasion,
    );
    return { cluster, told: fresh.length, already: known.size };
  });
}

function refuseStrangers(customers: readonly string[], reporters: ReadonlySet<string | null>): void {
  const errors = customers.flatMap((customer, at) =>
    reporters.has(customer)
      ? []
      : [{ pointer: `/customers/${at}`, message: 'has not reported it; GET …/affected lists those who have' }],
  );
  if (errors.length > 0) throw new AppError('invalid_input', 'Some of them have not reported it.', { errors });
}
