import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';
import { applyChange, type ChangeOptions, checkVersion } from '../feedback/change-item.ts';
import type { FeedbackRow } from '../feedback/find-item.ts';
import { recordChange } from '../feedback/record-change.ts';
import { isOpenItem } from '../feedback/waiting.ts';
import { findAgentLocked, noSuchAgent } from './agent-rows.ts';
import { toUnassigned } from './hold.ts';

export const removalQuerySchema = z.strictObject({
  items: z
    .enum(['return'])
    .optional()
    .describe('`return`: open items go back to their queues. Without it an agent who has some is not removed.')
    .meta({ example: 'return' }),
});

export const removalSchema = z.object({
  removed: z.uuid(),
  returned_items: z.int().describe('Items that went back to their queues.'),
});
export type Removal = z.infer<typeof removalSchema>;

/**
 * Removes an agent. Items of the past go on naming them; open ones must be given back, in the same transaction.
 *
 * @throws AppError `not_found`, `precondition_failed`, `conflict` when they have open items that are not to be returned
 */
export async function removeAgent(
  { database, now }: Pick<Context, 'database' | 'now'>,
  id: string,
  { items }: z.infer<typeof removalQuerySchema>,
  { actor, ifVersion }: ChangeOptions,
): Promise<Removal> {
  return await database.kysely.transaction().execute(async (tx) => {
    const agent = await findAgentLocked(tx, id);
    if (agent === undefined) throw noSuchAgent();
    checkVersion(agent.version, ifVersion, 'agent');
    const rows = await lockItems(tx, agent.id);
    if (rows.length > 0 && items !== 'return') throw hasItems(rows.length);
    const by = { actor, at: now() };
    for (const row of rows) {
      const change = { from: row.assignee, reason: 'agent_removed' };
      await applyChange(tx, row, toUnassigned(row, { action: 'feedback.released', change, set: {} }, 'person', by), by);
    }
    await tx
      .updateTable('agent')
      .set({ removed_at: by.at, updated_at: by.at, presence: 'offline', version: agent.version + 1 })
      .where('id', '=', agent.id)
      .execute();
    const facts = { ...by, action: 'agent.removed', subjectKind: 'agent', subjectId: agent.id };
    await recordChange(tx, { ...facts, change: { name: agent.name, returned_items: rows.length } });
    return { removed: agent.id, returned_items: rows.length };
  });
}

async function lockItems(tx: Transaction<Tables>, agent: string): Promise<FeedbackRow[]> {
  return await tx
    .selectFrom('feedback')
    .selectAll()
    .where('assignee', '=', agent)
    .where('closed_at', 'is', null)
    .where(isOpenItem())
    .orderBy('id')
    .forUpdate()
    .execute();
}

function hasItems(count: number): AppError {
  const items = count === 1 ? '1 open item' : `${count} open items`;
  return new AppError('conflict', `The agent has ${items}. Give them to others, or send items=return.`, {
    errors: [{ pointer: '/items', message: 'must be return, by which they go back to their queues' }],
  });
}
