import { type Kysely, sql, type Transaction } from 'kysely';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { Tables } from '../../db/tables.ts';
import type { Policy } from '../../policy.ts';
import { PRIORITIES } from '../../triage/rules.ts';
import { renameGrown } from '../naming/rename-grown.ts';
import { retireEmpty } from '../recluster/keep-lineage.ts';
import { momentOf } from '../stored-items.ts';
import { type ClusterFigures, DAY_MS, deriveFigures, type FigureRow, TREND_DAYS, weekdayOf } from './figures.ts';
import { weekdayShape } from './trend.ts';

/** Figures of which nothing has changed but the time are derived anew after so long. */
const STALE_MS = 6 * 3_600_000;
/** Of more items figures change little by one, and cost more to derive: those are derived at most so often. */
const FEW_ITEMS = 200;
const OFTEN_MS = 5 * 60_000;
const ACTOR = { kind: 'job', name: 'clusters.refresh' } as const;

/**
 * Derives the figures of the clusters that somebody has joined or left since, or whose figures are old, and keeps them
 * with the clusters; ends those that nobody is in any more, and gives those a new name that have grown out of theirs.
 *
 * @returns how many
 * @throws the signal's reason
 */
export async function refreshFigures(context: Context, signal: AbortSignal): Promise<number> {
  const { database, now, policy } = context;
  const db = database.kysely;
  const at = now();
  await forgetEnded(db);
  const due = await listDue(db, at);
  if (due.length === 0) return 0;
  const shape = await readShape(db, at);
  for (const id of due) {
    signal.throwIfAborted();
    await db.transaction().execute((tx) => refreshCluster(tx, id, { at, shape, policy: policy.current }));
  }
  await renameGrown(context, signal);
  return due.length;
}

/** Of clusters that have ended nothing is derived any more. */
async function forgetEnded(db: Kysely<Tables>): Promise<void> {
  const ended = db.selectFrom('cluster').select('id').where('retired_at', 'is not', null);
  await db.deleteFrom('cluster_change').where('cluster_id', 'in', ended).execute();
}

/** Live clusters with old figures or a noted change: their members are not read for it. */
async function listDue(db: Kysely<Tables>, at: Date): Promise<string[]> {
  const before = (ms: number) => new Date(at.getTime() - ms);
  const rows = await db
    .selectFrom('cluster')
    .select('id')
    .where('retired_at', 'is', null)
    .where((is) =>
      is.or([
        is('figures_at', 'is', null),
        is('figures_at', '<', before(STALE_MS)),
        is.and([
          is.or([is('items', '<=', FEW_ITEMS), is('figures_at', '<', before(OFTEN_MS))]),
          is('id', 'in', is.selectFrom('cluster_change').select('cluster_id')),
        ]),
      ]),
    )
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

interface Refresh {
  readonly at: Date;
  readonly shape: readonly number[];
  readonly policy: Pick<Policy, 'readAmounts'>;
}

/**
 * The changes are taken before the members are read, and with the figures or not at all: whoever joins later is noted
 * anew. A cluster that somebody changes at this moment is left for the next run, changes and all.
 */
async function refreshCluster(tx: Transaction<Tables>, id: string, { at, shape, policy }: Refresh): Promise<void> {
  const held = await tx
    .selectFrom('cluster')
    .select('id')
    .where('id', '=', id)
    .where('retired_at', 'is', null)
    .forNoKeyUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (held === undefined) return;
  await tx.deleteFrom('cluster_change').where('cluster_id', '=', id).execute();
  const own = (await readRows(tx, [id], policy)).get(id);
  if (own === undefined) await retireEmpty(tx, [], { actor: ACTOR, at }, [id]);
  else await keepFigures(tx, id, deriveFigures(own, at.getTime(), shape), at);
}

/** The share of customers on each weekday, of all items. */
async function readShape(db: Kysely<Tables>, at: Date): Promise<number[]> {
  const from = new Date(at.getTime() - TREND_DAYS * DAY_MS);
  const day = sql<string>`floor(extract(epoch from received_at) / 86400)`;
  const rows = await db
    .selectFrom('feedback')
    .select(day.as('day'))
    .select(sql<string>`count(distinct coalesce(customer_id, id))`.as('customers'))
    .where('received_at', '>', from)
    .groupBy(day)
    .execute();
  return weekdayShape(rows.map((row) => ({ weekday: weekdayOf(Number(row.day)), customers: Number(row.customers) })));
}

/** What the figures of these clusters are made of. */
export async function readRows(
  db: Kysely<Tables>,
  ids: readonly string[],
  policy: Pick<Policy, 'readAmounts'>,
): Promise<Map<string, FigureRow[]>> {
  const rows = await db
    .selectFrom('cluster_member')
    .innerJoin('feedback', 'feedback.id', 'cluster_member.feedback_id')
    .leftJoin('customer', 'customer.id', 'feedback.customer_id')
    .select(['cluster_id', 'feedback.id', 'customer_id', 'happened_at', 'received_at', 'language', 'channel', 'type'])
    .select(['topics', 'priority', 'tier', 'risk_flags', 'body'])
    .where('cluster_id', 'in', ids)
    .execute();
  const found = new Map<string, FigureRow[]>();
  for (const row of rows) {
    const { cluster_id, id, customer_id, topics, priority, tier, risk_flags, body, ...rest } = row;
    const own = found.get(cluster_id) ?? [];
    found.set(cluster_id, own);
    const isAtRisk = risk_flags.includes('funds_at_risk');
    own.push({
      at: momentOf(rest),
      customer: customer_id ?? id,
      language: rest.language,
      channel: rest.channel,
      type: rest.type,
      topic: topics[0],
      priority: z.enum(PRIORITIES).parse(priority),
      tier: tier ?? undefined,
      usd: isAtRisk
        ? Math.max(0, ...policy.readAmounts(body.normalize('NFKC').toLowerCase()).map(({ amountUsd }) => amountUsd))
        : 0,
    });
  }
  return found;
}

/** Writes what lists show of a cluster. */
export async function keepFigures(db: Kysely<Tables>, id: string, figures: ClusterFigures, at: Date): Promise<void> {
  const { items, customers, first, last, impact, trend, ...counts } = figures;
  const { state, ratio, low, high, recent, usual } = trend;
  const kept = { impact: impact.parts, growth: { ratio, low, high: finite(high), recent, usual }, ...counts };
  await db
    .updateTable('cluster')
    .set({
      items,
      customers,
      first_seen_at: new Date(first),
      last_seen_at: new Date(last),
      impact: impact.score,
      trend: state,
      growth: ratio,
      figures: JSON.stringify(kept),
      figures_at: at,
    })
    .where('id', '=', id)
    .execute();
}

/** JSON has no infinity: null stands for a growth that nothing bounds. */
const finite = (value: number) => (Number.isFinite(value) ? value : null);
