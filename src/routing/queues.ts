import { sql } from 'kysely';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { isOpenItem, isWaiting } from '../feedback/waiting.ts';
import type { Routing } from '../triage/routing.ts';
import { bilingualSchema } from '../triage/taxonomy.ts';

const counts = {
  open: z.int().describe('Items that are not resolved.'),
  unassigned: z.int().describe('Of these, those that wait for somebody; snoozed ones are not counted.'),
  oldest_unassigned_seconds: z.int().nullable().describe('Since the oldest of them was received; null without one.'),
  overdue_first_responses: z.int().describe('Open items whose first response is late.'),
};
type Counts = { -readonly [Name in keyof typeof counts]: z.infer<(typeof counts)[Name]> };

export const queueStateSchema = z
  .object({
    key: z.string(),
    name: bilingualSchema,
    team: z.string().nullable().describe('Null for a queue that routing does not know any more, but items lie in.'),
    restricted: z.boolean().describe('Only agents with this skill get its items.'),
    ...counts,
  })
  .meta({ id: 'Queue' });
export type QueueState = z.infer<typeof queueStateSchema>;

export const teamStateSchema = z
  .object({ key: z.string(), name: bilingualSchema, queues: z.array(z.string()).describe('Keys.'), ...counts })
  .meta({ id: 'Team' });
export type TeamState = z.infer<typeof teamStateSchema>;

type Source = Pick<Context, 'database' | 'policy' | 'now'>;

const NONE: Counts = { open: 0, unassigned: 0, oldest_unassigned_seconds: null, overdue_first_responses: 0 };

/** Every queue with what lies in it, in the order of routing; queues that routing has lost come last. */
export async function listQueues({ database, policy, now }: Source): Promise<QueueState[]> {
  const { queues, teams } = policy.routing;
  const found = await countByQueue(database, now());
  const known = queues.map(({ key, name, restricted }) => ({
    key,
    name,
    team: teams.find((team) => team.queues.includes(key))?.key ?? null,
    restricted,
    ...(found.get(key) ?? NONE),
  }));
  const lost = [...found].filter(([key]) => !queues.some((queue) => queue.key === key));
  return [
    ...known,
    ...lost.map(([key, state]) => ({ key, name: { zh: key, en: key }, team: null, restricted: true, ...state })),
  ];
}

/** Every team with the sums over its queues. */
export async function listTeams({ database, policy, now }: Source): Promise<TeamState[]> {
  const found = await countByQueue(database, now());
  return policy.routing.teams.map(({ key, name, queues }) => ({ key, name, queues, ...sumOf(queues, found) }));
}

function sumOf(queues: Routing['teams'][number]['queues'], found: ReadonlyMap<string, Counts>): Counts {
  return queues
    .map((key) => found.get(key) ?? NONE)
    .reduce((sum, one) => ({
      open: sum.open + one.open,
      unassigned: sum.unassigned + one.unassigned,
      oldest_unassigned_seconds:
        sum.oldest_unassigned_seconds === null || one.oldest_unassigned_seconds === null
          ? (sum.oldest_unassigned_seconds ?? one.oldest_unassigned_seconds)
          : Math.max(sum.oldest_unassigned_seconds, one.oldest_unassigned_seconds),
      overdue_first_responses: sum.overdue_first_responses + one.overdue_first_responses,
    }));
}

async function countByQueue({ kysely }: Context['database'], at: Date): Promise<Map<string, Counts>> {
  const rows = await kysely
    .selectFrom('feedback')
    .select((row) => [
      'queue',
      row.fn.countAll<string>().as('open'),
      row.fn.countAll<string>().filterWhere(isWaiting(at)).as('unassigned'),
      row.fn.min<Date | null>('received_at').filterWhere(isWaiting(at)).as('oldest'),
      row.fn
        .countAll<string>()
        .filterWhere(sql<boolean>`first_responded_at is null and first_response_due_at < ${at}`)
        .as('overdue'),
    ])
    .where(isOpenItem())
    .groupBy('queue')
    .orderBy('queue')
    .execute();
  return new Map(
    rows.map(({ queue, open, unassigned, oldest, overdue }) => [
      queue,
      {
        open: Number(open),
        unassigned: Number(unassigned),
        // A clock that was set back must not give an age below nothing.
        oldest_unassigned_seconds:
          oldest === null ? null : Math.max(0, Math.round((at.getTime() - oldest.getTime()) / 1_000)),
        overdue_first_responses: Number(overdue),
      },
    ]),
  );
}
