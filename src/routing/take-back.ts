import { type SqlBool, sql } from 'kysely';
import type { Context } from '../context.ts';
import type { Actor } from '../feedback/actor.ts';
import { applyChange } from '../feedback/change-item.ts';
import { isOpenItem } from '../feedback/waiting.ts';
import { toUnassigned } from './hold.ts';

const MOST = 500;

/**
 * Takes items from agents who may not have them any more: what was reopened after its agent was removed, and what came
 * into a restricted queue (by a correction) in the hands of somebody without its skill.
 */
export async function takeBack(
  { database, policy, now }: Pick<Context, 'database' | 'policy' | 'now'>,
  actor: Actor,
): Promise<void> {
  const restricted = policy.routing.queues.filter((queue) => queue.restricted).map(({ key }) => key);
  const isRemoved = sql<boolean>`agent.removed_at is not null`;
  const lacksSkill = sql<SqlBool>`(queue = any(${restricted}::text[]) and not queue = any(agent.skills))`;
  await database.kysely.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('feedback')
      .innerJoin('agent', 'agent.id', 'feedback.assignee')
      .selectAll('feedback')
      .select(isRemoved.as('is_removed'))
      .where(isOpenItem())
      .where('closed_at', 'is', null)
      .where(({ or }) => or([isRemoved, lacksSkill]))
      .orderBy('feedback.id')
      .limit(MOST)
      .forUpdate('feedback')
      .skipLocked()
      .execute();
    const by = { actor, at: now() };
    for (const row of rows) {
      const change = { from: row.assignee, reason: row.is_removed ? 'agent_removed' : 'skill_missing' };
      const released = { action: 'feedback.released', change, set: {} };
      await applyChange(tx, row, toUnassigned(row, released, 'machine', by), by);
    }
  });
}
