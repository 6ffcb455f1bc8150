import { sql, type Transaction } from 'kysely';
import type { Context } from '../../context.ts';
import type { Tables } from '../../db/tables.ts';
import { momentOf } from '../stored-items.ts';
import { type BurstSubject, keepBursts, keyOf } from './alerts.ts';
import { BurstDetector, HOUR_MS } from './burst.ts';
import { readBurstState, writeBurstState } from './burst-state.ts';
import { DAY_MS, TREND_DAYS } from './figures.ts';

/** Items are looked at so long after they came: those that were being stored meanwhile are there by then. */
const LAG_MS = 5_000;
/** The most that one run takes in, of the time in which items came. */
const RUN_MS = DAY_MS;
/** The longest silence that is learned from hour by hour. */
const LONGEST_MS = TREND_DAYS * DAY_MS;
/** Hours of arrivals before everything, or a topic, is known well enough; of a cluster nothing is what is usual. */
const WARM_UP_HOURS = 72;
const ALL: BurstSubject = { kind: 'all' };

interface Seen {
  readonly at: number;
  readonly customer: string;
  readonly topics: readonly string[];
}

/**
 * Takes in what came since the last run, and opens and closes alerts of bursts. All of it is one transaction that one
 * replica does at a time, so that a burst is told once, and a run that was cut off is repeated whole.
 *
 * @returns whether more is left
 */
export async function detectBursts({ database, now }: Pick<Context, 'database' | 'now'>): Promise<boolean> {
  return await database.kysely.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('feedback-triage bursts'))`.execute(tx);
    const at = now();
    const kept = await readBurstState(tx, keyOf(ALL));
    const from = kept?.through ?? (await firstArrival(tx)) ?? at;
    const until = new Date(Math.min(at.getTime() - LAG_MS, from.getTime() + RUN_MS));
    if (until <= from && kept !== undefined) return false;
    const seen = await readSeen(tx, from, until, kept === undefined);
    const since = await watch(tx, ALL, seen, until);
    const topics = new Set([...seen.flatMap((one) => one.topics), ...(await openTopics(tx))]);
    for (const topic of [...topics].sort()) {
      const own = seen.filter((one) => one.topics.includes(topic));
      await watch(tx, { kind: 'topic', topic }, own, until, since);
    }
    for (const cluster of await changedClusters(tx, from, until)) await watchCluster(tx, cluster, until);
    return until.getTime() < at.getTime() - LAG_MS;
  });
}

/**
 * Goes on from the state that is kept. What happened long before it was told of is history, and no burst of now.
 *
 * @param since where nothing is kept: nobody wrote about it from then on, which is what is usual
 * @returns since when it is watched
 */
async function watch(
  tx: Transaction<Tables>,
  subject: BurstSubject,
  seen: readonly Seen[],
  until: Date,
  since?: number | undefined,
): Promise<number | undefined> {
  const key = keyOf(subject);
  const state = (await readBurstState(tx, key))?.state;
  const detector = new BurstDetector({
    state,
    since: since && Math.max(since, until.getTime() - LONGEST_MS),
    warmUpHours: WARM_UP_HOURS,
  });
  const earliest = state?.hour ?? Number.NEGATIVE_INFINITY;
  const told = seen.filter(({ at }) => at >= earliest - HOUR_MS);
  const events = told.flatMap(({ at, customer }) => detector.observe(at, customer));
  events.push(...detector.advance(until.getTime()));
  await keepBursts(tx, subject, events, detector.burst, until);
  await writeBurstState(tx, key, detector.toJSON(), until);
  return detector.since;
}

/** Clusters change by reclusterings and by people, so what their members tell is looked at from the beginning. */
async function watchCluster(tx: Transaction<Tables>, cluster: string, until: Date): Promise<void> {
  const rows = await tx
    .selectFrom('cluster_member')
    .innerJoin('feedback', 'feedback.id', 'cluster_member.feedback_id')
    .select(['feedback.id', 'customer_id', 'happened_at', 'received_at', 'topics'])
    .where('cluster_id', '=', cluster)
    .where('received_at', '>', new Date(until.getTime() - TREND_DAYS * DAY_MS))
    .execute();
  const seen = toSeen(rows).filter(({ at }) => at <= until.getTime());
  const detector = new BurstDetector();
  const events = seen.flatMap(({ at, customer }) => detector.observe(at, customer));
  events.push(...detector.advance(until.getTime()));
  await keepBursts(tx, { kind: 'cluster', cluster, topic: mainTopic(seen) }, events, detector.burst, until);
}

async function firstArrival(tx: Transaction<Tables>): Promise<Date | undefined> {
  const row = await tx.selectFrom('feedback').select('received_at').orderBy('received_at').limit(1).executeTakeFirst();
  return row?.received_at;
}

async function readSeen(tx: Transaction<Tables>, from: Date, until: Date, isFirst: boolean): Promise<Seen[]> {
  const rows = await tx
    .selectFrom('feedback')
    .select(['id', 'customer_id', 'happened_at', 'received_at', 'topics'])
    .where('received_at', isFirst ? '>=' : '>', from)
    .where('received_at', '<=', until)
    .execute();
  return toSeen(rows);
}

interface Row {
  readonly id: string;
  readonly customer_id: string | null;
  readonly happened_at: Date | null;
  readonly received_at: Date;
  readonly topics: readonly string[];
}

/** In the order in which they happened. */
function toSeen(rows: readonly Row[]): Seen[] {
  return rows
    .map((row) => ({ at: momentOf(row), customer: row.customer_id ?? row.id, topics: row.topics, id: row.id }))
    .sort((left, right) => left.at - right.at || (left.id < right.id ? -1 : 1));
}

/** Topics whose alerts may have to be closed although nobody writes about them any more. */
async function openTopics(tx: Transaction<Tables>): Promise<string[]> {
  const rows = await tx
    .selectFrom('alert')
    .select('topic')
    .where('closed_at', 'is', null)
    .where('key', 'like', 'topic:%')
    .execute();
  return rows.flatMap(({ topic }) => topic ?? []);
}

/** Clusters that somebody has joined since the last run, and those whose alerts are open. */
async function changedClusters(tx: Transaction<Tables>, from: Date, until: Date): Promise<string[]> {
  const joined = tx
    .selectFrom('cluster_member')
    .innerJoin('cluster', 'cluster.id', 'cluster_id')
    .select('cluster.id')
    .where('joined_at', '>=', from)
    .where('joined_at', '<=', until)
    .where('retired_at', 'is', null);
  const open = tx
    .selectFrom('alert')
    .innerJoin('cluster', 'cluster.id', 'cluster_id')
    .select('cluster.id')
    .where('closed_at', 'is', null)
    .where('retired_at', 'is', null);
  return (await joined.union(open).execute()).map(({ id }) => id).sort();
}

function mainTopic(seen: readonly Seen[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { topics } of seen) {
    const [first] = topics;
    if (first !== undefined) counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  return [...counts].sort(([one, left], [other, right]) => right - left || (one < other ? -1 : 1))[0]?.[0];
}
