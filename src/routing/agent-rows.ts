import type { Kysely, Selectable, Transaction } from 'kysely';
import { validate as isUuid } from 'uuid';
import type { AgentTable, Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';
import { isOpenItem } from '../feedback/waiting.ts';
import { PRIORITIES, type Priority } from '../triage/rules.ts';
import { type AgentView, agentSchema } from './agent.ts';

export type AgentRow = Selectable<AgentTable>;
type Db = Kysely<Tables> | Transaction<Tables>;
type Weights = Readonly<Record<Priority, number>>;

/** What an agent has to do. */
export interface Load {
  readonly items: number;
  /** Sum of the weights. */
  readonly load: number;
}

const NOTHING: Load = { items: 0, load: 0 };

export function noSuchAgent(): AppError {
  return new AppError('not_found', 'There is no agent with this id. GET /v1/agents lists those there are.');
}

/** Of this id, unless removed. @throws AppError `not_found` */
export async function getAgent(db: Db, id: string): Promise<AgentRow> {
  const row = isUuid(id) ? await agents(db).where('id', '=', id).executeTakeFirst() : undefined;
  if (row === undefined) throw noSuchAgent();
  return row;
}

/**
 * The agent, whom nobody else changes until the transaction ends; undefined when there is none, or no more. Agents are
 * locked before items everywhere, so that no two transactions wait for one another.
 */
export async function findAgentLocked(tx: Transaction<Tables>, id: string): Promise<AgentRow | undefined> {
  return isUuid(id) ? await agents(tx).where('id', '=', id).forUpdate().executeTakeFirst() : undefined;
}

/** All that are there, by name. */
export async function listAgentRows(db: Db): Promise<AgentRow[]> {
  return await agents(db).orderBy('name_key').execute();
}

/** What each of these agents has open; those who have nothing are left out. */
export async function findLoads(db: Db, ids: readonly string[], weights: Weights): Promise<Map<string, Load>> {
  const loads = new Map<string, Load>();
  if (ids.length === 0) return loads;
  const rows = await db
    .selectFrom('feedback')
    .select((row) => ['assignee', 'priority', row.fn.countAll<string>().as('items')])
    .where('assignee', 'in', ids)
    // Said again in the index's own words, by which PostgreSQL sees that it serves.
    .where('closed_at', 'is', null)
    .where(isOpenItem())
    .groupBy(['assignee', 'priority'])
    .execute();
  for (const { assignee, priority, items } of rows) {
    if (assignee === null) continue;
    const before = loads.get(assignee) ?? NOTHING;
    const weight = weights[PRIORITIES.find((known) => known === priority) ?? 'P4'];
    loads.set(assignee, { items: before.items + Number(items), load: before.load + Number(items) * weight });
  }
  return loads;
}

export function toAgentView(row: AgentRow, { items, load }: Load = NOTHING): AgentView {
  return agentSchema.parse({
    ...row,
    load,
    open_items: items,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    last_assigned_at: row.last_assigned_at?.toISOString() ?? null,
  });
}

/** The agent with what they have to do. */
export async function viewAgent(db: Db, row: AgentRow, weights: Weights): Promise<AgentView> {
  return toAgentView(row, (await findLoads(db, [row.id], weights)).get(row.id));
}

function agents(db: Db) {
  return db.selectFrom('agent').selectAll().where('removed_at', 'is', null);
}
