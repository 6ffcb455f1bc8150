import type { Routing } from './routing.ts';
import type { SlaPolicy } from './sla-policy.ts';

/** Queues that deadlines name (those that hold for some only, and those that take over) and routing does not have. */
export function findUnknownQueues(
  { priorities, overrides }: SlaPolicy,
  { queues }: Routing,
): { readonly pointer: string; readonly message: string }[] {
  const known = new Set(queues.map(({ key }) => key));
  const takeOver = (table: SlaPolicy['overrides'][number]['priorities'], place: string) =>
    Object.entries(table).map(([priority, { escalate_to: queue } = {}]) => ({
      pointer: `${place}/${priority}/escalate_to`,
      named: queue === undefined ? [] : [queue],
    }));
  return [
    ...takeOver(priorities, '/priorities'),
    ...overrides.flatMap((override, index) => [
      { pointer: `/overrides/${index}/queues`, named: override.queues ?? [] },
      ...takeOver(override.priorities, `/overrides/${index}/priorities`),
    ]),
  ].flatMap(({ pointer, named }) =>
    named.filter((queue) => !known.has(queue)).map((queue) => ({ pointer, message: `there is no queue ${queue}` })),
  );
}
