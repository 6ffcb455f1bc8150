import type { Context } from '../context.ts';
import type { AgentView } from './agent.ts';
import { findLoads, getAgent, listAgentRows, toAgentView, viewAgent } from './agent-rows.ts';

type Source = Pick<Context, 'database' | 'policy'>;

/** All agents with what they have to do, by name. */
export async function listAgents({ database, policy }: Source): Promise<AgentView[]> {
  const rows = await listAgentRows(database.kysely);
  const ids = rows.map(({ id }) => id);
  const loads = await findLoads(database.kysely, ids, policy.routing.weights);
  return rows.map((row) => toAgentView(row, loads.get(row.id)));
}

/** @throws AppError `not_found` */
export async function findAgent({ database, policy }: Source, id: string): Promise<AgentView> {
  return await viewAgent(database.kysely, await getAgent(database.kysely, id), policy.routing.weights);
}
