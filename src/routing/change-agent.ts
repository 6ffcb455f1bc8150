import { isDeepStrictEqual } from 'node:util';
import type { Context } from '../context.ts';
import { type ChangeOptions, checkVersion } from '../feedback/change-item.ts';
import { recordChange } from '../feedback/record-change.ts';
import { type AgentChange, type AgentView, checkSkills, nameKey } from './agent.ts';
import { type AgentRow, findAgentLocked, noSuchAgent, viewAgent } from './agent-rows.ts';
import { nameTaken } from './create-agent.ts';

/**
 * Changes an agent; what is given as it is already changes nothing. Items that they have stay theirs.
 *
 * @throws AppError `not_found`, `precondition_failed`, `invalid_input`, `conflict` for a name that is taken
 */
export async function changeAgent(
  { database, policy, now }: Context,
  id: string,
  request: AgentChange,
  { actor, ifVersion }: ChangeOptions,
): Promise<AgentView> {
  const { weights } = policy.routing;
  return await nameTaken(() =>
    database.kysely.transaction().execute(async (tx) => {
      const row = await findAgentLocked(tx, id);
      if (row === undefined) throw noSuchAgent();
      checkVersion(row.version, ifVersion, 'agent');
      checkSkills(policy.routing, request.skills);
      const change = differenceOf(row, request);
      if (change === undefined) return await viewAgent(tx, row, weights);
      const at = now();
      const changed = await tx
        .updateTable('agent')
        .set({ ...request, updated_at: at, version: row.version + 1 })
        .$if(request.name !== undefined, (update) => update.set({ name_key: nameKey(request.name ?? '') }))
        .where('id', '=', row.id)
        .returningAll()
        .executeTakeFirstOrThrow();
      const facts = { at, actor, action: 'agent.changed', subjectKind: 'agent', subjectId: row.id };
      await recordChange(tx, { ...facts, change });
      return await viewAgent(tx, changed, weights);
    }),
  );
}

/** What the audit tells: the values that differ, before and after. */
function differenceOf(row: AgentRow, request: AgentChange): Readonly<Record<string, unknown>> | undefined {
  const names = (Object.keys(request) as (keyof AgentChange)[]).filter(
    (name) => request[name] !== undefined && !isDeepStrictEqual(row[name], request[name]),
  );
  if (names.length === 0) return undefined;
  const pick = (values: AgentRow | AgentChange) => Object.fromEntries(names.map((name) => [name, values[name]]));
  return { before: pick(row), after: pick(request) };
}
