import type { Transaction } from 'kysely';
import type { Tables } from '../db/tables.ts';
import type { Worker } from '../triage/assignment.ts';
import type { Priority } from '../triage/rules.ts';
import { findLoads, listAgentRows } from './agent-rows.ts';

/**
 * All agents as assignment sees them. Those who are available are held until the transaction ends, in one order for
 * everybody: whoever else gives them items waits, and their loads are true as long.
 */
export async function listWorkers(
  tx: Transaction<Tables>,
  weights: Readonly<Record<Priority, number>>,
): Promise<Worker[]> {
  const held = await tx
    .selectFrom('agent')
    .select('id')
    .where('removed_at', 'is', null)
    .where('presence', '=', 'available')
    .orderBy('id')
    .forUpdate()
    .execute();
  const ids = new Set(held.map(({ id }) => id));
  const [rows, loads] = [await listAgentRows(tx), await findLoads(tx, [...ids], weights)];
  return rows.map(({ id, languages, skills, capacity, presence, last_assigned_at }) => ({
    id,
    languages,
    skills,
    capacity,
    // Who came after the others were held gets something in the next round.
    presence: presence === 'available' && !ids.has(id) ? 'away' : presence,
    load: loads.get(id)?.load ?? 0,
    lastAssignedAt: last_assigned_at?.getTime() ?? null,
  }));
}
