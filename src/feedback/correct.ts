import type { Selectable, Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import type { FeedbackTable, Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';
import { policyOf } from '../policies/adopt.ts';
import { type Decision, decisionSchema } from '../triage/decision.ts';
import { raiseDecision } from '../triage/raise.ts';
import { redact } from '../triage/redact.ts';
import type { Routing } from '../triage/routing.ts';
import { type SettledValues, withoutRetired } from '../triage/settled.ts';
import { deriveTellings } from '../triage/sla-sweep.ts';
import type { Actor } from './actor.ts';
import { type ChangeOptions, checkVersion } from './change-item.ts';
import { type Correction, type CorrectionRequest, checkLabels } from './correction.ts';
import { deadlineColumns, slaOf, toSweptItem } from './deadline-columns.ts';
import { type Decider, decideAgain, decideWith, type Message, predictFor } from './decide.ts';
import { decidedColumns } from './decided-columns.ts';
import { decisionRow } from './decision-row.ts';
import { getRow } from './find-item.ts';
import { getFeedback } from './get.ts';
import { refuseMerged } from './merged.ts';
import { readStored } from './read-stored.ts';
import { recordChange } from './record-change.ts';
import { safeName } from './safe-name.ts';
import { tellDeadlines } from './tell-deadlines.ts';
import type { FeedbackDetail } from './view.ts';

/** Times that a correction is worked out anew because somebody else changed the item meanwhile. */
const ATTEMPTS = 3;

export interface Corrected {
  readonly correction: Correction;
  readonly item: FeedbackDetail;
}

export interface CorrectRun {
  /** Called in the transaction that keeps the correction: what it asks for comes true with it. */
  onStored?(tx: Transaction<Tables>): Promise<void>;
}

/**
 * Puts a person's word above the machine's, for good: type, topics, flags and priority that were given stay whatever
 * is learned later, and what follows from them (urgency, deadlines from the time of receipt, queue) is decided anew; what
 * lies in a restricted queue stays among restricted ones.
 * Near-duplicates that arrive from now on get the same values.
 *
 * @throws AppError `not_found`, `invalid_input` for labels that the taxonomy does not know or has retired, `conflict`,
 *   `precondition_failed`
 */
export async function correctFeedback(
  context: Context,
  id: string,
  request: CorrectionRequest,
  options: ChangeOptions & CorrectRun,
): Promise<Corrected> {
  checkLabels(context.policy.taxonomy, request);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const current = await findCurrent(context, id);
    await refuseMerged(context.database.kysely, current.row);
    checkVersion(current.row.version, options.ifVersion);
    checkLabels(context.policy.taxonomy, request, valuesOf(current.decision));
    const change = await workOut(context, current, request, options.actor);
    if (!(await store(context, current.row, change, options))) continue;
    const { vector } = change.message.embedding;
    const machineFlags = change.correction.machine.risk_flags ?? [];
    const values = withoutRetired(change.settled, context.policy.taxonomy);
    context.precedents.put({ feedbackId: id, vector, values, machineFlags });
    return { correction: change.correction, item: await getFeedback(context, id) };
  }
  throw new AppError('conflict', 'Others are changing this item at the same time. Look at it again.', {
    retryAfter: 1,
  });
}

interface Current {
  readonly row: Selectable<FeedbackTable>;
  readonly decision: Decision;
}

interface Change {
  readonly message: Message;
  readonly settled: SettledValues;
  readonly decision: Decision;
  readonly correction: Correction;
}

async function findCurrent({ database }: Context, id: string): Promise<Current> {
  const row = await getRow(database.kysely, id);
  const kept = await database.kysely
    .selectFrom('decision')
    .select('decision')
    .where('id', '=', row.decision_id)
    .executeTakeFirstOrThrow();
  return { row, decision: decisionSchema.parse(kept.decision) };
}

async function workOut(
  context: Context,
  { row, decision: standing }: Current,
  request: CorrectionRequest,
  actor: Actor,
): Promise<Change> {
  const message = await readStored(context, row, standing.input);
  const prediction = predictFor(context, message);
  const machine = valuesOf(decideWith(context, message, prediction));
  const before = valuesOf(standing);
  const { confirm, note, by, ...given } = request;
  // What came later is no part of what this message teaches about others like it.
  const confirmed = confirm ? { ...before, ...standing.raised?.before } : {};
  const wanted = { ...confirmed, ...(row.settled as SettledValues), ...given };
  const again = decideAgain(await underOwnSla(context, row), message, prediction, {
    queue: row.queue,
    settled: wanted,
  });
  const { settled } = again;
  const decision = raiseAgain(context.policy.routing, again.decision, standing.raised, given);
  return {
    message,
    settled,
    decision,
    correction: {
      id: uuidv7(),
      created_at: context.now().toISOString(),
      actor: { ...actor },
      by: by === undefined ? null : safeName(context.vault, by),
      machine,
      before,
      after: valuesOf(decision),
      note: note === undefined ? null : redact(note).masked.text,
    },
  };
}

/** The present rules, and the deadlines that the item was created under. */
async function underOwnSla(context: Context, { sla_version: sla }: Selectable<FeedbackTable>): Promise<Decider> {
  return { ...context, policy: { current: await policyOf(context, { rules: null, routing: null, sla }) } };
}

/** What came later still counts, but where the person has just said otherwise. */
function raiseAgain(routing: Routing, decided: Decision, raised: Decision['raised'], given: SettledValues): Decision {
  return (raised?.reasons ?? []).reduce((decision, raise) => {
    const heeded = {
      ...raise,
      ...(given.priority !== undefined && { priority: 'P4' as const, score: 0 }),
      ...(given.risk_flags !== undefined && { risk_flags: [] }),
    };
    return raiseDecision(routing, decision, heeded);
  }, decided);
}

/** False when the item has changed since it was read. */
async function store(
  context: Context,
  row: Selectable<FeedbackTable>,
  { decision, settled, correction }: Change,
  { actor, onStored }: ChangeOptions & CorrectRun,
): Promise<boolean> {
  const at = new Date(correction.created_at);
  const sla = await slaOf(context, context.database.kysely, row.sla_version);
  // What was missed under the priority before stays missed, and is told of if the sweep has not seen it yet.
  const { tellings, item } = deriveTellings(sla, toSweptItem(row), at);
  const { priority, queue } = decision;
  const deadlines = deadlineColumns(sla, { ...item, priority, facts: { ...item.facts, queue } });
  return await context.database.kysely.transaction().execute(async (tx) => {
    const kept = decisionRow(row.id, decision, { actor, at });
    const updated = await tx
      .updateTable('feedback')
      .set({
        ...decidedColumns(decision),
        ...deadlines,
        decision_id: kept.id,
        settled: JSON.stringify(settled),
        review_value: 0,
      })
      // A person has looked, so the item no longer waits for one.
      .set({ status: row.status === 'prioritised' ? 'assigned' : row.status, reviewed_at: at })
      .set({ updated_at: at, version: row.version + 1 + tellings.length })
      .where('id', '=', row.id)
      .where('version', '=', row.version)
      .executeTakeFirst();
    if (updated.numUpdatedRows === 0n) return false;
    await tellDeadlines(tx, row, { at, tellings });
    await tx.insertInto('decision').values(kept).execute();
    await insertCorrection(tx, row.id, correction);
    const change = { before: correction.before, after: correction.after, correction_id: correction.id };
    const facts = { at, actor, action: 'feedback.corrected', subjectKind: 'feedback', subjectId: row.id, change };
    await recordChange(tx, { ...facts, event: { decision_id: kept.id } });
    await onStored?.(tx);
    return true;
  });
}

async function insertCorrection(tx: Transaction<Tables>, feedbackId: string, correction: Correction): Promise<void> {
  const { id, created_at, actor, by, machine, before, after, note } = correction;
  await tx
    .insertInto('correction')
    .values({
      id,
      feedback_id: feedbackId,
      created_at,
      actor: JSON.stringify(actor),
      person: by,
      machine: JSON.stringify(machine),
      before: JSON.stringify(before),
      after: JSON.stringify(after),
      note,
    })
    .execute();
}

/** The queue follows from these, unless a person hands the item over. */
function valuesOf({ type, topics, risk_flags, priority }: Decision): Required<Omit<SettledValues, 'queue'>> {
  return { type: type.key, topics: topics.map(({ key }) => key), risk_flags, priority };
}
