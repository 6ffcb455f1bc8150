import { type Kysely, sql, type Transaction } from 'kysely';
import type { Context } from '../context.ts';
import { findSetting } from '../db/settings.ts';
import type { Tables } from '../db/tables.ts';
import { normalize } from '../text/normalize.ts';
import { track } from '../text/tracked.ts';
import { type ClusterCounts, deriveFigures, TREND_DAYS } from './figures.ts';
import { readShape, WEEKDAY_SHAPE } from './weekday-shape.ts';

type Db = Kysely<Tables> | Transaction<Tables>;

/** Items of late whose sums are read, of those that put money at risk: what older ones add changes no order. */
const MONEY_ITEMS = 500;
const MONEY_FLAG = 'funds_at_risk';
/** When an item happened: what is told of it, and never after it came. */
export const MOMENT = sql<Date>`least(coalesce(f.happened_at, f.received_at), f.received_at)`;
/** Who wrote it; an item of nobody known is somebody else each time. */
export const VOICE = sql<string>`coalesce(f.customer_id, f.id)`;

/**
 * Counts the members of these clusters anew and writes what lists show: size, customers, first and last seen, trend,
 * impact and its parts. One that nobody is in keeps what it had.
 */
export async function refreshFigures(
  db: Db,
  { policy, now }: Pick<Context, 'policy' | 'now'>,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const at = now();
  const shape = readShape(await findSetting(db, WEEKDAY_SHAPE));
  const sizes = await readSizes(db, ids);
  const counts = await readCounts(db, ids, at);
  const money = await readMoney(db, policy.readAmounts, ids);
  for (const { cluster_id, items, customers, first_seen_at, last_seen_at } of sizes) {
    const by = (kind: string) =>
      Object.fromEntries(
        counts
          .filter((row) => row.cluster_id === cluster_id && row.kind === kind)
          .map(({ key, n }) => [key, Number(n)]),
      );
    const counted: ClusterCounts = {
      customers: Number(customers),
      firstSeen: first_seen_at,
      by: {
        languages: by('language'),
        channels: by('channel'),
        types: by('type'),
        topics: by('topic'),
        priorities: by('priority'),
        tiers: by('tier'),
      },
      days: by('day'),
      moneyUsd: money.get(cluster_id) ?? 0,
    };
    const { impact, trend, growth, figures } = deriveFigures(counted, at, shape);
    const seen = { items: Number(items), customers: counted.customers, first_seen_at, last_seen_at };
    await db
      .updateTable('cluster')
      .set({ ...seen, impact, trend, growth, figures: JSON.stringify(figures), figures_at: at })
      .where('id', '=', cluster_id)
      .execute();
  }
}

async function readSizes(db: Db, ids: readonly string[]) {
  return await db
    .selectFrom('cluster_member as m')
    .innerJoin('feedback as f', 'f.id', 'm.feedback_id')
    .select(({ fn }) => [
      'cluster_id',
      fn.countAll<string>().as('items'),
      sql<string>`count(distinct ${VOICE})`.as('customers'),
      sql<Date>`min(${MOMENT})`.as('first_seen_at'),
      sql<Date>`max(${MOMENT})`.as('last_seen_at'),
    ])
    .where('cluster_id', 'in', ids)
    .groupBy('cluster_id')
    .execute();
}

interface CountRow {
  readonly cluster_id: string;
  readonly kind: string;
  readonly key: string;
  readonly n: string;
}

async function readCounts(db: Db, ids: readonly string[], at: Date): Promise<CountRow[]> {
  const from = new Date(at.getTime() - TREND_DAYS * 86_400_000);
  const { rows } = await sql<CountRow>`
    with f as (
      select m.cluster_id, f.id, f.language, f.channel, f.type, f.topics, f.priority, f.customer_id, f.happened_at,
        f.received_at, f.customer_facts ->> 'tier' as tier
      from cluster_member m join feedback f on f.id = m.feedback_id
      where m.cluster_id = any(${ids}::uuid[]))
    select cluster_id, 'language' as kind, language as key, count(*) as n from f group by 1, 3
    union all select cluster_id, 'channel', channel, count(*) from f group by 1, 3
    union all select cluster_id, 'type', type, count(*) from f group by 1, 3
    union all select cluster_id, 'priority', priority, count(*) from f group by 1, 3
    union all select cluster_id, 'topic', topic, count(*) from f, unnest(f.topics) as topic group by 1, 3
    union all select cluster_id, 'tier', tier, count(distinct ${VOICE}) from f where tier is not null group by 1, 3
    union all select cluster_id, 'day', to_char(${MOMENT} at time zone 'utc', 'YYYY-MM-DD'), count(distinct ${VOICE})
      from f where f.received_at >= ${from}::timestamptz group by 1, 3`.execute(db);
  return rows;
}

/** USD at risk by cluster: of every customer the largest sum that they name, as one loss is told of several times. */
async function readMoney(
  db: Db,
  readAmounts: Context['policy']['readAmounts'],
  ids: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await sql<{ cluster_id: string; voice: string; text: string }>`
    select c.id as cluster_id, f.voice, f.text
    from cluster c, lateral (
      select ${VOICE} as voice, concat_ws(${'\n'}, f.subject, f.body) as text
      from cluster_member m join feedback f on f.id = m.feedback_id
      where m.cluster_id = c.id and f.risk_flags @> array[${MONEY_FLAG}]::text[]
      order by m.feedback_id desc limit ${MONEY_ITEMS}) f
    where c.id = any(${ids}::uuid[])`.execute(db);
  const losses = new Map<string, Map<string, number>>();
  for (const { cluster_id, voice, text } of rows) {
    const sums = readAmounts(normalize(track(text)).text).map(({ amountUsd }) => amountUsd);
    const own = losses.get(cluster_id) ?? new Map<string, number>();
    losses.set(cluster_id, own.set(voice, Math.max(own.get(voice) ?? 0, ...sums)));
  }
  return new Map([...losses].map(([id, own]) => [id, [...own.values()].reduce((sum, one) => sum + one, 0)]));
}
