import type { Transaction } from 'kysely';
import type { Context } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';
import type { Actor } from '../feedback/actor.ts';
import { applyChange, type ChangeOptions, checkVersion } from '../feedback/change-item.ts';
import { type FeedbackRow, lockRow } from '../feedback/find-item.ts';
import { refuseMerged } from '../feedback/merged.ts';
import { toView } from '../feedback/rows.ts';
import { isAnswered, isWaiting } from '../feedback/waiting.ts';
import { speaks } from '../triage/assignment.ts';
import { findQueue, isRestricted, type Routing } from '../triage/routing.ts';
import { PRIORITIES } from '../triage/rules.ts';
import { type AgentRow, findAgentLocked, findLoads, type Load } from './agent-rows.ts';
import { type AssignedItem, type NextRequest, WARNINGS, type WarningCode } from './assign-request.ts';
import { checkTakeable, moveToEnd, toAssigned } from './hold.ts';

type Source = Pick<Context, 'database' | 'policy' | 'now'>;

export interface Claim {
  readonly to: string;
  readonly takeOver: boolean;
  readonly reason: string | null;
  readonly person: string | null;
}

/**
 * Gives an item to an agent by hand. The one who has it keeps it unless the caller has seen that (`If-Match`) or says
 * that it is to be taken over.
 *
 * @throws AppError `not_found`, `invalid_input` for an agent who is not there, `conflict` when somebody else has it, the
 *   item is not open, or its queue is restricted and the agent lacks the skill; `precondition_failed`
 */
export async function claimItem(
  { database, policy, now }: Source,
  id: string,
  { to, takeOver, reason, person }: Claim,
  { actor, ifVersion }: ChangeOptions,
): Promise<AssignedItem> {
  const { routing } = policy;
  return await database.kysely.transaction().execute(async (tx) => {
    const agent = await getAssignee(tx, to, '/to');
    const row = await lockRow(tx, id);
    checkVersion(row.version, ifVersion);
    await refuseMerged(tx, row);
    checkTakeable(row);
    checkSkill(routing, agent, row.queue, '/to');
    const load = await loadOf(tx, agent, routing);
    if (row.assignee === agent.id) return answer(row, warn(routing, agent, row, { items: 0, load: 0 }));
    if (!takeOver && ifVersion === undefined) await refuseHeld(tx, row);
    const warnings = warn(routing, agent, row, load);
    const change = { reason, by: person, warnings };
    const changed = await give(tx, row, agent, change, { actor, at: now() });
    return answer(changed, warnings);
  });
}

/**
 * Gives an agent the most urgent item that waits in a queue: whoever asks at the same time gets the next one.
 *
 * @returns undefined when nothing waits
 * @throws AppError `not_found` for the queue, `invalid_input` for an agent who is not there, `conflict` when the queue
 *   is restricted and the agent lacks the skill
 */
export async function claimNext(
  { database, policy, now }: Source,
  queue: string,
  { agent: id }: NextRequest,
  { actor, person }: { readonly actor: Actor; readonly person: string | null },
): Promise<AssignedItem | undefined> {
  const { routing } = policy;
  if (findQueue(routing, queue) === undefined)
    throw new AppError('not_found', 'There is no queue of this key. GET /v1/queues lists those there are.');
  return await database.kysely.transaction().execute(async (tx) => {
    const agent = await getAssignee(tx, id, '/agent');
    checkSkill(routing, agent, queue, '/agent');
    const at = now();
    // What the customer was answered about comes last; asked for apart, so that the index gives the order.
    const row = (await lockNext(tx, queue, at, false)) ?? (await lockNext(tx, queue, at, true));
    if (row === undefined) return undefined;
    const warnings = warn(routing, agent, row, await loadOf(tx, agent, routing));
    const change = { reason: null, by: person, warnings };
    return answer(await give(tx, row, agent, change, { actor, at }), warnings);
  });
}

async function lockNext(
  tx: Transaction<Tables>,
  queue: string,
  at: Date,
  answered: boolean,
): Promise<FeedbackRow | undefined> {
  return await tx
    .selectFrom('feedback')
    .selectAll()
    .where('queue', '=', queue)
    .where(isWaiting(at))
    .where(isAnswered(), '=', answered)
    .orderBy('priority')
    .orderBy('first_response_due_at')
    .orderBy('id')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
}

async function give(
  tx: Transaction<Tables>,
  row: FeedbackRow,
  agent: AgentRow,
  change: Readonly<Record<string, unknown>>,
  by: { readonly actor: Actor; readonly at: Date },
): Promise<FeedbackRow> {
  const changed = await applyChange(tx, row, toAssigned(row, agent.id, change, 'person', by), by);
  await moveToEnd(tx, [agent.id], by.at);
  return changed;
}

async function getAssignee(tx: Transaction<Tables>, id: string, pointer: string): Promise<AgentRow> {
  const agent = await findAgentLocked(tx, id);
  if (agent !== undefined) return agent;
  throw new AppError('invalid_input', `Not accepted: ${pointer}.`, {
    errors: [{ pointer, message: 'must be the id of an agent of GET /v1/agents; there is none with this id any more' }],
  });
}

function checkSkill(routing: Routing, { name, skills }: AgentRow, queue: string, pointer: string): void {
  if (!isRestricted(routing, queue) || skills.includes(queue)) return;
  throw new AppError('conflict', `The queue ${queue} is restricted, and ${name} does not have it as a skill.`, {
    errors: [{ pointer, message: `must be an agent with the skill ${queue}` }],
  });
}

async function refuseHeld(tx: Transaction<Tables>, { assignee, version }: FeedbackRow): Promise<void> {
  if (assignee === null) return;
  const holder = await tx
    .selectFrom('agent')
    .select(['id', 'name'])
    .where('id', '=', assignee)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  if (holder === undefined) return;
  throw new AppError(
    'conflict',
    `${holder.name} (${holder.id}) has the item. Send "take_over": true, or If-Match: "${version}", to take it all the same.`,
    { errors: [{ pointer: '/to', message: `the item belongs to ${holder.id}` }] },
  );
}

async function loadOf(tx: Transaction<Tables>, { id }: AgentRow, { weights }: Routing): Promise<Load> {
  return (await findLoads(tx, [id], weights)).get(id) ?? { items: 0, load: 0 };
}

function warn({ weights }: Routing, agent: AgentRow, row: FeedbackRow, { load }: Load): WarningCode[] {
  const weight = weights[PRIORITIES.find((known) => known === row.priority) ?? 'P4'];
  const holds: Record<WarningCode, boolean> = {
    skill_missing: !agent.skills.includes(row.queue),
    language_missing: !speaks(agent, row.language),
    not_available: agent.presence !== 'available',
    over_capacity: load + weight > agent.capacity,
  };
  return (Object.keys(WARNINGS) as WarningCode[]).filter((code) => holds[code]);
}

function answer(row: FeedbackRow, warnings: readonly WarningCode[]): AssignedItem {
  return { ...toView(row), warnings: warnings.map((code) => ({ code, note: WARNINGS[code] })) };
}
