import { CLUSTERED_ITEM, OTHER_CLUSTER, TOLD_EXAMPLES } from '../../src/http/cluster-examples.ts';
import { type MadeCluster, makeAlert, makeCluster } from './cluster-fixture.ts';
import type { TestService } from './context.ts';
import type { Operation } from './openapi.ts';

const SAID = [['充值没到账', 'example-1'], '充值一直没到', '充值三天没有到账'] as const;

/** Something on which an operation of clusters or alerts can be done, under the ids that its examples name. */
export async function prepareClusterExample(
  service: TestService,
  { operationId, path }: Operation,
): Promise<{ readonly id: string; fill(body: string): string } | undefined> {
  if (!/^\/v1\/(?:clusters|alerts)\//u.test(path)) return undefined;
  const isFixed = operationId === 'tellCustomers';
  const fixed = { issue_status: 'fixed', fixed_in: '1', fixed_at: new Date(0) } as const;
  const made: MadeCluster = await makeCluster(service, SAID, isFixed ? fixed : {});
  if (path.startsWith('/v1/alerts/')) return { id: await makeAlert(service, made.id), fill: (body) => body };
  const other = await makeCluster(service, ['提现没到账']);
  const { customer_id } = await service.database.kysely
    .selectFrom('feedback')
    .select('customer_id')
    .where('id', '=', made.items[0] ?? '')
    .executeTakeFirstOrThrow();
  const [customer = ''] = TOLD_EXAMPLES.told.value.customers;
  const fill = (body: string) =>
    body
      .replace(OTHER_CLUSTER, other.id)
      .replace(CLUSTERED_ITEM, made.items[0] ?? '')
      .replace(customer, customer_id ?? '');
  return { id: made.id, fill };
}
