import type { Selectable, Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { AlertTable } from '../../db/cluster-tables.ts';
import type { Tables } from '../../db/tables.ts';
import { recordChange } from '../../feedback/record-change.ts';
import { type Burst, type BurstEvent, HOUR_MS } from './burst.ts';

type AlertRow = Selectable<AlertTable>;

/** What a detector watches: everything, the items of a topic, or those of a cluster with the topic of most of them. */
export type BurstSubject =
  | { readonly kind: 'all' }
  | { readonly kind: 'topic'; readonly topic: string }
  | { readonly kind: 'cluster'; readonly cluster: string; readonly topic?: string | undefined };

const KIND = 'burst';
const ACTOR = { kind: 'job', name: 'clusters.detect_bursts' } as const;

export function keyOf(subject: BurstSubject): string {
  if (subject.kind === 'all') return 'all';
  return subject.kind === 'topic' ? `topic:${subject.topic}` : `cluster:${subject.cluster}`;
}

/**
 * Keeps what a detector saw: a burst is told when it opens and when it closes, once, and its peak is kept up to date. One
 * that was told before under other members of the cluster is the same.
 *
 * @param open the burst that goes on
 */
export async function keepBursts(
  tx: Transaction<Tables>,
  subject: BurstSubject,
  events: readonly BurstEvent[],
  open: Burst | undefined,
  at: Date,
): Promise<void> {
  for (const { kind, burst, at: seen } of events) {
    const alert = (await findAlert(tx, keyOf(subject), burst)) ?? (await openAlert(tx, subject, burst, at));
    if (kind === 'closed') await closeAlert(tx, alert, burst, new Date(seen), at);
  }
  if (open === undefined) return await closeLost(tx, keyOf(subject), at);
  const alert = (await findAlert(tx, keyOf(subject), open)) ?? (await openAlert(tx, subject, open, at));
  if (alert.closed_at !== null || alert.peak >= open.peak) return;
  await tx.updateTable('alert').set({ peak: open.peak, expected: open.expected }).where('id', '=', alert.id).execute();
}

/** The alert of the same subject at the same time. */
async function findAlert(tx: Transaction<Tables>, key: string, burst: Burst): Promise<AlertRow | undefined> {
  return await tx
    .selectFrom('alert')
    .selectAll()
    .where('kind', '=', KIND)
    .where('key', '=', key)
    .where('started_at', '<=', new Date(burst.openedAt + HOUR_MS))
    .where((is) => is.or([is('closed_at', 'is', null), is('closed_at', '>=', new Date(burst.startedAt))]))
    .orderBy('opened_at', 'desc')
    .executeTakeFirst();
}

async function openAlert(tx: Transaction<Tables>, subject: BurstSubject, burst: Burst, at: Date): Promise<AlertRow> {
  const id = uuidv7();
  const topic = subject.kind === 'all' ? null : (subject.topic ?? null);
  const alert = await tx
    .insertInto('alert')
    .values({
      id,
      kind: KIND,
      key: keyOf(subject),
      cluster_id: subject.kind === 'cluster' ? subject.cluster : null,
      topic,
      group_id: (await findRelated(tx, subject.kind === 'all', topic, burst)) ?? id,
      started_at: new Date(burst.startedAt),
      opened_at: new Date(burst.openedAt),
      peak: burst.peak,
      expected: burst.expected,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await tell(tx, 'alert.opened', alert, at);
  return alert;
}

/** The group of an alert of the same time about the same topic; one about everything is related to all. */
async function findRelated(tx: Transaction<Tables>, isAll: boolean, topic: string | null, burst: Burst) {
  let query = tx
    .selectFrom('alert')
    .select('group_id')
    .where('started_at', '<=', new Date(burst.openedAt + HOUR_MS))
    .where((is) => is.or([is('closed_at', 'is', null), is('closed_at', '>=', new Date(burst.startedAt))]));
  if (!isAll) query = query.where((is) => is.or([is('key', '=', 'all'), is('topic', '=', topic)]));
  return (await query.orderBy('opened_at').executeTakeFirst())?.group_id;
}

async function closeAlert(tx: Transaction<Tables>, alert: AlertRow, burst: Burst, closed: Date, at: Date) {
  if (alert.closed_at !== null) return;
  const peak = Math.max(alert.peak, burst.peak);
  await tx.updateTable('alert').set({ closed_at: closed, peak }).where('id', '=', alert.id).execute();
  await tell(tx, 'alert.closed', { ...alert, peak, closed_at: closed }, at);
}

/** What is open although nothing goes on: its items have moved to other clusters, or were erased. */
export async function closeLost(tx: Transaction<Tables>, key: string, at: Date): Promise<void> {
  const lost = await tx
    .selectFrom('alert')
    .selectAll()
    .where('kind', '=', KIND)
    .where('key', '=', key)
    .where('closed_at', 'is', null)
    .execute();
  for (const alert of lost) {
    await tx.updateTable('alert').set({ closed_at: at }).where('id', '=', alert.id).execute();
    await tell(tx, 'alert.closed', { ...alert, closed_at: at }, at);
  }
}

async function tell(tx: Transaction<Tables>, action: string, alert: AlertRow, at: Date): Promise<void> {
  const { id, key, cluster_id, topic, group_id, started_at, opened_at, closed_at, peak, expected } = alert;
  const change = { key, cluster_id, topic, group_id, started_at, opened_at, closed_at, peak, expected };
  await recordChange(tx, { at, actor: ACTOR, action, subjectKind: 'alert', subjectId: id, change });
}
