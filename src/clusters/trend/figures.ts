import type { Priority } from '../../triage/rules.ts';
import { deriveImpact, type Impact } from './impact.ts';
import { deriveTrend, type Trend } from './trend.ts';

export const DAY_MS = 86_400_000;
/** Days that trends are derived from. */
export const TREND_DAYS = 35;
const STANDARD_TIER = 'standard';

/** What figures are made of: one item of a cluster. */
export interface FigureRow {
  /** When it happened, milliseconds since 1970. */
  readonly at: number;
  /** Who; the item's own id where nobody knows. */
  readonly customer: string;
  readonly language: string;
  readonly channel: string;
  readonly type: string;
  readonly topic: string | undefined;
  readonly priority: Priority;
  readonly tier: string | undefined;
  /** The largest sum that it names where money is at risk, in US dollars. */
  readonly usd: number;
}

type Counts = Readonly<Record<string, number>>;

export interface ClusterFigures {
  readonly items: number;
  readonly customers: number;
  readonly first: number;
  readonly last: number;
  readonly impact: Impact;
  readonly trend: Trend;
  readonly moneyUsd: number;
  /** Items by each. */
  readonly languages: Counts;
  readonly channels: Counts;
  readonly types: Counts;
  readonly topics: Counts;
  readonly priorities: Counts;
  readonly tiers: Counts;
}

/**
 * All figures of a cluster at the moment `now` (milliseconds since 1970). Pure.
 *
 * @param rows its items, at least one
 * @param shape see `weekdayShape`
 */
export function deriveFigures(rows: readonly FigureRow[], now: number, shape: readonly number[]): ClusterFigures {
  const first = rows.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const last = rows.reduce((most, { at }) => Math.max(most, at), 0);
  const today = Math.floor(now / DAY_MS);
  const trend = deriveTrend(dailyCustomers(rows, first, today), weekdayOf(today), shape);
  const customers = new Set(rows.map(({ customer }) => customer)).size;
  const better = new Set(
    rows.flatMap(({ customer, tier = STANDARD_TIER }) => (tier === STANDARD_TIER ? [] : customer)),
  );
  const moneyUsd = sumByCustomer(rows);
  const priorities = countBy(rows, ({ priority }) => priority);
  const impact = deriveImpact({
    customers,
    priorities,
    money: moneyUsd,
    tierShare: better.size / Math.max(1, customers),
    trend,
    ageDays: (now - first) / DAY_MS,
  });
  return {
    items: rows.length,
    customers,
    first,
    last,
    impact,
    trend,
    moneyUsd,
    priorities,
    languages: countBy(rows, ({ language }) => language),
    channels: countBy(rows, ({ channel }) => channel),
    types: countBy(rows, ({ type }) => type),
    topics: countBy(rows, ({ topic }) => topic),
    tiers: countBy(rows, ({ tier }) => tier),
  };
}

/** 1970 began on a Thursday. */
export const weekdayOf = (day: number) => (day + 4) % 7;

/** Distinct customers of each day, from the first item or `TREND_DAYS` ago to today (UTC). */
function dailyCustomers(rows: readonly FigureRow[], first: number, today: number): number[] {
  const from = Math.max(Math.floor(first / DAY_MS), today - TREND_DAYS + 1);
  const days = Array.from({ length: Math.max(1, today - from + 1) }, () => new Set<string>());
  for (const { at, customer } of rows) days[Math.floor(at / DAY_MS) - from]?.add(customer);
  return days.map(({ size }) => size);
}

/** A customer who names a sum in several items has it at risk once. */
function sumByCustomer(rows: readonly FigureRow[]): number {
  const largest = new Map<string, number>();
  for (const { customer, usd } of rows) largest.set(customer, Math.max(largest.get(customer) ?? 0, usd));
  return [...largest.values()].reduce((sum, usd) => sum + usd, 0);
}

function countBy(rows: readonly FigureRow[], keyOf: (row: FigureRow) => string | undefined): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) {
    const key = keyOf(row);
    if (key !== undefined) counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
