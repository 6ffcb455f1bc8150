import type { Transaction } from 'kysely';
import type { Engine } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import { type OwedPromise, pausesOf } from '../triage/sla.ts';
import { deadlineColumns, slaOf, toSweptItem } from './deadline-columns.ts';
import type { FeedbackRow } from './find-item.ts';

type Policies = Pick<Engine, 'policy' | 'config'>;

/**
 * The columns of an item that from now on keeps what another was promised, and what that one owed to others itself.
 * It counts by the item's own version of the deadlines.
 *
 * @param item open until `at`, its pauses ended then
 */
export async function takeOver(
  engine: Policies,
  tx: Transaction<Tables>,
  target: FeedbackRow,
  item: FeedbackRow,
  at: Date,
) {
  const own = toSweptItem(item);
  const { priority, receivedAt, pauses, facts, owed = [] } = own;
  const brought: OwedPromise[] = [
    { via: item.id, priority, receivedAt, pauses, facts, mergedAt: at, isAnswered: own.firstRespondedAt !== undefined },
    ...owed.map((promise) => ({ ...promise, via: item.id, mergedAt: at, pauses: pausesOf(promise, pauses) })),
  ];
  const swept = toSweptItem(target);
  return await withOwed(engine, tx, target, [...(swept.owed ?? []), ...brought]);
}

/** The columns of an item that keeps no longer what this one brought. */
export async function giveBack(engine: Policies, tx: Transaction<Tables>, target: FeedbackRow, id: string) {
  const { owed = [] } = toSweptItem(target);
  return await withOwed(
    engine,
    tx,
    target,
    owed.filter(({ via }) => via !== id),
  );
}

async function withOwed(engine: Policies, tx: Transaction<Tables>, row: FeedbackRow, owed: readonly OwedPromise[]) {
  return deadlineColumns(await slaOf(engine, tx, row.sla_version), { ...toSweptItem(row), owed });
}
