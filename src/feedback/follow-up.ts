import type { Transaction } from 'kysely';
import type { Context } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import { throwIfCancelled } from '../errors.ts';
import { mainLanguageOf } from '../text/main-language.ts';
import type { Sla } from '../triage/sla.ts';
import type { Actor } from './actor.ts';
import { applyChange } from './change-item.ts';
import { slaOf } from './deadline-columns.ts';
import type { FeedbackRow } from './find-item.ts';
import { toStep } from './transition.ts';

const HOUR_MS = 3_600_000;
/** Items of one transaction: few, so that people who change one of them hardly wait. */
const BATCH = 50;
const ACTOR = { kind: 'job', name: 'feedback.follow_up' } as const;
const NO_ANSWER = 'No answer of the customer came in time.';

/** What one run has done. */
export interface FollowedUp {
  asked: number;
  closed: number;
}

/**
 * Asks the customers of resolved items whose time has come whether it is solved, and closes those items whose
 * customers did not answer. What is due is taken, changed and moved on in one transaction, so that two runs at once, or
 * one that is cut off and repeated, ask and close each item once.
 *
 * @throws AppError `cancelled`, and those of the database
 */
export async function followUp(context: Context, signal: AbortSignal): Promise<FollowedUp> {
  const { database, now } = context;
  const done: FollowedUp = { asked: 0, closed: 0 };
  for (let taken = BATCH; taken === BATCH; ) {
    throwIfCancelled(signal);
    taken = await database.kysely.transaction().execute(async (tx) => {
      const at = now();
      const due = await tx
        .selectFrom('feedback')
        .selectAll()
        .where('follow_up_at', '<=', at)
        .where('status', '=', 'resolved')
        .where('merged_into', 'is', null)
        .orderBy('follow_up_at')
        .orderBy('id')
        .limit(BATCH)
        .forUpdate()
        .skipLocked()
        .execute();
      for (const row of due) {
        if (row.follow_up_asked_at === null) await ask(tx, context, row, at);
        else await close(tx, context, row, at);
        done[row.follow_up_asked_at === null ? 'asked' : 'closed'] += 1;
      }
      return due.length;
    });
  }
  return done;
}

async function ask(
  tx: Transaction<Tables>,
  { config, policy }: Pick<Context, 'config' | 'policy'>,
  row: FeedbackRow,
  at: Date,
): Promise<void> {
  const question = policy.followUp.question[mainLanguageOf(row.language)];
  const close_at = new Date(at.getTime() + config.CLOSE_AFTER_HOURS * HOUR_MS);
  const change = { channel: row.channel, language: row.language, question, close_at: close_at.toISOString() };
  const set = { follow_up_asked_at: at, follow_up_at: close_at };
  await applyChange(tx, row, { action: 'feedback.follow_up_due', change, set }, { actor: ACTOR, at });
}

async function close(
  tx: Transaction<Tables>,
  context: Pick<Context, 'config' | 'policy'>,
  row: FeedbackRow,
  at: Date,
): Promise<void> {
  const sla = await slaOf(context, tx, row.sla_version);
  await closeInSteps(tx, sla, row, { actor: ACTOR, at, reason: NO_ANSWER });
}

/** Takes a resolved item through its follow-up to its end, each step in the table. */
export async function closeInSteps(
  tx: Transaction<Tables>,
  sla: Sla,
  row: FeedbackRow,
  { actor, at, reason }: { readonly actor: Actor; readonly at: Date; readonly reason: string },
): Promise<FeedbackRow> {
  let current = row;
  for (const to of ['followed_up', 'closed'] as const) {
    if (current.status === to || current.status === 'closed') continue;
    const step = { to, mover: 'machine', reason, person: null } as const;
    current = await applyChange(tx, current, toStep(sla, current, step, { actor, at }), { actor, at });
  }
  return current;
}
