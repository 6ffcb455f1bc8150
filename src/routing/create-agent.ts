import { sql, type Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { isUniqueViolation } from '../db/errors.ts';
import type { Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';
import type { Actor } from '../feedback/actor.ts';
import { recordChange } from '../feedback/record-change.ts';
import { type AgentView, checkSkills, type NewAgent, nameKey } from './agent.ts';
import { toAgentView } from './agent-rows.ts';

/** Agents of one installation: all of them are looked at for every item. */
const MAX_AGENTS = 2_000;

/**
 * Adds an agent.
 *
 * @throws AppError `invalid_input` for skills that are no queues, `conflict` for a name that is taken
 */
export async function createAgent(
  { database, policy, now }: Context,
  request: NewAgent,
  actor: Actor,
): Promise<AgentView> {
  checkSkills(policy.routing, request.skills);
  const at = now();
  const row = { id: uuidv7(), ...request, name_key: nameKey(request.name), created_at: at, updated_at: at };
  return await nameTaken(() =>
    database.kysely.transaction().execute(async (tx) => {
      await refuseTooMany(tx);
      const created = await tx.insertInto('agent').values(row).returningAll().executeTakeFirstOrThrow();
      const facts = { at, actor, action: 'agent.created', subjectKind: 'agent', subjectId: row.id };
      await recordChange(tx, { ...facts, change: { ...request } });
      return toAgentView(created);
    }),
  );
}

/** Runs what writes a name. @throws AppError `conflict` when another agent has it */
export async function nameTaken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isUniqueViolation(error, 'agent_name')) throw error;
    throw new AppError('conflict', 'Another agent has this name; capitals and width do not tell names apart.', {
      errors: [{ pointer: '/name', message: 'is taken; give one that no other agent has' }],
    });
  }
}

async function refuseTooMany(tx: Transaction<Tables>): Promise<void> {
  // Two at once must not both be the last one.
  await sql`select pg_advisory_xact_lock(hashtext('agent'))`.execute(tx);
  const { n } = await tx
    .selectFrom('agent')
    .select((row) => row.fn.countAll<string>().as('n'))
    .where('removed_at', 'is', null)
    .executeTakeFirstOrThrow();
  if (Number(n) >= MAX_AGENTS)
    throw new AppError('conflict', `There are ${MAX_AGENTS} agents already. Remove one who has left.`);
}
